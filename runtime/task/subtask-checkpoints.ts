import { type Clock, FlinkError } from '#core';
import type { BytesHandle, ChannelName, CheckpointOptions, OperatorSnapshot, SubtaskSnapshot } from '../checkpoint/handles.js';
import type { SnapshotStorage } from '../state/snapshot-storage.js';
import type { Barrier } from '../exchange/channel-writer.js';
import type { AlignedCheckpoint } from './barrier-alignment.js';
import type { ControlFlow, ControlWork } from './control-flow.js';
import { InFlightWriter } from './in-flight-writer.js';
import { overtakeWhenLate } from './late-overtaking.js';
import type { TaskExit } from './task-exit.js';

/** The barrier of a later checkpoint overtook those of this one. */
export class CheckpointSubsumedError extends FlinkError {
  constructor(readonly checkpointId: number) {
    super({
      code: 'CHECKPOINT_SUBSUMED',
      message: `the barrier of a later checkpoint came before all barriers of checkpoint ${checkpointId}`,
      action: 'Nothing is to be done: the later checkpoint takes its place.',
      blame: 'internal',
      retriable: true,
    });
  }
}

/** An operator of a subtask, as far as checkpoints go. */
export interface CheckpointedOperator {
  readonly operatorId: string;
  /** Brings its state up to date. Nothing is processed while the promise is pending. */
  prepare(checkpointId: number, timestampMs: number): Promise<void> | undefined;
  /** The synchronous part; answers what writes everything out beside the records that follow. */
  snapshot(checkpointId: number, options: CheckpointOptions): (storage: SnapshotStorage) => Promise<OperatorSnapshot>;
  completed(checkpointId: number): Promise<void>;
  aborted(checkpointId: number): Promise<void>;
  /** The snapshot was for others: later ones do not build on it. */
  savepointCompleted(checkpointId: number): void;
  /** Frees the state. */
  close(): Promise<void>;
  /** Names the operator in an error. */
  explain(error: unknown): FlinkError;
}

/** What a subtask tells of its checkpoints. */
export interface CheckpointReports {
  acknowledge(checkpointId: number, snapshot: SubtaskSnapshot): void;
  decline(checkpointId: number, error: unknown): void;
  /** A commit or a notification failed: the subtask does. */
  fail(error: unknown): void;
}

/** An out-edge of a subtask: its channels by name, in their order. */
export interface NamedExit {
  readonly exit: TaskExit;
  readonly channels: readonly ChannelName[];
}

export interface SubtaskCheckpointParts {
  readonly control: ControlFlow;
  readonly exits: readonly NamedExit[];
  readonly operators: readonly CheckpointedOperator[];
  readonly clock: Clock;
  readonly reports: CheckpointReports;
  storageFor(options: CheckpointOptions): SnapshotStorage;
  /** Has a source emit what it took from the outside and still keeps: its state, which is up to date by now, tells of these records. */
  settle(): void;
  /** The snapshot of a savepoint that ends the job has been taken, and its barrier sent on. */
  onStopping(checkpointId: number, stop: NonNullable<CheckpointOptions['stop']>): void;
}

/** What a checkpoint's barrier overtook. */
interface InFlight {
  readonly writer: InFlightWriter;
  /** Ends when all that came in is recorded. */
  readonly recorded: Promise<void>;
  /** ms since 1970: until then it may come behind the records that go out. */
  readonly deadlineMs: number;
  readonly givenUp: AbortController;
}

type Written = Pick<SubtaskSnapshot, 'operators' | 'inFlight'>;

/**
 * Takes the snapshots of a subtask: between two records it sends the barrier on and has every operator mark what belongs to the checkpoint;
 * writing it out goes on beside the records that follow.
 */
export class SubtaskCheckpoints {
  /** Snapshots that are being written. */
  readonly #writing = new Set<number>();
  /** Of those whose barrier may overtake, also before they are taken. */
  readonly #inFlight = new Map<number, InFlight>();
  #taken = -1;
  #reported: Promise<void> = Promise.resolve();
  #outputEnded = false;

  constructor(private readonly parts: SubtaskCheckpointParts) {}

  /** All that lies before the checkpoint's barriers has been processed. */
  take(checkpoint: AlignedCheckpoint): void {
    const { unaligned, alignedTimeoutMs } = checkpoint.options;
    if (!unaligned) this.parts.control.enqueue(() => this.#snapshot(checkpoint));
    else this.#overtake(checkpoint, checkpoint.timestamp + alignedTimeoutMs, () => Promise.resolve());
  }

  /**
   * The checkpoint's barrier has overtaken records, and overtakes others on its way out. `record` is called at once, and has what was
   * overtaken before written to the file that it is given.
   */
  overtake(checkpoint: AlignedCheckpoint, record: (writer: InFlightWriter) => Promise<void>): void {
    this.#overtake(checkpoint, -Infinity, record);
  }

  #overtake(checkpoint: AlignedCheckpoint, deadlineMs: number, record: (writer: InFlightWriter) => Promise<void>): void {
    const writer = new InFlightWriter(this.parts.storageFor(checkpoint.options).createStream('exclusive'));
    const givenUp = new AbortController();
    const recorded = Promise.race([record(writer), untilAborted(givenUp.signal)]);
    const inFlight = { writer, recorded, deadlineMs, givenUp };
    this.#inFlight.set(checkpoint.checkpointId, inFlight);
    this.parts.control.overtake(() => this.#snapshot(checkpoint, inFlight));
  }

  /**
   * Ends when all that was begun so far is acknowledged, declined or given up. A subtask that ended before would be taken as finished in a
   * checkpoint that has not all that it sent.
   */
  get reported(): Promise<void> {
    return this.#reported;
  }

  /** The last checkpoint of which the subtask has taken its part. */
  get taken(): number {
    return this.#taken;
  }

  /** All subtasks have taken part: what waited for that takes effect. Ends when it has, also where it failed. */
  async completed(checkpointId: number): Promise<void> {
    await this.#notify((operator) => operator.completed(checkpointId));
  }

  savepointCompleted(checkpointId: number): void {
    for (const operator of this.parts.operators) operator.savepointCompleted(checkpointId);
  }

  async aborted(checkpointId: number): Promise<void> {
    this.#giveUp(checkpointId);
    await this.#notify((operator) => operator.aborted(checkpointId));
  }

  #giveUp(checkpointId: number): void {
    const inFlight = this.#inFlight.get(checkpointId);
    this.#writing.delete(checkpointId);
    this.#inFlight.delete(checkpointId);
    inFlight?.givenUp.abort();
    void inFlight?.writer.abort();
  }

  /** The end of input has been sent: to those behind, it counts as the barrier of whatever is to come, and they may read no more. */
  outputEnded(): void {
    this.#outputEnded = true;
  }

  /** Frees the state of all operators; answers the errors. */
  async close(): Promise<readonly FlinkError[]> {
    const results = await Promise.allSettled(this.parts.operators.map((operator) => operator.close()));
    return results.flatMap((result, index) => (result.status === 'rejected' ? [this.parts.operators[index]!.explain(result.reason)] : []));
  }

  /** A later checkpoint's barrier came before all of this one's: it will never be complete. */
  subsumed(checkpointId: number): void {
    this.#giveUp(checkpointId);
    this.parts.reports.decline(checkpointId, new CheckpointSubsumedError(checkpointId));
  }

  *#snapshot(checkpoint: AlignedCheckpoint, inFlight?: InFlight): ControlWork {
    const { checkpointId, timestamp, options } = checkpoint;
    const { clock, operators, reports } = this.parts;
    for (const operator of operators) {
      try {
        const prepared = operator.prepare(checkpointId, timestamp);
        if (prepared !== undefined) yield prepared;
      } catch (error) {
        throw operator.explain(error);
      }
    }
    this.parts.settle();
    const startMs = clock.monotonicMs();
    const sent = this.#sendOn({ kind: 'barrier', checkpointId, timestamp, options: { ...options } }, inFlight);
    const writes = operators.map((operator) => ({ operator, write: operator.snapshot(checkpointId, options) }));
    const syncMs = clock.monotonicMs() - startMs;
    this.#writing.add(checkpointId);
    this.#taken = checkpointId;
    const reported = this.#write(writes, options, inFlight, sent).then(
      (written) => {
        this.#inFlight.delete(checkpointId);
        if (!this.#writing.delete(checkpointId)) return;
        const { alignmentMs, startDelayMs } = checkpoint;
        const metrics = { alignmentMs, startDelayMs, syncMs, asyncMs: clock.monotonicMs() - startMs - syncMs, ...sizesOf(written) };
        reports.acknowledge(checkpointId, { ...written, metrics });
      },
      (error: unknown) => {
        this.#inFlight.delete(checkpointId);
        if (this.#writing.delete(checkpointId)) reports.decline(checkpointId, error);
      },
    );
    this.#reported = Promise.all([this.#reported, reported]).then(() => undefined);
    if (options.stop !== undefined) this.parts.onStopping(checkpointId, options.stop);
  }

  /** Ends when consumers have taken the barrier, or it has overtaken what they have not. */
  #sendOn(barrier: Barrier, inFlight: InFlight | undefined): Promise<void> | undefined {
    if (this.#outputEnded) return undefined;
    const { exits, clock } = this.parts;
    for (const { exit } of exits) exit.sendBarrier(barrier);
    for (const { exit } of exits) exit.flush();
    if (inFlight === undefined) return undefined;
    const sent = {
      get taken() {
        return exits.every(({ exit }) => exit.barrierTaken);
      },
      overtake() {
        for (const { exit, channels } of exits) exit.announceBarrier(barrier, (channel) => inFlight.writer.ofProducer(channels[channel]!));
      },
    };
    return overtakeWhenLate(sent, inFlight.deadlineMs, clock, inFlight.givenUp.signal);
  }

  async #write(
    writes: readonly { readonly operator: CheckpointedOperator; readonly write: (storage: SnapshotStorage) => Promise<OperatorSnapshot> }[],
    options: CheckpointOptions,
    inFlight: InFlight | undefined,
    sent: Promise<void> | undefined,
  ): Promise<Written> {
    const storage = this.parts.storageFor(options);
    const written = await Promise.all(
      writes.map(async ({ operator, write }) => {
        try {
          return [operator.operatorId, await write(storage)] as const;
        } catch (error) {
          throw operator.explain(error);
        }
      }),
    );
    await inFlight?.recorded;
    await sent;
    inFlight?.givenUp.signal.throwIfAborted();
    const captured = await inFlight?.writer.close();
    const operators = Object.fromEntries(written.filter(([, { keyed, lists }]) => keyed !== undefined || Object.keys(lists).length > 0));
    return captured === undefined ? { operators } : { operators, inFlight: captured };
  }

  async #notify(tell: (operator: CheckpointedOperator) => Promise<void>): Promise<void> {
    const told = this.parts.operators.map(async (operator) => {
      try {
        await tell(operator);
      } catch (error) {
        this.parts.reports.fail(operator.explain(error));
      }
    });
    await Promise.all(told);
  }
}

function sizesOf({ operators, inFlight }: Written): { readonly stateBytes: number; readonly writtenBytes: number } {
  const inFlightBytes = inFlight === undefined ? 0 : sizeOf(inFlight.bytes);
  let stateBytes = inFlightBytes;
  let writtenBytes = inFlightBytes;
  for (const { keyed, lists } of Object.values(operators)) {
    for (const { bytes, fresh } of keyed?.segments ?? []) {
      stateBytes += sizeOf(bytes);
      if (fresh) writtenBytes += sizeOf(bytes);
    }
    for (const { elements } of Object.values(lists)) {
      stateBytes += sizeOf(elements);
      writtenBytes += sizeOf(elements);
    }
  }
  return { stateBytes, writtenBytes };
}

function sizeOf(handle: BytesHandle): number {
  return handle.kind === 'file' ? handle.sizeBytes : handle.bytes.length;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
