import { type FileSystems, type JobId, joinPath, type Logger } from '#core';

/** In the staging directory: the jobs that an attempt has taken and not ended. */
const FILE = 'jobs.json';

/** A job, as its successor tells of it. */
export interface UnfinishedJob {
  readonly jobId: JobId;
  readonly name: string;
}

/**
 * Notes in the staging directory which jobs there are, so that the next attempt of the ApplicationMaster can say which are lost with
 * this one. A note that cannot be written is logged: jobs do not depend on it.
 */
export class UnfinishedJobs {
  readonly #jobs = new Map<JobId, UnfinishedJob>();
  #written: Promise<void> = Promise.resolve();
  #pending = false;

  constructor(
    private readonly files: FileSystems,
    private readonly stagingDirectory: string,
    private readonly logger: Logger,
  ) {}

  /** Those of the attempt before. */
  static async read(files: FileSystems, stagingDirectory: string): Promise<readonly UnfinishedJob[]> {
    const { path, fileSystem } = files.resolve(joinPath(stagingDirectory, FILE));
    if (!(await fileSystem.exists(path))) return [];
    const chunks: Buffer[] = [];
    for await (const chunk of fileSystem.stream(path)) chunks.push(chunk as Buffer);
    return parse(Buffer.concat(chunks).toString('utf8'));
  }

  accepted(job: UnfinishedJob): void {
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
      await file.write(Buffer.from(JSON.stringify([...this.#jobs.values()])));
      await file.close();
    } catch (error) {
      this.logger.warn('could not note the jobs of this attempt', { path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** What was being written when the attempt ended may be half a file. */
function parse(text: string): readonly UnfinishedJob[] {
  try {
    return JSON.parse(text) as readonly UnfinishedJob[];
  } catch {
    return [];
  }
}

/** The one line in which lost jobs are told; undefined when there are none. */
export function describeLostJobs(jobs: readonly UnfinishedJob[]): string | undefined {
  if (jobs.length === 0) return undefined;
  const names = jobs.map(({ jobId, name }) => `"${name}" (${jobId})`).join(', ');
  return `lost with the attempt of the ApplicationMaster before this one, since "high-availability" is off: ${names}`;
}
