import { SeededRandom } from '#core';

/**
 * While `main` runs, what would differ between the submission and its replays is made equal: the start of the clock,
 * the numbers of `Math.random`, the arguments and the chosen environment variables. The program's functions, which run later,
 * see the real ones again.
 */
export interface MainConditions {
  readonly file: string;
  readonly args: readonly string[];
  readonly clockStartMs: number;
  readonly randomSeed: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Applies the conditions; answers what undoes them. */
export function applyMainConditions(conditions: MainConditions): () => void {
  const undo = [fixArguments(conditions), fixEnvironment(conditions), fixRandom(conditions.randomSeed), fixClock(conditions.clockStartMs)];
  return () => { for (const step of undo.splice(0)) step(); };
}

function fixArguments({ file, args }: MainConditions): () => void {
  const before = process.argv;
  process.argv = [process.execPath, file, ...args];
  return () => { process.argv = before; };
}

function fixEnvironment({ environment }: MainConditions): () => void {
  const before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
  Object.assign(process.env, environment);
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}

function fixRandom(seed: number): () => void {
  const before = Math.random;
  const random = new SeededRandom(seed);
  Math.random = () => random.next();
  return () => { Math.random = before; };
}

function fixClock(startMs: number): () => void {
  const before = Date.now;
  const realStart = before();
  Date.now = () => startMs + (before() - realStart);
  return () => { Date.now = before; };
}
