import type { ExecutionTarget, Executor } from '#api';
import { Configuration } from '#conf';
import type { ClusterClient } from '../client/cluster-client.js';
import { connectToCluster } from '../client/connect-to-cluster.js';
import type { SelfRunConditions } from '../default-executor.js';
import { bundleProgram } from '../program/bundle-program.js';
import { type ProgramConditions, type ProgramHistory, SubmittingExecutor } from '../program/submitting-executor.js';
import type { SubmittedProgram } from '../program/submitted-program.js';
import { SharedClient } from './shared-client.js';
import { startLocalCluster } from './start-local-cluster.js';

/** A program that node runs by itself: its file is the script of the process, and its cluster lives for as long as a job runs. */
export class SelfRunProgram {
  readonly #conditions: SelfRunConditions;
  readonly #history: ProgramHistory = { jobs: [], onceResults: [] };
  readonly #clusters = new Map<string, SharedClient>();
  #program: Promise<SubmittedProgram> | undefined;

  constructor(conditions: SelfRunConditions) {
    this.#conditions = conditions;
    process.setSourceMapsEnabled(true);
  }

  executor(target: ExecutionTarget): Promise<Executor> {
    const program = async (): Promise<SubmittedProgram> => await (this.#program ??= bundleProgram(process.argv[1] ?? ''));
    program().catch(() => undefined); // Begun early; an error shows at the submission.
    const client = this.#clusterOf(target);
    const conditions = this.#programConditions(target);
    return Promise.resolve(new SubmittingExecutor({ program, client, conditions, history: this.#history, detached: false, listener: {} }));
  }

  #clusterOf(target: ExecutionTarget): ClusterClient {
    const key = JSON.stringify(target);
    const known = this.#clusters.get(key);
    if (known) return known;
    const client = new SharedClient(
      async () => await connect(target),
      target.kind === 'remote' ? `${target.host}:${target.port}` : undefined,
    );
    this.#clusters.set(key, client);
    return client;
  }

  #programConditions(target: ExecutionTarget): ProgramConditions {
    const { startMs, randomSeed, defaults } = this.#conditions;
    const { parallelism, configuration } = defaults(target);
    return {
      file: process.argv[1] ?? '',
      args: process.argv.slice(2),
      entry: undefined,
      clockStartMs: startMs,
      randomSeed,
      environment: {},
      defaultParallelism: parallelism,
      configuration,
    };
  }
}

async function connect(target: ExecutionTarget): Promise<ClusterClient> {
  if (target.kind === 'remote') return await connectToCluster(target);
  return await startLocalCluster({
    configuration: target.kind === 'local' ? Configuration.of(target.configuration) : Configuration.empty,
    web: target.kind === 'local' && target.web,
    print: (stream, text) => {
      (stream === 'stdout' ? process.stdout : process.stderr).write(text);
    },
    onWebStarted: (url) => {
      process.stderr.write(`JobManager web interface address ${url}\n`);
    },
  });
}
