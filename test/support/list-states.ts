import type { ListMode } from '../../runtime/checkpoint/handles.js';
import type { OperatorListState, OperatorStateStore } from '../../runtime/state/operator-state-store.js';

interface NamedList {
  readonly mode: ListMode;
  readonly elements: readonly unknown[];
}

/** What a subtask's operator state holds, as values. */
export type ListValues = Readonly<Record<string, NamedList>>;

/** Operator state of one subtask as plain lists, whose snapshots are copies of their values. */
export class ListStates implements OperatorStateStore {
  readonly #lists = new Map<string, { readonly mode: ListMode; readonly list: PlainList }>();

  constructor(private readonly restored: ListValues = {}) {}

  list<T>(name: string, mode: ListMode): OperatorListState<T> {
    let found = this.#lists.get(name);
    if (found === undefined) {
      found = { mode, list: new PlainList(this.restored[name]?.elements ?? []) };
      this.#lists.set(name, found);
    }
    return found.list as OperatorListState<unknown> as OperatorListState<T>;
  }

  snapshot(): () => Promise<never> {
    return () => Promise.reject(new TypeError('ask for the values'));
  }

  values(): ListValues {
    return structuredClone(Object.fromEntries([...this.#lists].map(([name, { mode, list }]) => [name, { mode, elements: list.get() }])));
  }
}

class PlainList implements OperatorListState<unknown> {
  #elements: readonly unknown[];

  constructor(elements: readonly unknown[]) {
    this.#elements = structuredClone(elements);
  }

  get(): readonly unknown[] {
    return this.#elements;
  }

  add(value: unknown): void {
    this.#elements = [...this.#elements, value];
  }

  addAll(values: Iterable<unknown>): void {
    this.#elements = [...this.#elements, ...values];
  }

  update(values: Iterable<unknown>): void {
    this.#elements = [...values];
  }

  clear(): void {
    this.#elements = [];
  }
}

/** What each of `parallelism` subtasks gets of a checkpoint. Elements are given out in turn, so that they change places. */
export function redistributed(snapshots: readonly ListValues[], parallelism: number): ListValues[] {
  const names = new Set(snapshots.flatMap((lists) => Object.keys(lists)));
  return Array.from({ length: parallelism }, (_, subtask) =>
    Object.fromEntries(
      [...names].map((name) => {
        const lists = snapshots.flatMap((snapshot) => snapshot[name] ?? []);
        const mode = lists[0]?.mode ?? 'split';
        const all = mode === 'broadcast' ? (lists[0]?.elements ?? []) : lists.flatMap(({ elements }) => elements);
        return [name, { mode, elements: mode === 'split' ? all.filter((_element, index) => index % parallelism === subtask) : all }];
      }),
    ),
  );
}
