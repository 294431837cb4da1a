import type { ListStateHandle, ListStatePart, OperatorSnapshot } from './handles.js';

/** For each subtask: parts by the name of the list. */
export type AssignedLists = readonly Readonly<Record<string, readonly ListStatePart[]>>[];

/** Gives the lists of an operator's former subtasks to those it has now. */
export function assignLists(
  subtasks: ReadonlyMap<number, OperatorSnapshot>,
  parallelism: number,
  formerParallelism: number,
): AssignedLists {
  const assigned = Array.from({ length: parallelism }, (): Record<string, readonly ListStatePart[]> => ({}));
  const names = new Set([...subtasks.values()].flatMap(({ lists }) => Object.keys(lists)));
  for (const name of names) {
    const handles = [...subtasks].flatMap(([index, { lists }]) => {
      const handle = lists[name];
      return handle === undefined ? [] : [{ index, handle }];
    });
    partsOf(handles, parallelism, formerParallelism).forEach((parts, index) => {
      if (parts.length > 0) assigned[index]![name] = parts;
    });
  }
  return assigned;
}

interface Former {
  readonly index: number;
  readonly handle: ListStateHandle;
}

function partsOf(handles: readonly Former[], parallelism: number, formerParallelism: number): readonly (readonly ListStatePart[])[] {
  const whole = handles.map(({ handle }) => ({ handle, from: 0, to: handle.count }));
  const everywhere = (parts: readonly ListStatePart[]): readonly (readonly ListStatePart[])[] =>
    Array.from({ length: parallelism }, () => parts);
  switch (handles[0]!.handle.mode) {
    case 'union':
      return everywhere(whole);
    case 'broadcast':
      // With barriers that overtake, what one subtask had seen may be in flight to another: so each has its own again.
      return parallelism === formerParallelism ? unchanged(handles, parallelism) : everywhere(whole.slice(0, 1));
    case 'split':
      return parallelism === formerParallelism ? unchanged(handles, parallelism) : spread(whole, parallelism);
  }
}

/** As in Flink, what a subtask had stays with it while their number stays the same. */
function unchanged(handles: readonly Former[], parallelism: number): readonly (readonly ListStatePart[])[] {
  const parts = Array.from({ length: parallelism }, (): ListStatePart[] => []);
  for (const { index, handle } of handles) if (handle.count > 0) parts[index]!.push({ handle, from: 0, to: handle.count });
  return parts;
}

/** Runs of elements, as even as can be. */
function spread(whole: readonly ListStatePart[], parallelism: number): readonly (readonly ListStatePart[])[] {
  const total = whole.reduce((sum, { to }) => sum + to, 0);
  return Array.from({ length: parallelism }, (_, index) =>
    cut(whole, Math.floor((index * total) / parallelism), Math.floor(((index + 1) * total) / parallelism)),
  );
}

/** The elements `start` to below `end` of all lists one after the other. */
function cut(whole: readonly ListStatePart[], start: number, end: number): readonly ListStatePart[] {
  const parts: ListStatePart[] = [];
  let before = 0;
  for (const { handle } of whole) {
    const from = Math.max(0, start - before);
    const to = Math.min(handle.count, end - before);
    if (from < to) parts.push({ handle, from, to });
    before += handle.count;
  }
  return parts;
}
