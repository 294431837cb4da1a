import type { Clock, JobId, Logger } from '#core';
import type { SinkWriterContext, SourceReaderContext } from '#api';
import type { CheckpointOptions } from '../checkpoint/handles.js';
import { encodePlain } from '../plan/plain-values.js';
import type { SnapshotReader, SnapshotStorage } from '../state/snapshot-storage.js';
import type { FeedbackLoops } from '../iteration/feedback-loops.js';
import type { SlotReport } from './deployment.js';
import type { InstrumentStage } from './instrument-stage.js';

/** What all subtasks of a slot share. */
export interface SlotEnvironment {
  readonly jobId: JobId;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the cluster and the job. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Aborted when the slot is told to stop. */
  readonly signal: AbortSignal;
  readonly results: ResultSender;
  /** Between the ends of loops. */
  readonly feedback: FeedbackLoops;
  /** Of tests only. */
  readonly instrument: InstrumentStage | undefined;
  /** Whether checkpoints are made at intervals. */
  readonly checkpointing: boolean;
  /** Whether barriers may overtake records. */
  readonly overtaking: boolean;
  /** Reads what is restored. */
  readonly snapshotReader: SnapshotReader;
  /** Where snapshots for a checkpoint go. */
  storageFor(options: CheckpointOptions): SnapshotStorage;
  report(report: SlotReport): void;
  /** Has the slot's loop look at its tasks again. */
  wake(): void;
}

/** Where a subtask stands, for the contexts of its sources and sinks. */
export interface SubtaskPlace {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly attempt: number;
  /** The checkpoint that it begins from. */
  readonly restoredCheckpointId: number | undefined;
  fail(error: unknown): void;
}

/** Sends results to the client, batch by batch; a batch is answered when there is room for another. */
export class ResultSender {
  readonly #waiting = new Map<number, () => void>();
  #sequence = 0;

  constructor(private readonly report: (report: SlotReport) => void) {}

  send(collectorId: string, records: readonly unknown[]): Promise<void> {
    const sequence = this.#sequence++;
    return new Promise((resolve) => {
      this.#waiting.set(sequence, resolve);
      this.report({ type: 'collect', collectorId, sequence, records: encodePlain(records) });
    });
  }

  collected(sequence: number): void {
    this.#waiting.get(sequence)?.();
    this.#waiting.delete(sequence);
  }
}

export function sourceContext(
  environment: SlotEnvironment,
  place: SubtaskPlace,
  hooks: Pick<SourceReaderContext, 'wake' | 'requestSplit'>,
): SourceReaderContext {
  const { jobId, clock, logger, signal } = environment;
  const { subtaskIndex, parallelism } = place;
  return {
    subtaskIndex,
    parallelism,
    jobId,
    clock,
    logger,
    signal,
    ...hooks,
    fail: (error) => {
      place.fail(error);
    },
  };
}

export function sinkContext(environment: SlotEnvironment, place: SubtaskPlace): SinkWriterContext {
  const { jobId, clock, logger, signal, configuration } = environment;
  const { subtaskIndex, parallelism, attempt } = place;
  return {
    subtaskIndex,
    parallelism,
    attempt,
    jobId,
    restoredCheckpointId: place.restoredCheckpointId,
    checkpointing: environment.checkpointing,
    clock,
    logger,
    configuration,
    signal,
    wake: () => {
      environment.wake();
    },
    fail: (error) => {
      place.fail(error);
    },
    sendToClient: (collectorId, records) => environment.results.send(collectorId, records),
    print: (stream, text) => {
      environment.report({ type: 'print', stream, text });
    },
  };
}
