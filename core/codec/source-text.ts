/**
 * Small pieces of generated programs. Names of fields come from users, so they enter a program only through these functions,
 * as JSON strings.
 */

/** Reads a property of the expression. */
export function propertyOf(expression: string, name: string): string {
  return `${expression}[${JSON.stringify(name)}]`;
}

/** Whether the object lacks the property. Asking for it is quicker than `hasOwn`, but some names every object inherits. */
export function lacksProperty(object: string, name: string): string {
  const lacks = `!Object.hasOwn(${object}, ${JSON.stringify(name)})`;
  return name in Object.prototype ? lacks : `${propertyOf(object, name)} === undefined && ${lacks}`;
}

/** A key of an object literal. `"__proto__": x` would set the prototype; a computed key makes a property of that name. */
export function literalKey(name: string): string {
  return name === '__proto__' ? `[${JSON.stringify(name)}]` : JSON.stringify(name);
}

let programs = 0;

/**
 * Compiles `body` as a function of the named constants. Each call gives code of its own: the engine's type feedback and
 * inlining are never shared between two uses of the same source text, because the text differs in its name.
 */
export function compile(title: string, body: string, constants: Readonly<Record<string, unknown>>): unknown {
  const source = `'use strict';\n${body}\n//# sourceURL=flink-ts/generated/${title}-${++programs}.js`;
  // eslint's no-implied-eval is about text from outside; this text is made from a record type by our own generators.
  const program = new Function(...Object.keys(constants), source) as (...values: unknown[]) => unknown;
  return program(...Object.values(constants));
}
