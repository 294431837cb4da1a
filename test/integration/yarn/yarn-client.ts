import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Configuration, loadHadoopConfiguration } from '#conf';
import { ResourceManagerClient } from '../../../session/yarn/client/resource-manager/client.js';
import { type ApplicationReport, hasEnded } from '../../../session/yarn/client/resource-manager/reports.js';
import { poll } from '../../testbed/poll.js';
import type { Testbed } from '../../testbed/testbed.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** How long a command may take, ms. */
const COMMAND_MS = 90_000;

/** Small containers, so that some fit on a testbed; a heartbeat often enough for tests. */
const SETTINGS: Readonly<Record<string, string>> = {
  'jobmanager.heap.mb': '768',
  'taskmanager.heap.mb': '768',
  'yarn.heartbeat-delay': '1',
};

/** A command that runs, or has ended. */
export class Command {
  out = '';
  err = '';
  readonly ended: Promise<number | string>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.ended = new Promise((settle, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        settle(code ?? signal ?? 'lost');
      });
    });
  }

  /** Types a line. */
  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  async writes(text: string): Promise<void> {
    await poll(`"${text}" of ${this.child.spawnargs.join(' ')}`, COMMAND_MS, () => {
      if (`${this.out}${this.err}`.includes(text)) return true;
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.out}${this.err}`);
      return false;
    });
  }

  /** The exit code. */
  async end(): Promise<number | string> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), COMMAND_MS);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  get applicationId(): string {
    const id = /application_\d+_\d+/.exec(this.out)?.[0];
    if (id === undefined) throw new Error(`no application id: ${this.out}${this.err}`);
    return id;
  }
}

/** A client machine of a testbed: a conf directory, a place for the properties file, and commands. */
export class YarnClient {
  readonly directory = mkdtempSync(join(tmpdir(), 'flink-ts-yarn-'));
  readonly #commands: Command[] = [];

  private constructor(
    private readonly testbed: Testbed,
    readonly resourceManager: ResourceManagerClient,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** @param environment of its commands, beside that of the tests and the testbed */
  static async of(
    testbed: Testbed,
    settings: Readonly<Record<string, string>> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<YarnClient> {
    const hadoop = await loadHadoopConfiguration(Configuration.empty, { environment: { HADOOP_CONF_DIR: testbed.confDirectory } });
    const client = new YarnClient(testbed, ResourceManagerClient.of(hadoop), environment);
    const all = { ...SETTINGS, 'yarn.properties-file.location': client.directory, ...settings };
    mkdirSync(join(client.directory, 'conf'));
    writeFileSync(
      join(client.directory, 'conf', 'flink-conf.yaml'),
      Object.entries(all)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join(''),
    );
    return client;
  }

  get propertiesFile(): string {
    return join(this.directory, `.yarn-properties-${userInfo().username}`);
  }

  /** Starts a command of `flink-ts`; its standard input stays open. */
  start(...words: string[]): Command {
    const command = new Command(
      spawn(resolve(ROOT, 'bin', 'flink-ts'), words, {
        cwd: this.directory,
        env: { ...process.env, ...this.testbed.exports, ...this.environment, FLINK_CONF_DIR: join(this.directory, 'conf') },
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
    this.#commands.push(command);
    return command;
  }

  /** Runs a command to its end; answers it with its exit code. */
  async run(...words: string[]): Promise<Command & { readonly code: number | string }> {
    const command = this.start(...words);
    return Object.assign(command, { code: await command.end() });
  }

  /** Writes a program, and answers its path. */
  program(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  async endOf(applicationId: string): Promise<ApplicationReport> {
    return await poll(`the end of ${applicationId}`, COMMAND_MS, async () => {
      const report = await this.resourceManager.report(applicationId);
      return hasEnded(report.state) && report;
    });
  }

  /** Applications that have not ended. */
  async running(): Promise<readonly ApplicationReport[]> {
    const states = 'NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING';
    const address = this.testbed.conf('yarn.resourcemanager.webapp.address');
    const { apps } = await getJson<{ apps: { app?: readonly ApplicationReport[] } | null }>(
      `http://${address}/ws/v1/cluster/apps?states=${states}`,
    );
    return apps?.app ?? [];
  }

  /** Ends what is left: commands, and applications. */
  async close(): Promise<void> {
    for (const { child } of this.#commands) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    for (const { id } of await this.running()) {
      await this.resourceManager.kill(id);
      await this.endOf(id);
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export async function getJson<T>(url: string): Promise<T> {
  return await new Promise<T>((settle, reject) => {
    const request = get(url, { timeout: 5000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if (response.statusCode === 200) settle(JSON.parse(text) as T);
        else reject(new Error(`${url} answers ${response.statusCode ?? 0}: ${text}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`${url} does not answer`)));
    request.on('error', reject);
  });
}
