import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this package is installed: the directory of its package.json. The compiled file lies in `dist/session`. */
export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
