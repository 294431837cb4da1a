import { randomUUID } from 'node:crypto';
import { joinPath, type FileSystem, type PendingFile, type RecoverablePosition, type RecoverableWriter, type Timer } from '#core';
import type { FinishStep, SinkSnapshot, SinkWriter, SinkWriterContext } from '../../connector/sink.js';
import type { BucketAssigner } from './bucket-assigner.js';
import { deleteLeftovers } from './leftovers.js';
import { PartFile } from './part-file.js';
import type { PartContent, PartFormat } from './part-format.js';
import { partPaths, type PartPaths } from './part-names.js';
import type { RollingPolicy } from './rolling-policy.js';
import { scratchPaths } from './scratch.js';
import { WriteBudget } from './write-budget.js';

export interface FileSinkSettings<T> {
  readonly format: PartFormat<T>;
  readonly bucketAssigner: BucketAssigner<T>;
  readonly rollingPolicy: RollingPolicy<T>;
  readonly bucketCheckIntervalMs: number;
  readonly partPrefix: string;
  readonly partSuffix: string;
}

export interface FileSinkPlace {
  readonly fileSystem: FileSystem;
  readonly recoverableWriter: RecoverableWriter;
  /** Absolute. */
  readonly basePath: string;
}

/** A part file in progress as it is kept in checkpoints. */
interface InProgressState {
  readonly bucketId: string;
  readonly position: RecoverablePosition;
}

interface OpenPart<T> {
  readonly file: PartFile;
  readonly content: PartContent<T>;
}

/** Writes one subtask's records to a part file in each bucket; ends files as the policy says, to be committed with the next checkpoint. */
export class FileSinkWriter<T> implements SinkWriter<T> {
  readonly #settings: FileSinkSettings<T>;
  readonly #budget: WriteBudget;
  readonly #uid = randomUUID();
  readonly #parts = new Map<string, OpenPart<T>>();
  /** Ended since the last snapshot. */
  #ended: Promise<PendingFile>[] = [];
  /** Files being ended. */
  readonly #ending = new Set<PartFile>();
  /** The context given for every record; only its numbers change. */
  readonly #record = { currentProcessingTime: 0, timestamp: 0 };
  #made = 0;
  #epoch: number;
  #timer: Timer | undefined;

  constructor(
    private readonly context: SinkWriterContext,
    private readonly place: FileSinkPlace,
    settings: FileSinkSettings<T>,
    restored: readonly unknown[],
  ) {
    this.#settings = settings;
    this.#epoch = context.restoredCheckpointId ?? 0;
    this.#budget = new WriteBudget(() => {
      context.wake();
    });
    for (const state of restored as readonly InProgressState[]) this.#resume(state);
  }

  get blocked(): boolean {
    return this.#budget.blocked;
  }

  async open(): Promise<void> {
    const { attempt, restoredCheckpointId } = this.context;
    const { fileSystem, basePath } = this.place;
    if (attempt > 0 || restoredCheckpointId !== undefined) await deleteLeftovers(fileSystem, basePath, this.context);
    await Promise.all([...this.#parts.values()].map(({ file }) => file.written()));
    this.#checkLater();
  }

  write(value: T, timestamp: number): void {
    const { rollingPolicy, bucketAssigner } = this.#settings;
    const now = this.context.clock.now();
    this.#record.currentProcessingTime = now;
    this.#record.timestamp = timestamp;
    const bucketId = bucketAssigner.getBucketId(value, this.#record);
    let part = this.#parts.get(bucketId);
    if (part !== undefined && rollingPolicy.shouldRollOnEvent(part.file, value)) {
      this.#end(part);
      part = undefined;
    }
    part ??= this.#begin(bucketId, now);
    part.content.add(value);
    part.file.lastUpdateTime = now;
    if (this.#budget.blocked) this.#sendAll();
  }

  async flush(endOfInput: boolean): Promise<readonly FinishStep[]> {
    if (endOfInput) {
      this.#timer?.cancel();
      for (const part of [...this.#parts.values()]) this.#end(part);
      await Promise.all(this.#ended);
    } else await Promise.all([...this.#parts.values()].map(({ file }) => file.written()));
    return [];
  }

  async snapshot(checkpointId: number): Promise<SinkSnapshot> {
    this.#epoch = checkpointId;
    for (const part of [...this.#parts.values()]) {
      if (this.#settings.rollingPolicy.shouldRollOnCheckpoint(part.file)) this.#end(part);
    }
    const inProgress = [...this.#parts].map(async ([bucketId, { file }]): Promise<InProgressState> => {
      return { bucketId, position: await file.persist() };
    });
    const ended = this.#ended;
    this.#ended = [];
    const [state, committables] = await Promise.all([Promise.all(inProgress), Promise.all(ended)]);
    return { state, committables };
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    const files = [...this.#ending, ...[...this.#parts.values()].map(({ file }) => file)];
    this.#parts.clear();
    await Promise.all(files.map((file) => file.close()));
  }

  #begin(bucketId: string, nowMs: number): OpenPart<T> {
    const { target, temporary } = this.#newPaths(bucketId);
    return this.#track(
      new PartFile({
        bucketId,
        budget: this.#budget,
        nowMs,
        startBytes: 0,
        open: () => this.place.recoverableWriter.open(target, temporary),
        fail: this.context.fail,
      }),
    );
  }

  /** Goes on with a file of the restored checkpoint. When the bucket has one already, it is ended as it is. */
  #resume({ bucketId, position }: InProgressState): void {
    const file = new PartFile({
      bucketId,
      budget: this.#budget,
      nowMs: this.context.clock.now(),
      startBytes: position.positionBytes,
      open: () => this.place.recoverableWriter.recover(position),
      fail: this.context.fail,
    });
    if (this.#parts.has(bucketId)) this.#endFile(file, () => undefined);
    else this.#track(file);
  }

  #track(file: PartFile): OpenPart<T> {
    const part = { file, content: this.#settings.format(file) };
    this.#parts.set(file.bucketId, part);
    return part;
  }

  #newPaths(bucketId: string): PartPaths {
    const { partPrefix, partSuffix } = this.#settings;
    const { context, place } = this;
    const directory = joinPath(place.basePath, bucketId);
    const name = `${partPrefix}-${this.#uid}-${this.#made++}${partSuffix}`;
    if (!context.checkpointing) return scratchPaths(place.basePath, directory, name, context.jobId);
    return partPaths(directory, name, { jobId: context.jobId, subtaskIndex: context.subtaskIndex, epoch: this.#epoch });
  }

  #end({ file, content }: OpenPart<T>): void {
    this.#parts.delete(file.bucketId);
    this.#endFile(file, () => content.finish());
  }

  #endFile(file: PartFile, finish: () => void | Promise<void>): void {
    this.#ending.add(file);
    const ended = file.closeForCommit(finish);
    ended.then(
      () => this.#ending.delete(file),
      () => undefined,
    );
    this.#ended.push(ended);
  }

  #sendAll(): void {
    for (const { file } of this.#parts.values()) file.send();
  }

  #checkLater(): void {
    this.#timer = this.context.clock.setTimer(
      this.#settings.bucketCheckIntervalMs,
      () => {
        this.#endOverdue();
        this.#checkLater();
      },
      { background: true },
    );
  }

  #endOverdue(): void {
    const now = this.context.clock.now();
    for (const part of [...this.#parts.values()]) {
      if (this.#settings.rollingPolicy.shouldRollOnProcessingTime(part.file, now)) this.#end(part);
    }
  }
}
