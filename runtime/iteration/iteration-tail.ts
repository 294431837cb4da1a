import type { ProcessingOperator } from '../chain/stage.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { FeedbackQueue } from './feedback-queue.js';

/** Where a loop ends: hands its records to the head in the same slot. What comes when the head has ended is lost, as in Flink. */
export class IterationTail implements ProcessingOperator {
  #lost = 0;

  constructor(
    private readonly host: OperatorHost,
    private readonly queue: FeedbackQueue,
  ) {}

  process(value: unknown, timestamp: number): void {
    if (!this.queue.closed) this.queue.put(value, timestamp);
    else if (this.#lost++ === 0) this.host.context.logger.warn(LATE);
  }
}

const LATE = 'feedback came after its iteration had ended, and is lost: give "iterate" a longer time to wait';
