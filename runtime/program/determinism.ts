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

/** What a program finds around it. */
interface Surroundings {
  readonly argv: string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly date: DateConstructor;
}

/** As they are outside of any `main`; known while some run. */
let real: Surroundings | undefined;
/** Of each `main` that runs in this thread; the last is in force. They need not end in the order in which they began. */
const applied: Surroundings[] = [];

/** Applies the conditions; answers what undoes them. */
export function applyMainConditions(conditions: MainConditions): () => void {
  real = surroundingsNow(real, Object.keys(conditions.environment));
  const surroundings = surroundingsUnder(conditions, real);
  applied.push(surroundings);
  enter(surroundings, real);
  return () => {
    leave(surroundings);
  };
}

function leave(surroundings: Surroundings): void {
  const index = applied.indexOf(surroundings);
  if (index < 0 || real === undefined) return;
  applied.splice(index, 1);
  enter(applied.at(-1) ?? real, real);
  if (applied.length === 0) real = undefined;
}

/** What is real stays as it was first seen; variables are added as they come into play. */
function surroundingsNow(known: Surroundings | undefined, names: readonly string[]): Surroundings {
  const environment = { ...Object.fromEntries(names.map((name) => [name, process.env[name]])), ...known?.environment };
  return known === undefined ? { argv: process.argv, environment, random: Math.random, date: Date } : { ...known, environment };
}

function surroundingsUnder(conditions: MainConditions, { date }: Surroundings): Surroundings {
  const { file, args, environment, randomSeed, clockStartMs } = conditions;
  const random = new SeededRandom(randomSeed);
  return { argv: [process.execPath, file, ...args], environment, random: () => random.next(), date: dateFrom(clockStartMs, date) };
}

function enter(surroundings: Surroundings, { environment: realEnvironment }: Surroundings): void {
  process.argv = surroundings.argv;
  Math.random = surroundings.random;
  globalThis.Date = surroundings.date;
  for (const [name, value] of Object.entries({ ...realEnvironment, ...surroundings.environment })) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

/** `Date`, its clock set to a time now. */
function dateFrom(startMs: number, date: DateConstructor): DateConstructor {
  const realStartMs = date.now();
  const now = (): number => startMs + (date.now() - realStartMs);
  return new Proxy(date, {
    get: (target, property, receiver) => (property === 'now' ? now : (Reflect.get(target, property, receiver) as unknown)),
    construct: (target, values, newTarget) => Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as Date,
    apply: (target) => new target(now()).toString(),
  });
}
