import type { StreamEvent } from '#core';
import type { ChainExit } from '../chain/chain-plan.js';
import type { Barrier, CaptureStart } from '../exchange/channel-writer.js';

/** The sending side of an out-edge, as a subtask drives it. */
export interface TaskExit extends ChainExit {
  /** Whether nothing more should be emitted for now. */
  readonly blocked: boolean;
  /** Brings out what was held back while blocked; answers whether anything moved. */
  drain(): boolean;
  /** No record follows: what is kept back on purpose (combined records) is to come out by `drain`. Absent where nothing is. */
  finish?(): void;
  broadcastEvent(event: StreamEvent): void;
  /** Sends a barrier on every channel, behind all records. */
  sendBarrier(barrier: Barrier): void;
  /** Whether all consumers have taken the barrier that was sent last. */
  readonly barrierTaken: boolean;
  /** Lets the barrier that was sent last overtake what consumers have not taken; captures that, channel by channel. */
  announceBarrier(barrier: Barrier, begin: (channel: number) => CaptureStart): void;
  flush(): void;
  /** Flushes what has waited for the buffer timeout. */
  flushDue(nowMs: number): void;
  /** When `flushDue` has something to do next, on the clock's `monotonicMs`. */
  readonly nextFlushAtMs: number;
  readonly recordsOut: number;
  readonly bytesOut: number;
}
