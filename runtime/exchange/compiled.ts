let programs = 0;

/**
 * Compiles `body` as a function of the named constants. Each call gives code of its own, with type feedback of its own, because the
 * text differs in its name; profiles show it as `title`.
 */
export function compiled(title: string, body: string, constants: Readonly<Record<string, unknown>>): unknown {
  const source = `'use strict';\n${body}\n//# sourceURL=flink-ts/generated/${title}-${++programs}.js`;
  const program = new Function(...Object.keys(constants), source) as (...values: unknown[]) => unknown;
  return program(...Object.values(constants));
}
