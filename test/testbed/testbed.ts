import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from './daemon.js';
import { Guardian } from './guardian.js';
import {
  formatNameNodes,
  hdfsReady,
  makeActive,
  makeStandardDirectories,
  nameNodePages,
  nameNodesAnswer,
  runJava,
  stateOf,
} from './hdfs-readiness.js';
import { confDirectory } from './java-daemon.js';
import { endOrphanedContainers } from './processes.js';
import type { TestbedOptions } from './service.js';
import { planTestbed, readPlan, type TestbedPlan } from './testbed-plan.js';
import { yarnReady } from './yarn-readiness.js';

const quiet = (): void => undefined;

/**
 * Real daemons of Hadoop on this machine, each testbed with its own directory and ports. About 0.7 GB and 10 s for HDFS and YARN with one
 * node each: one testbed for a file of tests.
 *
 * @example
 * const testbed = await Testbed.start({ hdfs: { dataNodes: 2 }, yarn: {} });
 * await testbed.dataNode(2).kill();
 * await testbed.stop();
 */
export class Testbed {
  readonly daemons: readonly Daemon[];
  readonly #guardian: Guardian | undefined;

  private constructor(
    readonly plan: TestbedPlan,
    private readonly temporary: boolean,
  ) {
    this.daemons = plan.services.flatMap(({ daemons }) => daemons.map((daemon) => new Daemon(daemon, plan.home)));
    this.#guardian = temporary ? new Guardian(plan.home) : undefined;
  }

  /** Starts all that is asked for and waits until it serves. What was begun is taken back when that fails. */
  static async start(options: TestbedOptions, say: (line: string) => void = quiet): Promise<Testbed> {
    const home = options.home ?? mkdtempSync(join(tmpdir(), 'flink-ts-testbed-'));
    mkdirSync(home, { recursive: true });
    const plan = readPlan(home) ?? (await planTestbed(home, options, say));
    const testbed = new Testbed(plan, options.home === undefined);
    try {
      await testbed.#startDaemons();
      await testbed.ready();
      await makeStandardDirectories(plan);
    } catch (error) {
      await testbed.stop({ keepFiles: true });
      throw error;
    }
    return testbed;
  }

  /** The testbed that another process started in a directory; undefined when there is none. */
  static at(home: string): Testbed | undefined {
    const plan = readPlan(home);
    return plan && new Testbed(plan, false);
  }

  /** Value of `HADOOP_CONF_DIR` for clients. */
  get confDirectory(): string {
    return confDirectory(this.plan.home);
  }

  /** A Hadoop setting of the testbed, such as `fs.defaultFS`. */
  conf(key: string): string {
    const value = this.plan.conf[key];
    if (value === undefined) throw new Error(`the testbed has no "${key}"`);
    return value;
  }

  /** Variables that a client process needs. */
  get exports(): Readonly<Record<string, string>> {
    const ofServices = this.plan.services.map((service) => service.exports);
    return Object.assign({ HADOOP_CONF_DIR: this.confDirectory }, ...ofServices) as Record<string, string>;
  }

  nameNode(number: 1 | 2 = 1): Daemon {
    return this.#daemon(`namenode-${number}`);
  }

  dataNode(number = 1): Daemon {
    return this.#daemon(`datanode-${number}`);
  }

  get resourceManager(): Daemon {
    return this.#daemon('resourcemanager');
  }

  nodeManager(number = 1): Daemon {
    return this.#daemon(`nodemanager-${number}`);
  }

  /** Base address of a NameNode's web interface. */
  nameNodePage(number: 1 | 2 = 1): string {
    return nameNodePages(this.plan)[number - 1]!;
  }

  /** An administrator's command, such as `safemode enter`: `hdfs dfsadmin -safemode enter`. */
  dfsAdmin(command: string, ...args: string[]): Promise<void> {
    return runJava(this.plan, { main: 'org.apache.hadoop.hdfs.tools.DFSAdmin', heapMb: 64, args: [`-${command}`, ...args] });
  }

  /** Manual fail-over between two NameNodes. */
  makeActive(number: 1 | 2): Promise<void> {
    return makeActive(this.plan, number);
  }

  /** State of one of two NameNodes: `active`, `standby`, or undefined when it does not answer. */
  nameNodeState(number: 1 | 2): Promise<string | undefined> {
    return stateOf(this.plan, number);
  }

  /** Waits until the daemons that run now make a whole: HDFS out of safe mode, every DataNode and NodeManager known. */
  async ready(): Promise<void> {
    const running = this.daemons.filter((daemon) => daemon.pid !== undefined);
    const of = (service: string): Daemon[] => running.filter(({ plan }) => plan.service === service);
    if (of('hdfs').length > 0) await hdfsReady(this.plan, of('hdfs'));
    if (of('yarn').length > 0) await yarnReady(this.plan.conf, of('yarn'));
  }

  /** Ends containers whose NodeManager was killed; those of one that runs would be ended too. */
  endContainers(): Promise<void> {
    return endOrphanedContainers(this.plan.home);
  }

  /** Stops the daemons, last started first, and all containers. Files of a temporary testbed are removed. */
  async stop({ keepFiles = false }: { readonly keepFiles?: boolean } = {}): Promise<void> {
    for (const kind of ['nodemanager', 'resourcemanager', 'datanode', 'namenode']) {
      await Promise.all(this.daemons.filter(({ name }) => name.startsWith(kind)).map((daemon) => daemon.stop()));
    }
    await endOrphanedContainers(this.plan.home);
    this.#guardian?.dismiss();
    if (this.temporary && !keepFiles) rmSync(this.plan.home, { recursive: true, force: true });
  }

  /** All at once: those that need others try again until they are there. */
  async #startDaemons(): Promise<void> {
    const stopped = this.daemons.filter((daemon) => daemon.pid === undefined);
    const [nameNodes, others] = [stopped.filter(isNameNode), stopped.filter((daemon) => !isNameNode(daemon))];
    for (const daemon of others) daemon.start();
    if (nameNodes.length > 0) await formatNameNodes(this.plan);
    for (const daemon of nameNodes) daemon.start();
    if (nameNodes.length === 2) {
      await nameNodesAnswer(this.plan, nameNodes);
      await this.makeActive(1);
    }
  }

  #daemon(name: string): Daemon {
    const found = this.daemons.find((daemon) => daemon.name === name);
    if (found === undefined) throw new Error(`the testbed has no ${name}; it has ${this.daemons.map((daemon) => daemon.name).join(', ')}`);
    return found;
  }
}

function isNameNode({ name }: Daemon): boolean {
  return name.startsWith('namenode');
}
