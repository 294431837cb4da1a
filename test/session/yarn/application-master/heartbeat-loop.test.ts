import { expect } from 'chai';
import { silentLogger } from '#core';
import { ResourceManagerLostError } from '../../../../session/yarn/application-master/errors.js';
import { HeartbeatLoop } from '../../../../session/yarn/application-master/heartbeat-loop.js';
import { ApplicationMasterDismissedError, RpcConnectionLostError } from '../../../../session/yarn/rpc/errors.js';
import type { Allocation } from '../../../../session/yarn/rpc/scheduler-client.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { settled } from '../../../support/until.js';

const NOTHING: Allocation = { resync: false, allocated: [], completed: [] };
const SETTINGS = { intervalMs: 5000, busyIntervalMs: 500, maxWaitMs: 10_000 };

class Scene {
  readonly clock = new ManualClock();
  readonly times: number[] = [];
  busy = false;
  failure: Error | undefined;
  ended: Error | undefined;
  readonly loop: HeartbeatLoop;

  constructor() {
    this.loop = new HeartbeatLoop(
      {
        heartbeat: () => {
          this.times.push(this.clock.now());
          return this.failure ? Promise.reject(this.failure) : Promise.resolve(NOTHING);
        },
      },
      SETTINGS,
      {
        next: () => ({ asks: [], releases: [] }),
        onAnswer: () => {},
        isBusy: () => this.busy,
        onEnd: (error) => {
          this.ended = error;
        },
      },
      this.clock,
      silentLogger,
    );
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      await settled(3);
      this.clock.advance(100);
    }
    await settled(3);
  }
}

describe('HeartbeatLoop', () => {
  it('keeps its interval, and is quicker while containers are awaited', async () => {
    const scene = new Scene();
    await scene.pass(10_000);
    expect(scene.times).to.deep.equal([0, 5000, 10_000]);
    scene.busy = true;
    scene.loop.hurry();
    await scene.pass(2000);
    expect(scene.times.slice(3)).to.deep.equal([10_000, 10_100, 10_300, 10_700, 11_200, 11_700]);
    await scene.loop.stop();
  });

  it('waits for a ResourceManager that is away, for a time', async () => {
    const scene = new Scene();
    await scene.pass(1000);
    scene.failure = new RpcConnectionLostError('rm:8030', 'gone');
    await scene.pass(8000);
    scene.failure = undefined;
    await scene.pass(2000);
    expect(scene.ended).to.equal(undefined);
    scene.failure = new RpcConnectionLostError('rm:8030', 'gone');
    await scene.pass(20_000);
    expect(scene.ended).to.be.instanceOf(ResourceManagerLostError);
  });

  it('ends at once when it is dismissed', async () => {
    const scene = new Scene();
    scene.failure = new ApplicationMasterDismissedError('killed');
    await scene.pass(5000);
    expect(scene.ended).to.equal(scene.failure);
  });

  it('says nothing more once it is stopped', async () => {
    const scene = new Scene();
    await scene.pass(100);
    await scene.loop.stop();
    await scene.pass(20_000);
    expect(scene.times).to.deep.equal([0]);
    expect(scene.ended).to.equal(undefined);
  });
});
