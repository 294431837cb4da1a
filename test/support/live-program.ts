/** The `main` of a program, as a function of the test: its closures are live in every replay within this thread. */
export type Main = () => Promise<unknown>;

const programs: Main[] = [];

/** A URL that can be imported any number of times (with differing fragments); each import runs `main`. */
export function liveProgramUrl(main: Main): string {
  const number = programs.push(main) - 1;
  const text = `import { runLiveProgram } from ${JSON.stringify(import.meta.url)}; await runLiveProgram(${number});`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/** Called by the module behind a live program's URL. */
export async function runLiveProgram(number: number): Promise<void> {
  await programs[number]?.();
}
