import { fileSystems, pathName, type FileStatus, type FileSystem } from '#core';
import type { SplitEnumerator, SplitEnumeratorContext } from '../connector/source.js';
import { splitFiles, type FileSplit } from './file-split.js';

/** Lists the files of a path once and gives their splits to the readers that ask, in the order of their paths. */
export class TextFileEnumerator implements SplitEnumerator {
  readonly #context: SplitEnumeratorContext;
  readonly #path: string;
  readonly #recursive: boolean;
  readonly #restored: boolean;
  #splits: FileSplit[];

  /** @param restored the splits that are left; undefined: they are to be found. */
  constructor(context: SplitEnumeratorContext, path: string, recursive: boolean, restored?: readonly FileSplit[]) {
    this.#splits = [...(restored ?? [])];
    this.#restored = restored !== undefined;
    this.#context = context;
    this.#path = path;
    this.#recursive = recursive;
  }

  async start(): Promise<void> {
    if (this.#restored) return;
    const { fileSystem, path } = fileSystems.resolve(this.#path);
    const root = await fileSystem.status(path);
    const files = root.directory ? await filesIn(fileSystem, root.path, this.#recursive) : [root];
    this.#splits = splitFiles(files, this.#context.parallelism);
  }

  handleRequest(subtaskIndex: number): void {
    const split = this.#splits.shift();
    if (split) this.#context.assign(subtaskIndex, [split]);
    else this.#context.noMoreSplits(subtaskIndex);
  }

  snapshot(): readonly FileSplit[] {
    return [...this.#splits];
  }
}

async function filesIn(fileSystem: FileSystem, directory: string, recursive: boolean): Promise<FileStatus[]> {
  const found = (await fileSystem.list(directory)).filter(({ path }) => !isHidden(path));
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const files: FileStatus[] = [];
  for (const status of found) {
    if (!status.directory) files.push(status);
    else if (recursive) files.push(...(await filesIn(fileSystem, status.path, recursive)));
  }
  return files;
}

function isHidden(path: string): boolean {
  const name = pathName(path);
  return name.startsWith('_') || name.startsWith('.');
}
