import { typesEqual, type TypeInfo } from '#core';
import type { Operation, StreamInput } from './operation.js';
import type { OperatorSpec } from './stream-graph.js';

/** The type that all united streams have by declaration; undefined when one has none, or another. */
export function declaredTypeOf(inputs: readonly StreamInput[]): TypeInfo | undefined {
  const [first, ...others] = inputs.map((input) => (input.outputTag === undefined ? outputTypeOf(input.from) : undefined));
  if (first === undefined) return undefined;
  return others.every((type) => type !== undefined && typesEqual(type, first)) ? first : undefined;
}

/** The declared type of what an operation emits; operators that hand on records of their input's type have that type. */
export function outputTypeOf(operation: Operation): TypeInfo | undefined {
  if (operation.outputType !== undefined) return operation.outputType;
  return keepsType(operation.spec) ? declaredTypeOf(operation.inputs.flat()) : undefined;
}

function keepsType(spec: OperatorSpec): boolean {
  const { kind } = spec;
  if (kind === 'window') return spec.result === undefined && ['reduce', 'fieldAggregate'].includes(spec.contents.kind);
  return kind === 'filter' || kind === 'reduce' || kind === 'fieldAggregate' || kind === 'timestamps';
}
