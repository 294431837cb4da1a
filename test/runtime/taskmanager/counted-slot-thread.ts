/** Counts the threads that begin. */
export function setUpSlotThread(count: unknown): void {
  Atomics.add(new Int32Array(count as SharedArrayBuffer), 0, 1);
}
