import { type FileSystems, joinPath } from '#core';
import { LEADER_FILE } from '../launch/names.js';
import { LeaderFileError } from './errors.js';

/** Where the leading attempt of the ApplicationMaster is. */
export interface Leader {
  /** From 1. */
  readonly attempt: number;
  readonly host: string;
  /** Where TaskManagers register. */
  readonly controlPort: number;
  readonly restPort: number;
}

/** Replaces the leader file in one step, so that nobody reads half of it. */
export async function writeLeaderFile(files: FileSystems, stagingDirectory: string, leader: Leader): Promise<void> {
  const { path, fileSystem } = files.resolve(joinPath(stagingDirectory, LEADER_FILE));
  const draft = `${path}.${leader.attempt}`;
  const file = await fileSystem.create(draft, { overwrite: true });
  await file.write(Buffer.from(JSON.stringify(leader)));
  await file.close();
  await fileSystem.rename(draft, path, { overwrite: true });
}

/** Throws {@link LeaderFileError}, and what the file system throws. */
export async function readLeaderFile(files: FileSystems, stagingDirectory: string): Promise<Leader> {
  const { path, fileSystem } = files.resolve(joinPath(stagingDirectory, LEADER_FILE));
  const chunks: Buffer[] = [];
  for await (const chunk of fileSystem.stream(path)) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const leader = parse(text);
  if (!leader) throw new LeaderFileError(path, text);
  return leader;
}

function parse(text: string): Leader | undefined {
  try {
    const value = JSON.parse(text) as Partial<Leader>;
    const numbers = [value.attempt, value.controlPort, value.restPort].every(Number.isSafeInteger);
    return numbers && typeof value.host === 'string' ? (value as Leader) : undefined;
  } catch {
    return undefined;
  }
}
