import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which flink-ts this is. */
export interface BuildInfo {
  readonly version: string;
  /** The commit it was built from, shortened; `unknown` in a package without one. */
  readonly commit: string;
}

const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let known: BuildInfo | undefined;

/** Version and commit of the running package; from a checkout, the commit that is checked out, else the one that was packed. */
export function buildInfo(): BuildInfo {
  known ??= readBuildInfo();
  return known;
}

function readBuildInfo(): BuildInfo {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const commit = checkedOutCommit() ?? packedCommit();
  return { version: manifest.version, commit: commit?.slice(0, 7) ?? 'unknown' };
}

/** Written by scripts/write-build-info.ts when the package was packed. */
function packedCommit(): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(packageRoot, 'dist', 'build-info.json'), 'utf8')) as { commit?: string }).commit;
  } catch {
    return undefined; // Built from sources without a checkout.
  }
}

function checkedOutCommit(): string | undefined {
  const head = readGit('HEAD');
  if (head === undefined || !head.startsWith('ref: ')) return head;
  const ref = head.slice('ref: '.length);
  return (
    readGit(ref) ??
    readGit('packed-refs')
      ?.split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0]
  );
}

function readGit(file: string): string | undefined {
  try {
    return readFileSync(join(packageRoot, '.git', file), 'utf8').trim();
  } catch {
    return undefined; // Not a checkout: nothing to tell.
  }
}
