import { EntryNotFoundError } from './errors.js';

/** Some names can be told only by loading the module that they come from. */
const PASSES_ON = /^export \* from /m;

/** Sees to it that a program exports a name, before any of it is run. Throws {@link EntryNotFoundError}. */
export function checkExports(
  { text, exported }: { readonly text: string; readonly exported: readonly string[] },
  file: string,
  entry: string,
): void {
  if (!exported.includes(entry) && !PASSES_ON.test(text)) throw new EntryNotFoundError(entry, file, exported);
}

/** Makes sure that a program exports the function that is to be called as its `main`. Throws {@link EntryNotFoundError}. */
export async function checkEntry(programUrl: string, file: string, entry: string | undefined): Promise<void> {
  if (entry === undefined) return;
  const module = (await import(programUrl)) as Readonly<Record<string, unknown>>;
  if (typeof module[entry] === 'function') return;
  const functions = Object.keys(module).filter((name) => typeof module[name] === 'function');
  throw new EntryNotFoundError(entry, file, functions);
}
