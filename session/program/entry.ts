import { EntryNotFoundError } from './errors.js';

/** Makes sure that a program exports the function that is to be called as its `main`. Throws {@link EntryNotFoundError}. */
export async function checkEntry(programUrl: string, file: string, entry: string | undefined): Promise<void> {
  if (entry === undefined) return;
  const module = (await import(programUrl)) as Readonly<Record<string, unknown>>;
  if (typeof module[entry] === 'function') return;
  const functions = Object.keys(module).filter((name) => typeof module[name] === 'function');
  throw new EntryNotFoundError(entry, file, functions);
}
