import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout; the compiled file lies in `dist/bench/harness`. */
const packageRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** A file of the checkout. */
export function inPackage(...path: readonly string[]): string {
  return join(packageRoot, ...path);
}
