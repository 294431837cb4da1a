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
  /** Where clusters of their own are needed for it. */
  readonly backend?: Backend;
}

export type Backend = 'hashmap' | 'rocksdb';

/** What a cluster is started with, ours and the peer's. */
export const BACKEND_SETTINGS: Readonly<Record<Backend, { readonly ours: Settings; readonly peer: Settings }>> = {
  hashmap: { ours: {}, peer: {} },
  rocksdb: {
    // 256 MB a slot
    ours: { 'state.backend': 'rocksdb', 'state.backend.incremental': 'true', 'state.backend.rocksdb.memory.fixed-per-slot': '256 mb' },
    peer: {
      'state.backend.type': 'rocksdb',
      'execution.checkpointing.incremental': 'true',
      'state.backend.rocksdb.memory.fixed-per-slot': '256 mb',
    },
  },
};

type Settings = Readonly<Record<string, string>>;

/** Keys of the jobs whose state is large. */
const MANY_KEYS = 1_000_000;

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
  const stored = (name: string, program: string, peer: Omit<PeerJob, 'p' | 'events' | 'keys'>): BenchedJob => ({
    ours: { name, program, args: ['--events', `${events}`, '--keys', `${MANY_KEYS}`], parallelism, records: events },
    peer: { ...peer, p: parallelism, events, keys: MANY_KEYS },
    unit: 'events',
    backend: 'rocksdb',
  });
  const jobs: readonly BenchedJob[] = [
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
    stored('rolling-sum-rocksdb', 'bench/jobs/rolling-sum.ts', { job: 'rolling' }),
    stored('large-values-rocksdb', 'bench/jobs/large-values.ts', { job: 'state', pad: 1000 }),
  ];
  return new Map(jobs.map((job) => [job.ours.name, job]));
}
