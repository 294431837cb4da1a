import type { ObjectType, TypeInfo } from './type-info.js';

/** Whether two types describe the same values in the same form. How instances are made is not compared, their class's name is. */
export function typesEqual(a: TypeInfo, b: TypeInfo): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'nullable':
      return b.kind === 'nullable' && typesEqual(a.of, b.of);
    case 'array':
      return b.kind === 'array' && typesEqual(a.of, b.of);
    case 'map':
      return b.kind === 'map' && typesEqual(a.key, b.key) && typesEqual(a.value, b.value);
    case 'tuple':
      return b.kind === 'tuple' && listsEqual(a.fields, b.fields);
    case 'object':
      return b.kind === 'object' && objectsEqual(a, b);
    default:
      return a.kind === b.kind;
  }
}

function listsEqual(a: readonly TypeInfo[], b: readonly TypeInfo[]): boolean {
  return a.length === b.length && a.every((type, i) => typesEqual(type, b[i]!));
}

function objectsEqual(a: ObjectType, b: ObjectType): boolean {
  return (
    a.name === b.name &&
    a.fields.length === b.fields.length &&
    a.fields.every((field, i) => {
      const other = b.fields[i]!;
      return field.name === other.name && (field.optional === true) === (other.optional === true) && typesEqual(field.type, other.type);
    })
  );
}
