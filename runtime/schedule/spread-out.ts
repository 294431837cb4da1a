/** A TaskManager as far as choosing slots goes. */
export interface SlotOffer<T> {
  readonly target: T;
  /** Numbers of its free slots. */
  readonly free: readonly number[];
  readonly total: number;
}

export interface ChosenSlot<T> {
  readonly target: T;
  readonly slot: number;
}

/**
 * Chooses `count` slots, each at the TaskManager that is then the least used in proportion; of equals the first. So the parts of
 * a job are spread evenly, each vertex too, and the same offers give the same choice. Undefined when there are too few.
 */
export function spreadOut<T>(offers: readonly SlotOffer<T>[], count: number): readonly ChosenSlot<T>[] | undefined {
  const left = offers.map(({ target, free, total }) => ({ target, total, free: [...free] }));
  if (left.reduce((sum, { free }) => sum + free.length, 0) < count) return undefined;
  return Array.from({ length: count }, () => {
    const chosen = left.reduce((best, offer) => (usageOf(offer) < usageOf(best) ? offer : best));
    return { target: chosen.target, slot: chosen.free.shift()! };
  });
}

function usageOf({ free, total }: { readonly free: readonly number[]; readonly total: number }): number {
  return free.length === 0 ? Number.POSITIVE_INFINITY : (total - free.length) / total;
}
