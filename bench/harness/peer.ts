import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Measurement } from './measurement.js';
import { inPackage } from './package-root.js';

/** A job of the peer, as its command line takes it. */
export interface PeerJob {
  readonly job: string;
  readonly p: number;
  readonly events: number;
  readonly keys?: number;
  readonly input?: string;
  readonly mode?: 'streaming' | 'batch';
  /** Of `latency`: events a second, buffer timeout in ms, keyed exchanges, and the directory for histograms. */
  readonly evs?: number;
  readonly buffer?: string;
  readonly hops?: number;
  readonly out?: string;
  /** Of `state`: bytes of a value. */
  readonly pad?: number;
}

interface PeerAnswer {
  readonly error?: string;
  readonly net_s?: number;
  readonly tm_cpu_s?: number;
  readonly tm_rss_mb?: number;
}

const MARK = 'DRIVER ';

/** Where the peer's harness is: `FLINK_PEER` has its `cluster.py`, `PEER_HOME` the installation. Undefined when one is not set. */
export function peerDirectory(): string | undefined {
  return process.env['PEER_HOME'] === undefined ? undefined : process.env['FLINK_PEER'];
}

/** A cluster of the real Flink with one TaskManager of two slots, driven through its own harness. */
export class PeerCluster {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<PeerAnswer, undefined>;

  private constructor(directory: string, settings: Readonly<Record<string, string>>) {
    const args = [inPackage('bench', 'harness', 'peer-driver.py'), directory, JSON.stringify(settings)];
    this.#child = spawn('python3', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = answersIn(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Ready when two slots are registered. */
  static async start(directory: string, settings: Readonly<Record<string, string>> = {}): Promise<PeerCluster> {
    const cluster = new PeerCluster(directory, settings);
    await cluster.#answer('its start');
    return cluster;
  }

  async run(name: string, job: PeerJob): Promise<Measurement> {
    this.#child.stdin.write(`${JSON.stringify({ ...job, runs: 1 })}\n`);
    const { net_s = Number.NaN, tm_cpu_s = Number.NaN, tm_rss_mb = Number.NaN } = await this.#answer(`job "${job.job}"`);
    return { engine: 'flink', job: name, records: job.events, netSeconds: net_s, cpuSeconds: tm_cpu_s, rssMb: tm_rss_mb };
  }

  /** Stops the cluster and waits for its end. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => {
      this.#child.once('close', resolve);
    });
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await ended;
  }

  async #answer(what: string): Promise<PeerAnswer> {
    const next = await this.#answers.next();
    if (next.done === true) throw new Error(`the peer ended during ${what}`);
    if (next.value.error !== undefined) throw new Error(`the peer failed in ${what}: ${next.value.error}`);
    return next.value;
  }
}

/** The answers of the driver; whatever else the peer's tools print is passed on. */
async function* answersIn(output: Readable): AsyncGenerator<PeerAnswer, undefined, undefined> {
  for await (const line of createInterface({ input: output })) {
    if (line.startsWith(MARK)) yield JSON.parse(line.slice(MARK.length)) as PeerAnswer;
    else process.stderr.write(`${line}\n`);
  }
  return undefined;
}
