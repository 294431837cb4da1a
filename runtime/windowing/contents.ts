import type { WindowContents } from '#api';
import { fieldAggregation } from '../operators/field-aggregation.js';
import { copied } from './copied.js';

/** What a window keeps of its records: one accumulator for each key. */
export interface Contents {
  /** The accumulator of a first record. */
  first(value: unknown): unknown;
  /** Takes a record in; answers the accumulator to keep, which may be the changed argument. */
  add(accumulator: unknown, value: unknown): unknown;
  /** Brings two accumulators together; both are given up. Undefined: that cannot be done. */
  readonly merge: ((left: unknown, right: unknown) => unknown) | undefined;
  /** What the window function, or the window's reader, gets; it may be the accumulator itself. */
  result(accumulator: unknown): unknown;
  /** An accumulator that may be changed without changing this one. */
  copy(accumulator: unknown): unknown;
  /** Whether the result is a list of records, not one value. */
  readonly isList: boolean;
}

export function contentsOf(spec: WindowContents): Contents {
  switch (spec.kind) {
    case 'reduce':
      return reducing(spec.reduce);
    case 'fieldAggregate':
      return reducing(fieldAggregation(spec.aggregation, spec.field, spec.first));
    case 'aggregate':
      return aggregating(spec.aggregate);
    case 'fold':
      return folding(spec.initial, spec.fold);
    case 'elements':
      return LIST;
  }
}

/** Reduce functions leave their arguments as they are, so nothing is ever copied. */
function reducing(reduce: (left: unknown, right: unknown) => unknown): Contents {
  return { first: same, add: reduce, merge: reduce, result: same, copy: same, isList: false };
}

function aggregating(aggregate: Extract<WindowContents, { kind: 'aggregate' }>['aggregate']): Contents {
  return {
    first: (value) => aggregate.add(value, aggregate.createAccumulator()),
    add: (accumulator, value) => aggregate.add(value, accumulator),
    merge: (left, right) => aggregate.merge(left, right),
    result: (accumulator) => aggregate.getResult(accumulator),
    copy: copied,
    isList: false,
  };
}

function folding(initial: () => unknown, fold: (accumulator: unknown, value: unknown) => unknown): Contents {
  return { first: (value) => fold(initial(), value), add: fold, merge: undefined, result: same, copy: copied, isList: false };
}

/** All records. The records themselves are nobody's to change; the list is. */
const LIST: Contents = {
  first: (value) => [value],
  add: (list, value) => {
    (list as unknown[]).push(value);
    return list;
  },
  merge: (left, right) => {
    for (const value of right as unknown[]) (left as unknown[]).push(value);
    return left;
  },
  result: same,
  copy: (list) => (list as unknown[]).slice(),
  isList: true,
};

function same(value: unknown): unknown {
  return value;
}
