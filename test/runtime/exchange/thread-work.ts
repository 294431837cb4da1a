import type { ChannelEnd } from '../../../runtime/task/deployment.js';

/** A thread of `threads.test.ts`. */
export interface ThreadWork {
  readonly role: 'produce' | 'consume';
  readonly index: number;
  readonly count: number;
  readonly seed: number;
  readonly bell: SharedArrayBuffer;
  readonly channels: readonly ChannelEnd[];
}

/** The `n`th record of a producer: of several shapes, so that schemas change on the way. */
export function recordOf(producer: number, n: number): { readonly producer: number; readonly n: number; readonly text?: string | null } {
  if (n % 1000 < 600) return { producer, n };
  return n % 7 === 0 ? { producer, n, text: null } : { producer, n, text: n % 501 === 0 ? `${n}`.repeat(200) : `${n}` };
}
