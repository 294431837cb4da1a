import { readFileSync } from 'node:fs';
import { findSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inPackage } from '../harness/package-root.js';

const maps = new Map<string, SourceMap | undefined>();

/** "runtime/task/slot.ts:12" for a place in compiled code, lines and columns from 0; the compiled place where there is no source map. */
export function sourcePosition(url: string, line: number, column: number): string {
  if (!url.startsWith('file:')) return url === '' ? '' : `${url}:${line + 1}`;
  const entry = sourceMapOf(url)?.findEntry(line, column);
  if (entry && 'originalSource' in entry) return `${shortened(new URL(entry.originalSource, url).href)}:${entry.originalLine + 1}`;
  return `${shortened(url)}:${line + 1}`;
}

function sourceMapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, findSourceMap(fileURLToPath(url)) ?? readMap(`${fileURLToPath(url)}.map`));
  return maps.get(url);
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}

function shortened(url: string): string {
  const path = relative(inPackage(), fileURLToPath(url));
  return path.startsWith('..') ? (url.split('/').at(-1) ?? url) : path;
}
