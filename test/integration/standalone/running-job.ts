import type { Installation } from './command-line.js';

export interface RunningVertex {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}
interface JobList {
  readonly jobs: readonly { readonly jid: string; readonly state: string }[];
}
interface Checkpoints {
  readonly counts: { readonly completed: number };
}

/** The one job of a cluster, as its REST shows it. */
export class RunningJob {
  private constructor(
    private readonly cluster: Installation,
    readonly jobId: string,
  ) {}

  /** Waits until the job is there and `RUNNING`. */
  static async of(cluster: Installation): Promise<RunningJob> {
    const { jobs } = await cluster.restUntil<JobList>('/jobs/overview', ({ jobs: all }) => all[0]?.state === 'RUNNING');
    return new RunningJob(cluster, jobs[0]!.jid);
  }

  async until(holds: (vertices: readonly RunningVertex[]) => boolean): Promise<readonly RunningVertex[]> {
    const path = `/jobs/${this.jobId}`;
    return (await this.cluster.restUntil<{ vertices: readonly RunningVertex[] }>(path, ({ vertices }) => holds(vertices))).vertices;
  }

  async allRun(): Promise<void> {
    await this.until((vertices) => vertices.every(({ status }) => status === 'RUNNING' || status === 'FINISHED'));
  }

  /** Waits for so many more complete checkpoints. */
  async checkpointed(more = 1): Promise<void> {
    const path = `/jobs/${this.jobId}/checkpoints`;
    const { counts } = await this.cluster.rest<Checkpoints>(path);
    await this.cluster.restUntil<Checkpoints>(path, (now) => now.counts.completed >= counts.completed + more);
  }
}
