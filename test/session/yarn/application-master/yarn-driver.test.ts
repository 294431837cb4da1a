import { expect } from 'chai';
import { silentLogger, type TaskManagerId } from '#core';
import { TooManyFailedContainersError } from '../../../../session/yarn/application-master/errors.js';
import { YarnDriver } from '../../../../session/yarn/application-master/yarn-driver.js';
import type { Allocation, Heartbeat, SchedulerClient } from '../../../../session/yarn/rpc/scheduler-client.js';
import type { LaunchContextMessage } from '../../../../session/yarn/rpc/yarn-messages.js';
import type { Container } from '../../../../session/yarn/rpc/yarn-nouns.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { settled } from '../../../support/until.js';
import { container, containers, demand, RESOURCE, status } from './samples.js';

const CONTEXT: LaunchContextMessage = { localResources: [], tokens: Buffer.alloc(0), environment: [], command: [] };
const AT = { host: 'am', port: 1, trackingUrl: 'http://am:1' };

/** A driver between a ResourceManager that answers what the test puts on, and a JobManager that notes what it hears. */
class Scene {
  readonly clock = new ManualClock();
  readonly heard: Heartbeat[] = [];
  readonly ends: unknown[] = [];
  readonly started: string[] = [];
  readonly lost: [string, string][] = [];
  readonly released: string[] = [];
  readonly next: Partial<Allocation>[] = [];
  fatal: Error | undefined;
  startError: Error | undefined;
  previous: readonly Container[] = [];
  readonly driver: YarnDriver;

  constructor(fixedWorkers: number | undefined, maximumFailed?: number) {
    this.driver = new YarnDriver({
      resourceManager: this.#resourceManager(),
      nodeManagers: { start: (_node, launches) => this.#start(launches[0]!.container.name) },
      launchContext: () => CONTEXT,
      workers: { resource: RESOURCE, priority: 1, nodeLabel: undefined, slotsPerWorker: 2, fixedWorkers },
      heartbeats: { intervalMs: 1000, busyIntervalMs: 500, maxWaitMs: 10_000 },
      maximumFailed,
      idleTimeoutMs: 30_000,
      registrationTimeoutMs: 60_000,
      applicationStatus: (final) => (final === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED'),
      diagnostics: () => '',
      clock: this.clock,
      logger: silentLogger,
    });
  }

  #resourceManager(): SchedulerClient {
    const client: Partial<SchedulerClient> = {
      register: () => Promise.resolve({ maximum: { memoryMb: 4096, vcores: 4 }, previous: this.previous }),
      heartbeat: (next) => {
        this.heard.push(next());
        return Promise.resolve({ resync: false, allocated: [], completed: [], ...this.next.shift() });
      },
      finish: (...end) => {
        this.ends.push(end.slice(0, 2));
        return Promise.resolve(true);
      },
      close: () => {},
    };
    return client as SchedulerClient;
  }

  #start(name: string): Promise<readonly []> {
    this.started.push(name);
    return this.startError ? Promise.reject(this.startError) : Promise.resolve([]);
  }

  async begin(): Promise<void> {
    await this.driver.start({
      onWorkerLost: (id, reason) => this.lost.push([id, reason]),
      releaseIdle: (id) => {
        this.released.push(id);
        this.driver.onDemand(demand(0, { 2: 0 }));
        return true;
      },
      onFatal: (error) => {
        this.fatal = error;
      },
    });
    await this.driver.register(AT);
    await settled(3);
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      this.clock.advance(100);
      await settled(3);
    }
  }

  get asked(): readonly number[] {
    return this.heard.flatMap(({ asks }) => asks.map(({ count }) => count));
  }
}

describe('YarnDriver', () => {
  it('starts a fixed number of TaskManagers, and replaces one that fails with a reason', async () => {
    const scene = new Scene(2);
    scene.next.push({}, { allocated: containers(1, 2) }, { completed: [status(1, 137, 'Killed')] }, {}, { allocated: containers(3) });
    await scene.begin();
    expect(scene.driver.fixedSlots).to.equal(4);
    await scene.pass(5000);
    expect(scene.started).to.deep.equal([1, 2, 3].map((number) => container(number).name));
    expect(scene.asked).to.deep.equal([2, 1]);
    expect(scene.lost).to.have.length(1);
    expect(scene.lost[0]![1]).to.include('failed. Exit status: 137');
  });

  it('asks on demand, and gives idle TaskManagers back', async () => {
    const scene = new Scene(undefined);
    await scene.begin();
    scene.driver.onDemand(demand(3));
    await scene.pass(100);
    expect(scene.asked).to.deep.equal([2]);
    scene.next.push({ allocated: containers(1, 2) });
    await scene.pass(1000);
    scene.driver.onDemand(demand(0, { 1: 2, 2: 0 }));
    await scene.pass(32_000);
    expect(scene.released).to.deep.equal([container(1).name]);
    expect(scene.heard.flatMap(({ releases }) => releases.map(({ id }) => id))).to.deep.equal([1n]);
  });

  it('ends the session when too many containers fail', async () => {
    const scene = new Scene(1);
    const failing = (number: number): Partial<Allocation>[] => [{ allocated: containers(number) }, { completed: [status(number, 1)] }];
    scene.next.push({}, ...failing(1), ...failing(2));
    await scene.begin();
    await scene.pass(10_000);
    expect(scene.fatal).to.be.instanceOf(TooManyFailedContainersError);
    expect(scene.fatal!.message).to.include(
      'Stopping YARN session because the number of failed containers (2) exceeded the maximum failed containers (1). ' +
        "This number is controlled by the 'yarn.maximum-failed-containers' configuration setting.",
    );
    await scene.driver.finish('SUCCEEDED', '');
    expect(scene.ends).to.deep.equal([['FAILED', scene.fatal!.message]]);
  });

  it('goes on for ever when the limit is -1', async () => {
    const scene = new Scene(1, -1);
    for (let number = 1; number < 6; number++) scene.next.push({}, { allocated: containers(number) }, { completed: [status(number, 1)] });
    await scene.begin();
    await scene.pass(30_000);
    expect(scene.fatal).to.equal(undefined);
  });

  it('gives a container back that cannot be started, or whose TaskManager never comes', async () => {
    const scene = new Scene(1, 10);
    scene.startError = new Error('no route to host');
    scene.next.push({}, { allocated: containers(1) });
    await scene.begin();
    await scene.pass(2000);
    scene.startError = undefined;
    scene.next.push({ allocated: containers(2) });
    await scene.pass(70_000);
    expect(scene.heard.flatMap(({ releases }) => releases.map(({ id }) => id))).to.deep.equal([1n, 2n]);
  });

  it('takes over the containers of an earlier attempt', async () => {
    const scene = new Scene(2);
    scene.previous = containers(5, 6);
    await scene.begin();
    scene.driver.onDemand(demand(0, { 5: 2, 6: 2 }));
    await scene.pass(5000);
    expect(scene.asked).to.deep.equal([]);
    expect(scene.started).to.deep.equal([]);
  });

  it('tells the ResourceManager how the application ended', async () => {
    const scene = new Scene(1);
    await scene.begin();
    await scene.driver.finish('SUCCEEDED', 'well done');
    expect(scene.ends).to.deep.equal([['SUCCEEDED', 'well done']]);
    scene.next.push({ completed: [status(1, 0)] });
    await scene.pass(5000);
    expect(scene.lost).to.deep.equal([] as [TaskManagerId, string][]);
  });
});
