/** A copy of an accumulator: of its arrays, objects, maps and sets, to any depth. Instances keep their class. */
export function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return copiedList(value);
  return copiedObject(value);
}

function copiedList(list: readonly unknown[]): unknown[] {
  const copy = list.slice();
  for (let index = 0; index < copy.length; index++) {
    const element = copy[index];
    if (typeof element === 'object' && element !== null) copy[index] = copied(element);
  }
  return copy;
}

function copiedObject(value: object): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return withFieldsOf(prototype === null ? bare() : {}, value);
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [copied(key), copied(entry)]));
  if (value instanceof Set) return new Set([...value].map(copied));
  if (value instanceof Date) return new Date(value);
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  return withFieldsOf(Object.create(prototype as object) as object, value);
}

function bare(): object {
  return Object.create(null) as object;
}

function withFieldsOf(copy: object, value: object): object {
  const fields = copy as Record<string, unknown>;
  for (const name of Object.keys(value)) fields[name] = copied((value as Record<string, unknown>)[name]);
  return copy;
}
