import type { ExecutionTarget } from '#api';
import { type Configuration, webPort } from '#conf';
import { type ClusterClient, connectToCluster, type HostAndPort, startLocalCluster } from '#session';
import type { Terminal } from './terminal.js';

/** Where the jobs of a program run unless it says otherwise: in this process, or on a cluster. */
export type Destination = { readonly kind: 'local' } | { readonly kind: 'remote'; readonly target: HostAndPort };

/** A local run opens no port, unless `-D rest.port=…` says which: 0 takes any. */
function asksForWeb(configuration: Configuration): boolean {
  return configuration.find(webPort)?.entry.origin.layer === 'dynamic-property';
}

/** The clusters that the environments of a program ask for; each is connected to, or started, once. */
export class ProgramClusters {
  readonly #clients = new Map<string, Promise<ClusterClient>>();
  readonly #choice: Destination;
  readonly #configuration: Configuration;
  readonly #terminal: Terminal;
  readonly #quiet: boolean;

  constructor(choice: Destination, configuration: Configuration, terminal: Terminal, quiet: boolean) {
    this.#choice = choice;
    this.#configuration = configuration;
    this.#terminal = terminal;
    this.#quiet = quiet;
    // Begun while the program is being compiled; an error shows when the program asks.
    this.client({ kind: 'default' }).catch(() => undefined);
  }

  client(target: ExecutionTarget): Promise<ClusterClient> {
    if (target.kind === 'remote') return this.#once(`${target.host}:${target.port}`, async () => await connectToCluster(target));
    if (target.kind === 'default' && this.#choice.kind === 'remote') return this.client({ ...this.#choice.target, kind: 'remote' });
    const settings = target.kind === 'local' ? target : { web: false, configuration: {} };
    return this.#once(
      'local',
      async () =>
        await startLocalCluster({
          configuration: this.#configuration.with(settings.configuration),
          web: settings.web || asksForWeb(this.#configuration),
          print: (stream, text) => {
            (stream === 'stdout' ? process.stdout : process.stderr).write(text);
          },
          onWebStarted: (url) => {
            if (!this.#quiet) this.#terminal.print(`JobManager web interface address ${url}`);
          },
        }),
    );
  }

  async close(): Promise<void> {
    const closing = [...this.#clients.values()];
    this.#clients.clear();
    for (const connecting of closing) {
      const client = await connecting.catch(() => undefined);
      await client?.close();
    }
  }

  #once(key: string, connect: () => Promise<ClusterClient>): Promise<ClusterClient> {
    const known = this.#clients.get(key);
    if (known) return known;
    const client = connect();
    this.#clients.set(key, client);
    return client;
  }
}
