import { join } from 'node:path';
import type { ConfigurationWarning } from '../configuration-warning.js';
import { ConfigurationFileError } from '../errors.js';
import { readTextIfPresent } from './text-file.js';

/** A line of `masters`: where a JobManager is started, and the port of its REST server if the line names one. */
export interface Master {
  readonly host: string;
  readonly webPort: number | undefined;
}

/** The hosts of a standalone cluster. A host with several TaskManagers is listed several times. */
export interface Workers {
  readonly hosts: readonly string[];
  readonly warnings: readonly ConfigurationWarning[];
}

interface Line {
  readonly text: string;
  readonly line: number;
}

const MASTER = /^(\[[^\]\s]+\]|[^:\s]+)(?::(\d{1,5}))?$/;

function linesOf(text: string): readonly Line[] {
  return text
    .split(/\r?\n/)
    .map((raw, index) => ({ text: (raw.split('#', 1)[0] ?? '').trim(), line: index + 1 }))
    .filter((line) => line.text !== '');
}

function parseMaster(file: string, { text, line }: Line): Master {
  const match = MASTER.exec(text);
  const webPort = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!match || (webPort ?? 0) > 65_535) throw new ConfigurationFileError(file, line, `"${text}" has to be "host" or "host:port"`);
  return { host: (match[1] ?? '').replace(/^\[(.*)\]$/, '$1'), webPort };
}

/** Reads `masters`; without one, a single JobManager on localhost. Throws `ConfigurationFileError` for a line that is no `host:port`. */
export async function readMasters(directory: string): Promise<readonly Master[]> {
  const file = join(directory, 'masters');
  const masters = linesOf((await readTextIfPresent(file)) ?? '').map((line) => parseMaster(file, line));
  return masters.length > 0 ? masters : [{ host: 'localhost', webPort: undefined }];
}

/** Reads `workers`, or where there is none, `slaves`; without both, a single TaskManager on localhost. */
export async function readWorkers(directory: string): Promise<Workers> {
  const [workersFile, slavesFile] = [join(directory, 'workers'), join(directory, 'slaves')];
  const [workers, slaves] = await Promise.all([readTextIfPresent(workersFile), readTextIfPresent(slavesFile)]);
  const file = workers === undefined ? slavesFile : workersFile;
  const hosts = linesOf(workers ?? slaves ?? 'localhost').map(({ text, line }) => {
    if (/\s/.test(text)) throw new ConfigurationFileError(file, line, `"${text}" has to be one host`);
    return text;
  });
  const both = workers !== undefined && slaves !== undefined;
  const ignored = { kind: 'ignored-file', file: slavesFile, message: `${slavesFile} is not read, because ${workersFile} exists` } as const;
  return { hosts, warnings: both ? [ignored] : [] };
}
