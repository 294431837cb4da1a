import type { JobRun } from './standalone-cluster.js';
import type { PeerJob } from './peer.js';

export interface BenchSizes {
  readonly parallelism: number;
  readonly events: number;
  readonly keys: number;
  /** A text, and the number of its words. */
  readonly text: string;
  readonly words: number;
}

/** A job of ours, and the same job of the peer. */
export interface BenchedJob {
  readonly ours: JobRun;
  readonly peer: PeerJob;
  readonly unit: 'events' | 'words';
}

/** All jobs by name, in the order they are run. */
export function benchedJobs({ parallelism, events, keys, text, words }: BenchSizes): ReadonlyMap<string, BenchedJob> {
  const keyed = (name: string, peerName: string): BenchedJob => ({
    ours: { name, program: `bench/jobs/${name}.ts`, args: ['--events', `${events}`, '--keys', `${keys}`], parallelism, records: events },
    peer: { job: peerName, p: parallelism, events, keys },
    unit: 'events',
  });
  const wordCount = (name: string, program: string, mode: 'streaming' | 'batch'): BenchedJob => ({
    ours: { name, program: `bench/jobs/${program}.ts`, args: ['--input', text, '--mode', mode], parallelism, records: words },
    peer: { job: 'wordcount', p: parallelism, events: words, input: text, mode },
    unit: 'words',
  });
  const jobs = [
    keyed('pass-through', 'passthrough'),
    keyed('rolling-sum', 'rolling'),
    keyed('tumbling', 'tumbling'),
    keyed('sliding', 'sliding'),
    keyed('session', 'session'),
    keyed('interval-join', 'intervaljoin'),
    keyed('process', 'process'),
    wordCount('word-count', 'word-count', 'streaming'),
    wordCount('word-count-tuples', 'word-count-tuples', 'streaming'),
    wordCount('word-count-batch', 'word-count', 'batch'),
    wordCount('word-count-tuples-batch', 'word-count-tuples', 'batch'),
  ];
  return new Map(jobs.map((job) => [job.ours.name, job]));
}
