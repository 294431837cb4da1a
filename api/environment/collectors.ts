import type { JobClient } from '../graph/stream-graph.js';

/** A place for records that a job hands back to its program. */
export interface Collector {
  readonly id: string;
  /** The job that has the collector, once the program has submitted it. */
  readonly client: Promise<JobClient>;
}

interface WaitingCollector {
  resolve(client: JobClient): void;
  reject(error: unknown): void;
}

/** The collectors of the job that is being built. Their names are the same in every replay of the program. */
export class Collectors {
  #waiting: WaitingCollector[] = [];
  #made = 0;

  add(): Collector {
    const client = new Promise<JobClient>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    // Who reads the records sees the error; a program that does not read them learns it from `execute`.
    client.catch(() => undefined);
    return { id: `collector-${++this.#made}`, client };
  }

  /** Submits a job and tells its collectors how that went. */
  async of(submit: () => Promise<JobClient>): Promise<JobClient> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const client = await submit();
      for (const collector of waiting) collector.resolve(client);
      return client;
    } catch (error) {
      for (const collector of waiting) collector.reject(error);
      throw error;
    }
  }
}
