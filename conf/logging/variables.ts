import type { Environment } from '../configuration-directory.js';

/** Where `${…}` in logging files finds its values. */
export interface LoggingVariables {
  /** For `${log.file}` and `${sys:log.file}`. */
  readonly systemProperties: Readonly<Record<string, string>>;
  /** For `${env:NAME}`. */
  readonly environment: Environment;
  /** Declared in the file itself. */
  readonly declared: ReadonlyMap<string, string>;
}

const VARIABLE = /\$\{(?:(sys|env):)?([^:{}$]+)(?::-([^{}]*))?\}/g;
const MOST_ROUNDS = 8;

/** Replaces variables, also nested ones; those without value and default stay as written. */
export function expandVariables(text: string, variables: LoggingVariables): string {
  let expanded = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = expanded.replace(
      VARIABLE,
      (whole, source: string | undefined, name: string, otherwise: string | undefined) =>
        lookUp(source, name, variables) ?? otherwise ?? whole,
    );
    if (next === expanded) return next;
    expanded = next;
  }
  return expanded;
}

/** Whether a variable was left without value. */
export function hasVariable(text: string): boolean {
  return text.includes('${');
}

function lookUp(
  source: string | undefined,
  name: string,
  { systemProperties, environment, declared }: LoggingVariables,
): string | undefined {
  if (source === 'env') return environment[name];
  if (source === 'sys') return systemProperties[name];
  return declared.get(name) ?? systemProperties[name] ?? environment[name];
}
