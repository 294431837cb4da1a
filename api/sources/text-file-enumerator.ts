import { fileSystems, pathName, type FileStatus, type FileSystem } from '#core';
import type { SplitEnumerator, SplitEnumeratorContext } from '../connector/source.js';
import { splitFiles, type FileSplit } from './file-split.js';
import { SplitAssigner } from './split-assigner.js';
import { withHosts } from './split-hosts.js';

/**
 * Lists the files of a path once and gives their splits to the readers that ask: those first that lie on the reader's machine, in the
 * order of their paths.
 */
export class TextFileEnumerator implements SplitEnumerator {
  readonly #context: SplitEnumeratorContext;
  readonly #path: string;
  readonly #recursive: boolean;
  readonly #restored: boolean;
  #splits: SplitAssigner;

  /** @param restored the splits that are left; undefined: they are to be found. */
  constructor(context: SplitEnumeratorContext, path: string, recursive: boolean, restored?: readonly FileSplit[]) {
    this.#restored = restored !== undefined;
    this.#context = context;
    this.#splits = new SplitAssigner(restored ?? [], this.#readerHosts());
    this.#path = path;
    this.#recursive = recursive;
  }

  async start(): Promise<void> {
    if (this.#restored) return;
    const { fileSystem, path } = fileSystems.resolve(this.#path);
    const root = await fileSystem.status(path);
    const files = root.directory ? await filesIn(fileSystem, root.path, this.#recursive) : [root];
    const splits = splitFiles(files, this.#context.parallelism);
    const hosts = this.#readerHosts();
    // With all readers on one machine there is nothing to choose.
    this.#splits = new SplitAssigner(hosts.length > 1 ? await withHosts(splits, files, fileSystem) : splits, hosts);
  }

  handleRequest(subtaskIndex: number): void {
    const split = this.#splits.next(this.#context.hostOf(subtaskIndex));
    if (split) this.#context.assign(subtaskIndex, [split]);
    else this.#context.noMoreSplits(subtaskIndex);
  }

  snapshot(): readonly FileSplit[] {
    return this.#splits.left;
  }

  #readerHosts(): readonly string[] {
    const { parallelism } = this.#context;
    const hosts = Array.from({ length: parallelism }, (_, subtaskIndex) => this.#context.hostOf(subtaskIndex));
    return [...new Set(hosts.filter((host) => host !== undefined))];
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
