import type { ObjectField, TypeInfo } from './type-info.js';

const SCALAR_NAMES = {
  boolean: 'Boolean',
  int: 'Integer',
  long: 'Long',
  bigint: 'BigInt',
  double: 'Double',
  string: 'String',
  bytes: 'Bytes',
  date: 'Date',
  generic: 'Generic',
} as const;

/** A type as people read it: `Tuple2<String, Integer>`, `{ id: Long, note?: String | null }`. */
export function typeName(type: TypeInfo): string {
  switch (type.kind) {
    case 'nullable':
      return `${typeName(type.of)} | null`;
    case 'array':
      return `Array<${typeName(type.of)}>`;
    case 'map':
      return `Map<${typeName(type.key)}, ${typeName(type.value)}>`;
    case 'tuple':
      return `Tuple${type.fields.length}<${type.fields.map(typeName).join(', ')}>`;
    case 'object':
      return type.name ?? `{ ${type.fields.map(fieldName).join(', ')} }`;
    default:
      return SCALAR_NAMES[type.kind];
  }
}

function fieldName(field: ObjectField): string {
  return `${field.name}${field.optional === true ? '?' : ''}: ${typeName(field.type)}`;
}
