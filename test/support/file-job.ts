import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newJobId, toFileUri, type FileSystem, type JobId } from '#core';
import type { Sink } from '#api';
import { FileCommitter } from '../../api/sinks/files/file-committer.js';
import { type FileSinkSettings, FileSinkWriter } from '../../api/sinks/files/file-sink-writer.js';
import { SinkCheckpoints } from '../../runtime/operators/sink-checkpoints.js';
import { type ListValues, ListStates, redistributed } from './list-states.js';
import type { ManualClock } from './manual-clock.js';
import { Mortality, mortalFileSystem } from './mortal-files.js';
import { testSinkContext } from './sink-driver.js';

export type FileJobStep =
  | { readonly kind: 'records'; readonly count: number }
  /** With records that come while the snapshot is being brought out. */
  | { readonly kind: 'checkpoint'; readonly meanwhile: number; readonly declined: boolean }
  | { readonly kind: 'wait'; readonly ms: number };

/** How an attempt goes: with how many subtasks, after how many file operations it dies at the latest, and what it does before. */
export interface AttemptPlan {
  readonly parallelism: number;
  readonly operations: number;
  readonly steps: readonly FileJobStep[];
}

interface Subtask {
  readonly sink: SinkCheckpoints;
  readonly states: ListStates;
}

/** A job that writes the numbers from 0 on to files: its source, its coordinator, and the subtasks of its file sink, which may die. */
export class FileJob {
  readonly #jobId: JobId = newJobId();
  #attempt = 0;
  #checkpointId = 0;
  #position = 0;
  #complete: { readonly id: number; readonly position: number; readonly states: readonly ListValues[] } | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly directory: string,
    private readonly settings: FileSinkSettings<number>,
    private readonly records: number,
    private readonly clock: ManualClock,
  ) {}

  /** How many records are in the last complete checkpoint: no others may be visible. */
  get completePosition(): number {
    return this.#complete?.position ?? 0;
  }

  /** What a reader of the output sees, file by file. */
  visibleFiles(): string[] {
    return this.#files().flatMap((name) =>
      name.includes('/.') || name.startsWith('.') ? [] : [readFileSync(join(this.directory, name), 'utf8')],
    );
  }

  hiddenFiles(): string[] {
    return this.#files().filter((name) => name.includes('/.') || name.startsWith('.'));
  }

  /** One attempt, from the last complete checkpoint, that dies as planned, or at the end of its steps. */
  async attemptAndDie({ parallelism, operations, steps }: AttemptPlan): Promise<void> {
    const mortality = new Mortality(operations);
    const subtasks = this.#deploy(parallelism, mortality);
    try {
      await this.#all(subtasks, ({ sink }) => sink.open());
      for (const step of steps) await this.#do(step, subtasks);
    } catch (error) {
      if (!mortality.dead) throw error;
    }
    mortality.kill();
    await Promise.allSettled(subtasks.map(({ sink }) => sink.close()));
  }

  /** An attempt that lives and comes to the end of the input. */
  async finish(parallelism: number): Promise<void> {
    const subtasks = this.#deploy(parallelism, new Mortality(Infinity));
    await this.#all(subtasks, ({ sink }) => sink.open());
    this.#write(this.records, subtasks);
    await this.#all(subtasks, ({ sink }) => sink.writer.flush(true));
    await this.#checkpoint(subtasks, 0, false);
    await this.#all(subtasks, ({ sink }) => sink.close());
  }

  #deploy(parallelism: number, mortality: Mortality): readonly Subtask[] {
    this.#failure = undefined;
    const restored = redistributed(this.#complete?.states ?? [], parallelism);
    this.#position = this.completePosition;
    const sink = this.#sink(mortality);
    const attempt = this.#attempt++;
    return restored.map((lists, subtaskIndex) => {
      const states = new ListStates(lists);
      const options = { subtaskIndex, parallelism, attempt, jobId: this.#jobId, clock: this.clock, checkpointing: true };
      const context = testSinkContext(this.#complete === undefined ? options : { ...options, restoredCheckpointId: this.#complete.id }, {
        fail: (error) => {
          this.#failure ??= { error };
        },
      });
      return { states, sink: new SinkCheckpoints(sink, context, states, undefined) };
    });
  }

  #sink(mortality: Mortality): Sink<unknown> {
    const { writer: recoverableWriter, ...fileSystem } = mortalFileSystem(mortality);
    const place = { fileSystem: fileSystem as FileSystem, recoverableWriter, basePath: toFileUri(this.directory) };
    return {
      createWriter: (context, restored = []) => new FileSinkWriter<unknown>(context, place, this.settings, restored),
      createCommitter: () => new FileCommitter(recoverableWriter),
    };
  }

  async #do(step: FileJobStep, subtasks: readonly Subtask[]): Promise<void> {
    if (step.kind === 'records') this.#write(step.count, subtasks);
    else if (step.kind === 'wait') this.clock.advance(step.ms);
    else await this.#checkpoint(subtasks, step.meanwhile, step.declined);
    await new Promise(setImmediate);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #write(count: number, subtasks: readonly Subtask[]): void {
    for (let left = count; left > 0 && this.#position < this.records; left--) {
      const value = this.#position++;
      subtasks[value % subtasks.length]?.sink.writer.write(value, value);
    }
  }

  async #checkpoint(subtasks: readonly Subtask[], meanwhile: number, declined: boolean): Promise<void> {
    const id = ++this.#checkpointId;
    const position = this.#position;
    const taken = this.#all(subtasks, ({ sink }) => sink.snapshot(id, 0));
    this.#write(meanwhile, subtasks);
    await taken;
    if (declined) return this.#all(subtasks, ({ sink }) => Promise.resolve(sink.aborted(id)));
    this.#complete = { id, position, states: subtasks.map(({ states }) => states.values()) };
    await this.#all(subtasks, ({ sink }) => sink.completed(id));
  }

  /** Waits for all, then throws the first failure. */
  async #all(subtasks: readonly Subtask[], work: (subtask: Subtask) => Promise<unknown>): Promise<void> {
    const results = await Promise.allSettled(subtasks.map(work));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  #files(): string[] {
    const entries = readdirSync(this.directory, { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(this.directory.length + 1)] : []));
  }
}
