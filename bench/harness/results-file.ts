import { appendFileSync, mkdirSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Keeps every measurement as a line of JSON, outside the checkout. */
export class ResultsFile {
  readonly path: string;

  constructor(section: string) {
    const directory = join(tmpdir(), 'flink-ts-bench');
    mkdirSync(directory, { recursive: true });
    this.path = join(directory, `${section}.jsonl`);
  }

  add(result: object): void {
    const circumstances = { at: new Date().toISOString(), node: process.version, cores: availableParallelism(), load: loadavg()[0] };
    appendFileSync(this.path, `${JSON.stringify({ ...result, ...circumstances })}\n`);
  }
}
