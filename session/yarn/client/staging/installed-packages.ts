import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A package that flink-ts needs at run time, as it is installed here. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Where it is installed. */
  readonly directory: string;
  /** Where it goes in the runtime archive, such that whoever imports it finds it there: `node_modules/a/node_modules/b`. */
  readonly place: string;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages that the package at `root` needs, directly or not, wherever npm has put them: below it, or beside it when it is a
 * dependency itself. Optional ones that are not installed are left out.
 */
export async function installedPackages(root: string): Promise<readonly InstalledPackage[]> {
  const placed = new Map<string, InstalledPackage>();
  let importers: readonly { readonly directory: string; readonly place: string }[] = [{ directory: root, place: '' }];
  while (importers.length > 0) {
    const found: InstalledPackage[] = [];
    for (const importer of importers) {
      for (const name of await dependenciesOf(importer.directory)) {
        const directory = locate(importer.directory, name);
        if (directory === undefined) continue;
        const place = placeFor(placed, importer.place, name, directory);
        if (place === undefined) continue;
        const version = (await manifestOf(directory)).version ?? '';
        const entry = { name, version, directory: await realpath(directory), place };
        placed.set(place, entry);
        found.push(entry);
      }
    }
    importers = found;
  }
  return [...placed.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** At the top, unless another version stands there already; undefined when the importer finds the right one as it is. */
function placeFor(placed: ReadonlyMap<string, InstalledPackage>, importer: string, name: string, directory: string): string | undefined {
  for (let step = importer; ; step = parentOf(step)) {
    const place = step === '' ? `node_modules/${name}` : `${step}/node_modules/${name}`;
    const there = placed.get(place);
    if (there?.directory === directory) return undefined;
    if (there) return `${importer === '' ? '' : `${importer}/`}node_modules/${name}`;
    if (step === '') return place;
  }
}

function parentOf(place: string): string {
  return place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')));
}

async function dependenciesOf(directory: string): Promise<readonly string[]> {
  const { dependencies, optionalDependencies } = await manifestOf(directory);
  return Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !name.startsWith('@types/'));
}

async function manifestOf(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** As Node finds a package: in the nearest `node_modules` upwards. */
function locate(from: string, name: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(directory) === directory) return undefined;
  }
}
