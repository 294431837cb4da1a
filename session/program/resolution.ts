import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { PUBLIC_ENTRY_SPECIFIER } from '#runtime';
import { packageRoot } from '../package-root.js';

/** Leaves `flink-ts` out of the bundle: a program uses the one that runs it. */
export const keepPublicEntry: Plugin = {
  name: 'flink-ts-public-entry',
  setup({ onResolve }) {
    onResolve({ filter: /^flink-ts$/ }, () => ({ path: PUBLIC_ENTRY_SPECIFIER, external: true }));
  },
};

/** Marks look-ups that this plugin started, so that it does not answer them itself. */
const ASKED = Symbol('asked');

/** `classloader.resolve-order: parent-first`: packages that flink-ts also ships are taken from flink-ts. */
export const preferInstalledPackages: Plugin = {
  name: 'flink-ts-parent-first',
  setup({ onResolve, resolve }) {
    const shipped = shippedPackages();
    onResolve({ filter: /^[^./#]/ }, async ({ path, kind, pluginData }) => {
      if (pluginData === ASKED || !shipped.has(packageName(path))) return undefined;
      const found = await resolve(path, { kind, resolveDir: packageRoot, pluginData: ASKED });
      return found.errors.length > 0 ? undefined : { path: found.path, external: found.external };
    });
  },
};

function shippedPackages(): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
  return new Set(Object.keys(manifest.dependencies ?? {}));
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
