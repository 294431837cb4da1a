import { type FileSystems, type JobId, joinPath, type Logger } from '#core';
import type { LostJob } from '#runtime';

/** In the staging directory: the jobs that an attempt has taken and not ended, and those that were lost before it. */
const FILE = 'jobs.json';

/**
 * Notes in the staging directory which jobs there are, so that the next attempt of the ApplicationMaster can say which are lost with
 * this one. A note that cannot be written is logged: jobs do not depend on it.
 */
export class UnfinishedJobs {
  readonly #jobs = new Map<JobId, LostJob>();
  #written: Promise<void> = Promise.resolve();
  #pending = false;

  constructor(
    private readonly files: FileSystems,
    private readonly stagingDirectory: string,
    private readonly logger: Logger,
    /** Those of the attempts before. */
    readonly lost: readonly LostJob[],
  ) {}

  /** What the attempts before this one, if any, have left. */
  static async read(files: FileSystems, stagingDirectory: string): Promise<readonly LostJob[]> {
    const { path, fileSystem } = files.resolve(joinPath(stagingDirectory, FILE));
    if (!(await fileSystem.exists(path))) return [];
    const chunks: Buffer[] = [];
    for await (const chunk of fileSystem.stream(path)) chunks.push(chunk as Buffer);
    return parse(Buffer.concat(chunks).toString('utf8'));
  }

  accepted(job: LostJob): void {
    this.#jobs.set(job.jobId, job);
    this.#write();
  }

  ended(jobId: JobId): void {
    this.#jobs.delete(jobId);
    this.#write();
  }

  /** Ends when all that was noted is written. */
  async settled(): Promise<void> {
    await this.#written;
  }

  #write(): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#written = this.#written.then(() => this.#writeNow());
  }

  async #writeNow(): Promise<void> {
    this.#pending = false;
    const { path, fileSystem } = this.files.resolve(joinPath(this.stagingDirectory, FILE));
    try {
      const file = await fileSystem.create(path, { overwrite: true });
      await file.write(Buffer.from(JSON.stringify([...this.lost, ...this.#jobs.values()])));
      await file.close();
    } catch (error) {
      this.logger.warn('could not note the jobs of this attempt', { path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** What was being written when the attempt ended may be half a file. */
function parse(text: string): readonly LostJob[] {
  try {
    return JSON.parse(text) as readonly LostJob[];
  } catch {
    return [];
  }
}
