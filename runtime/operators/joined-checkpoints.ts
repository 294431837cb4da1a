import type { FinishStep } from '#api';
import type { StageCheckpoints } from '../chain/stage-checkpoints.js';

/** What an operator and its function do as checkpoints come and go, in that order. */
export class JoinedCheckpoints implements StageCheckpoints {
  readonly snapshotsBesideRecords = false;

  constructor(
    private readonly operator: StageCheckpoints,
    private readonly fn: StageCheckpoints,
  ) {}

  static of(operator: StageCheckpoints | undefined, fn: StageCheckpoints | undefined): StageCheckpoints | undefined {
    return operator === undefined || fn === undefined ? (operator ?? fn) : new JoinedCheckpoints(operator, fn);
  }

  get needsFinalCheckpoint(): boolean {
    return this.operator.needsFinalCheckpoint || this.fn.needsFinalCheckpoint;
  }

  snapshot(checkpointId: number, timestampMs: number): void | Promise<void> {
    return inTurn(
      () => this.operator.snapshot(checkpointId, timestampMs),
      () => this.fn.snapshot(checkpointId, timestampMs),
    );
  }

  completed(checkpointId: number): void | Promise<void> {
    return inTurn(
      () => this.operator.completed(checkpointId),
      () => this.fn.completed(checkpointId),
    );
  }

  aborted(checkpointId: number): void | Promise<void> {
    return inTurn(
      () => this.operator.aborted(checkpointId),
      () => this.fn.aborted(checkpointId),
    );
  }

  async finish(): Promise<readonly FinishStep[]> {
    return [...(await this.operator.finish()), ...(await this.fn.finish())];
  }
}

function inTurn(first: () => void | Promise<void>, second: () => void | Promise<void>): void | Promise<void> {
  const answer = first();
  return answer === undefined ? second() : answer.then(second);
}
