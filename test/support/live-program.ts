/** The `main` of a program, as a function of the test: its closures are live in every replay within this thread. */
export type Main = () => Promise<unknown>;

const programs: Main[] = [];
const WHERE = 'flink-ts live programs';
// the modules behind the URLs find them here
Object.assign(globalThis, { [Symbol.for(WHERE)]: programs });

/** A URL that can be imported any number of times (with differing fragments); each import runs `main`. */
export function liveProgramUrl(main: Main): string {
  const number = programs.push(main) - 1;
  const text = `await globalThis[Symbol.for(${JSON.stringify(WHERE)})][${number}]();`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}
