import { chooseCompaction } from './choose-compaction.js';
import { compact, type EntryFilter } from './compaction.js';
import { flush } from './flush.js';
import { FrozenMemtable } from './frozen-memtable.js';
import type { Memtable } from './memtable.js';
import type { Run } from './run.js';
import { type NewFiles, RunWriter } from './run-writer.js';

/** Files of compactions are about this large; those of memtables are whole. */
const FILE_BYTES = 64 * 1024 * 1024;
/** More runs than this, and compaction goes faster. */
const USUAL_RUNS = 12;
/** Handled by compaction for each byte put, usually. More than it needs on average, so that it is done early. */
const COMPACTION_PACE = 5;
/** Flushed for each byte put: so a memtable is written before the next is half full. */
const FLUSH_PACE = 2.5;

interface Job {
  readonly steps: Generator<number, undefined>;
  readonly writer: RunWriter;
  /** What it merges; of a flush, none. */
  readonly runs: readonly Run[];
}

/**
 * Writes memtables out and merges runs, a little at a time, in the thread of the slot: each put pays for the work it causes, so that no put
 * waits long, memory and the number of files stay bounded, and what is done when does not depend on chance. (A thread of its own would save
 * no CPU time, and each of its results would have to be waited for.)
 */
export class Maintenance {
  /** Newest first. */
  runs: readonly Run[] = [];
  /** Being written or to be written, newest first. */
  frozen: readonly FrozenMemtable[] = [];
  /** Grows when `runs` or `frozen` change: cursors then start anew. */
  version = 0;
  /** Bytes of files written so far. */
  flushedBytes = 0;
  compactedBytes = 0;
  #flush: Job | undefined;
  /** Newest first. */
  #compactions: readonly Job[] = [];

  constructor(
    private readonly target: NewFiles,
    private readonly needed: EntryFilter,
    private readonly recycle: (table: Memtable) => void,
  ) {}

  freeze(table: Memtable): void {
    this.frozen = [new FrozenMemtable(table), ...this.frozen];
    this.version++;
  }

  /** Restored runs, newest first. */
  adopt(runs: readonly Run[]): void {
    this.runs = [...this.runs, ...runs];
    this.version++;
  }

  get idle(): boolean {
    return this.frozen.length === 0 && this.#compactions.length === 0 && chooseCompaction(this.runs, () => false) === undefined;
  }

  /** Does what `putBytes` bytes put have to pay for. Throws `StateFileWriteError`, `StateFileReadError`, `DamagedStateFileError`. */
  work(putBytes: number): void {
    if (this.frozen.length > 0) this.#workOnFlush(putBytes * FLUSH_PACE * this.frozen.length);
    this.#startCompaction();
    if (this.#compactions.length > 0) this.#workOnCompactions(putBytes * this.#compactionPace());
  }

  /** Writes out about so many bytes of the memtables; does nothing when there are none. Throws as `work` does. */
  workOnFlush(bytes: number): void {
    if (this.frozen.length > 0) this.#workOnFlush(bytes);
  }

  /** Gives up what is under way and lets go of all files. */
  close(): void {
    for (const job of [this.#flush, ...this.#compactions]) {
      job?.writer.abort();
      for (const run of job?.runs ?? []) run.release();
    }
    for (const run of this.runs) run.release();
    this.#flush = undefined;
    this.#compactions = [];
    this.runs = [];
    this.frozen = [];
    this.version++;
  }

  #compactionPace(): number {
    return COMPACTION_PACE * Math.max(1, (this.runs.length / USUAL_RUNS) ** 2);
  }

  #workOnFlush(bytes: number): void {
    for (let left = bytes; left > 0 && this.frozen.length > 0;) {
      const job = (this.#flush ??= this.#beginFlush(this.frozen.at(-1)!));
      const step = job.steps.next();
      if (step.done === true) this.#endFlush(job);
      else left -= step.value;
    }
  }

  #beginFlush({ table }: FrozenMemtable): Job {
    const writer = new RunWriter(this.target, {
      fileBytes: table.payloadBytes,
      hashesAFile: table.count + table.groupCount + 1,
      split: false,
    });
    return { steps: flush(table, writer, this.runs.length > 0), writer, runs: [] };
  }

  #endFlush(job: Job): void {
    const run = job.writer.finish();
    const memtable = this.frozen.at(-1)!;
    this.#flush = undefined;
    memtable.become(run);
    this.frozen = this.frozen.slice(0, -1);
    if (run !== undefined) this.runs = [run, ...this.runs];
    this.flushedBytes += run?.sizeBytes ?? 0;
    this.version++;
    this.recycle(memtable.table);
  }

  #startCompaction(): void {
    const busy = new Set(this.#compactions.flatMap(({ runs }) => runs));
    const range = chooseCompaction(this.runs, (run) => busy.has(run));
    if (range === undefined) return;
    const runs = this.runs.slice(range.from, range.to).map((run) => run.retain());
    const bytes = runs.reduce((sum, run) => sum + run.sizeBytes, 0);
    const entries = runs.reduce((sum, run) => sum + run.entries, 0);
    const fileBytes = Math.min(bytes, FILE_BYTES);
    const writer = new RunWriter(this.target, { fileBytes, hashesAFile: Math.ceil((1.1 * entries * fileBytes) / bytes) + 1, split: true });
    const steps = compact(runs, writer, range.to < this.runs.length, this.needed);
    this.#compactions = [{ steps, writer, runs }, ...this.#compactions];
  }

  /** The newest first: it is the smallest, and what keeps the number of runs low. */
  #workOnCompactions(bytes: number): void {
    let share = bytes;
    for (const job of this.#compactions) {
      share /= 2;
      for (let left = share; left > 0;) {
        const step = job.steps.next();
        if (step.done === true) {
          this.#endCompaction(job);
          break;
        }
        left -= step.value;
      }
    }
  }

  #endCompaction(job: Job): void {
    const run = job.writer.finish();
    const at = this.runs.indexOf(job.runs[0]!);
    const behind = at + job.runs.length;
    this.runs = [...this.runs.slice(0, at), ...(run === undefined ? [] : [run]), ...this.runs.slice(behind)];
    this.#compactions = this.#compactions.filter((other) => other !== job);
    this.compactedBytes += run?.sizeBytes ?? 0;
    this.version++;
    // Once for the job, once for the store.
    for (const merged of [...job.runs, ...job.runs]) merged.release();
  }
}
