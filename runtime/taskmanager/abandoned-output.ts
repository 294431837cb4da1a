import type { FileSystems, JobId, Logger } from '#core';
import { deleteScratch } from '../schedule/output-files.js';

/**
 * Unfinished output of jobs whose JobManager was lost. It is deleted only when that JobManager is known to be gone: while it lives, it
 * cleans up itself, and may be running the job again in the same directories.
 */
export class AbandonedOutput {
  readonly #abandoned = new Map<JobId, readonly string[]>();
  #jobManagerId: string | undefined;

  constructor(
    private readonly files: FileSystems,
    private readonly logger: Logger,
  ) {}

  /** Jobs that ran here when the JobManager of that id was lost. */
  add(jobId: JobId, scratch: readonly string[]): void {
    this.#abandoned.set(jobId, scratch);
  }

  /** A JobManager answered. If it is the one that was lost, its jobs are its own affair. */
  async jobManagerFound(id: string): Promise<void> {
    const same = id === this.#jobManagerId;
    this.#jobManagerId = id;
    if (same) this.#abandoned.clear();
    else await this.#delete();
  }

  /** Nobody listens at the address of the JobManager: its process is gone. */
  async jobManagerGone(): Promise<void> {
    await this.#delete();
  }

  async #delete(): Promise<void> {
    const directories = [...this.#abandoned.values()].flat();
    this.#abandoned.clear();
    await deleteScratch(directories, this.files, this.logger);
  }
}
