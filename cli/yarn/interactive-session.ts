import { createInterface, type Interface } from 'node:readline';
import {
  addressOf,
  type ApplicationReport,
  type ClusterClient,
  connectToCluster,
  hasEnded,
  readableDiagnostics,
  removePropertiesFile,
  removeStaging,
  type ResourceManagerClient,
  stopCluster,
} from '#session';
import type { Terminal } from '../terminal.js';

/** How often the session is looked at, ms. */
const POLL_MS = 3000;

const HELP = 'Available commands:\nhelp - show these commands\nstop - stop the YARN session';

export interface InteractiveSessionOptions {
  readonly terminal: Terminal;
  readonly resourceManager: ResourceManagerClient;
  readonly applicationId: string;
  /** Known to whoever started the session. */
  readonly stagingDirectory: string | undefined;
  readonly propertiesFile: string;
  /** Whether this client started the session: then Ctrl-C ends it. */
  readonly owned: boolean;
  readonly signal: AbortSignal;
}

/** What ends an interactive session: a command, a signal, or the application itself. */
type Ending = 'stop' | 'interrupt' | ApplicationReport;

/**
 * A client attached to a session on YARN: tells of its TaskManagers, takes commands, and stops the session when it is told to, or, if it
 * started it, by Ctrl-C. The end of the input ends nothing: the session may well have been started by a script.
 */
export class InteractiveSession {
  readonly #options: InteractiveSessionOptions;
  #connected: { readonly address: string; readonly client: ClusterClient } | undefined;
  #taskManagers = 0;
  #messages: readonly string[] = [];

  constructor(options: InteractiveSessionOptions) {
    this.#options = options;
  }

  /** Answers the exit code. */
  async run(): Promise<number> {
    const ending = await this.#untilEnding();
    await this.#disconnect();
    if (ending === 'stop') return await this.#stop();
    if (ending === 'interrupt') return await (this.#options.owned ? this.#stop() : this.#leave());
    return await this.#ended(ending);
  }

  async #untilEnding(): Promise<Ending> {
    const { signal } = this.#options;
    return await new Promise<Ending>((resolve, reject) => {
      let over = false;
      let timer: NodeJS.Timeout | undefined;
      const finish = (ending: Ending): void => {
        over = true;
        clearTimeout(timer);
        input.close();
        resolve(ending);
      };
      const interrupt = (): void => {
        finish('interrupt');
      };
      const poll = (): void => {
        this.#poll().then((ended) => {
          if (over) return;
          if (ended) finish(ended);
          else timer = setTimeout(poll, POLL_MS);
        }, reject);
      };
      const input = this.#readCommands(finish, () => over);
      signal.addEventListener('abort', interrupt, { once: true });
      if (signal.aborted) interrupt();
      else poll();
    });
  }

  #readCommands(end: (ending: Ending) => void, isOver: () => boolean): Interface {
    const { terminal } = this.#options;
    const lines = createInterface({ input: terminal.input, terminal: false });
    lines.on('line', (line) => {
      const command = line.trim();
      if (command === 'stop' || command === 'quit') end('stop');
      else if (command === 'help') terminal.printError(HELP);
      else terminal.printError(`Unknown command '${command}'. Showing help: \n${HELP}`);
    });
    lines.on('close', () => {
      if (terminal.inputIsTyped && !isOver()) terminal.printError('No more commands can be typed; Ctrl-C ends this client.');
    });
    return lines;
  }

  /** Tells what has changed; answers the report of an application that has ended. */
  async #poll(): Promise<ApplicationReport | undefined> {
    const { terminal, resourceManager, applicationId } = this.#options;
    try {
      const report = await resourceManager.report(applicationId);
      if (hasEnded(report.state)) return report;
      const { taskManagers, slotsTotal, messages } = await (await this.#clientFor(report)).overview();
      this.#tellMessages(messages);
      if (taskManagers !== this.#taskManagers) {
        terminal.printError(`Number of connected TaskManagers changed to ${taskManagers}. Slots available: ${slotsTotal}`);
      }
      this.#taskManagers = taskManagers;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      terminal.printError(`Could not retrieve the current cluster status. Skipping current retrieval attempt ... (${reason})`);
    }
    return undefined;
  }

  /** The next attempt of an ApplicationMaster is elsewhere. */
  async #clientFor(report: ApplicationReport): Promise<ClusterClient> {
    const target = addressOf(report);
    const address = `${target.host}:${target.port}`;
    if (this.#connected?.address === address) return this.#connected.client;
    await this.#disconnect();
    const client = await connectToCluster(target);
    this.#connected = { address, client };
    return client;
  }

  async #disconnect(): Promise<void> {
    await this.#connected?.client.close();
    this.#connected = undefined;
  }

  #tellMessages(messages: readonly string[]): void {
    const fresh = messages.filter((message) => !this.#messages.includes(message));
    if (fresh.length > 0) this.#options.terminal.printError(`New messages from the YARN cluster: \n${fresh.join('\n')}`);
    this.#messages = messages;
  }

  async #stop(): Promise<number> {
    const { applicationId, terminal, propertiesFile } = this.#options;
    terminal.print('Sending shutdown request to the Application Master');
    const report = await stopCluster(this.#options);
    await removePropertiesFile(propertiesFile, applicationId);
    this.#tellEnd(report);
    return report.finalStatus === 'SUCCEEDED' ? 0 : 1;
  }

  async #leave(): Promise<number> {
    const { terminal, applicationId } = this.#options;
    terminal.print(`The YARN session ${applicationId} goes on; stop it with: echo "stop" | flink-ts yarn-session -id ${applicationId}`);
    return await Promise.resolve(0);
  }

  async #ended(report: ApplicationReport): Promise<number> {
    const { terminal, propertiesFile, owned, applicationId, stagingDirectory } = this.#options;
    const failed = report.finalStatus !== 'SUCCEEDED';
    if (failed) terminal.printError('The YARN cluster has failed');
    this.#tellEnd(report);
    if (owned) await removePropertiesFile(propertiesFile, applicationId);
    if (failed && stagingDirectory !== undefined) await removeStaging(stagingDirectory);
    terminal.print('Stopping interactive command line interface, YARN cluster has been stopped.');
    return failed ? 1 : 0;
  }

  #tellEnd(report: ApplicationReport): void {
    const { terminal } = this.#options;
    const { id, state, finalStatus } = report;
    terminal.print(`Application ${id} finished with state ${state} and final state ${finalStatus}`);
    if (state === 'FINISHED') return;
    terminal.printError(`Application failed. Diagnostics ${readableDiagnostics(report)}`);
    terminal.printError(
      'If log aggregation is activated in the Hadoop cluster, we recommend to retrieve the full application log using this command:\n' +
        `\tyarn logs -applicationId ${id}\n(It sometimes takes a few seconds until the logs are aggregated)`,
    );
  }
}
