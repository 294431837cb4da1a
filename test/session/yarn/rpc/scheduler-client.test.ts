import { expect } from 'chai';
import { silentLogger, systemClock } from '#core';
import { ApplicationMasterDismissedError, RpcConnectionLostError } from '../../../../session/yarn/rpc/errors.js';
import { messageCodecs } from '../../../../session/yarn/rpc/message-codec.js';
import { type ContainerAsk, SchedulerClient } from '../../../../session/yarn/rpc/scheduler-client.js';
import { SchedulerConnection } from '../../../../session/yarn/rpc/scheduler-connection.js';
import {
  allocate,
  type AllocateRequest,
  finishApplicationMaster,
  registerApplicationMaster,
} from '../../../../session/yarn/rpc/yarn-messages.js';
import { rejection } from '../../../support/rejection.js';
import { type Answer, ScriptedServer } from './scripted-server.js';

const token = { identifier: Buffer.from('am'), password: Buffer.from('secret'), kind: 'YARN_AM_RM_TOKEN', service: '' };
const AT = { host: 'am', port: 8081, trackingUrl: 'http://am:8081' };
const NOT_REGISTERED: Answer = { className: 'org.apache.hadoop.yarn.exceptions.ApplicationMasterNotRegisteredException', message: 'who?' };
const ask = (count: number): ContainerAsk => ({ priority: 1, resource: { memoryMb: 1024, vcores: 1 }, count });

/** Answers as the ResourceManager does, unless the test has another answer for a call. */
class Scheduler {
  readonly heard: AllocateRequest[] = [];
  readonly calls: string[] = [];
  next: Answer[] = [];
  readonly #allocateAnswer = messageCodecs('message A { optional int32 response_id = 2; }')<{ response_id: number }>('A');

  answer(method: string, body: Buffer): Answer {
    this.calls.push(method);
    if (method === allocate.name) this.heard.push(allocate.request.decode(body));
    const scripted = method === registerApplicationMaster.name ? undefined : this.next.shift();
    if (scripted !== undefined) return scripted;
    if (method === finishApplicationMaster.name) return finishApplicationMaster.response.encode({ isUnregistered: true });
    if (method === registerApplicationMaster.name) return Buffer.alloc(0);
    return this.#allocateAnswer.encode({ response_id: this.heard.at(-1)!.response_id + 1 });
  }
}

describe('SchedulerClient', () => {
  let server: ScriptedServer;
  let scheduler: Scheduler;
  let client: SchedulerClient;

  beforeEach(async () => {
    scheduler = new Scheduler();
    server = await ScriptedServer.start({ token, answer: (method, body) => scheduler.answer(method, body) });
    const timeouts = { connectTimeoutMs: 5000, callTimeoutMs: 5000 };
    const unused = { host: '127.0.0.1', port: 1 };
    const connection = new SchedulerConnection({
      addresses: [unused, server.address],
      token,
      clock: systemClock,
      logger: silentLogger,
      ...timeouts,
    });
    client = new SchedulerClient(connection, silentLogger);
    await client.register(AT);
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  const heartbeat = (count: number): ReturnType<SchedulerClient['heartbeat']> =>
    client.heartbeat(() => ({ asks: [ask(count)], releases: [] }));
  const numbers = (): readonly number[] => scheduler.heard.map(({ response_id: id }) => id);

  it('numbers heartbeats by the last answer', async () => {
    for (const count of [1, 2, 3]) await heartbeat(count);
    expect(numbers()).to.deep.equal([0, 1, 2]);
  });

  it('says the same again when an answer was lost', async () => {
    await heartbeat(1);
    scheduler.next = ['hang-up'];
    expect(await rejection(heartbeat(2))).to.be.instanceOf(RpcConnectionLostError);
    await heartbeat(3);
    expect(numbers()).to.deep.equal([0, 1, 1]);
    expect(scheduler.heard.map((request) => request.ask[0]?.num_containers)).to.deep.equal([1, 2, 2]);
  });

  it('registers again with a ResourceManager that was restarted, and counts from 0', async () => {
    await heartbeat(1);
    scheduler.next = [NOT_REGISTERED];
    expect((await heartbeat(2)).resync).to.equal(true);
    expect((await heartbeat(3)).resync).to.equal(false);
    expect(numbers()).to.deep.equal([0, 1, 0]);
    expect(scheduler.calls).to.deep.equal(['registerApplicationMaster', 'allocate', 'allocate', 'registerApplicationMaster', 'allocate']);
  });

  it('does as it is told to resynchronise or to go', async () => {
    const command = messageCodecs('message C { optional int32 a_m_command = 1; }')<{ a_m_command: number }>('C');
    scheduler.next = [command.encode({ a_m_command: 1 }), command.encode({ a_m_command: 2 })];
    expect((await heartbeat(1)).resync).to.equal(true);
    expect(await rejection(heartbeat(1))).to.be.instanceOf(ApplicationMasterDismissedError);
  });

  it('is dismissed when the ResourceManager does not know the attempt', async () => {
    const className = 'org.apache.hadoop.yarn.exceptions.ApplicationAttemptNotFoundException';
    scheduler.next = [{ className, message: 'not in cache' }];
    expect(await rejection(heartbeat(1))).to.be.instanceOf(ApplicationMasterDismissedError);
  });

  it('has to ask for the end until it is noted', async () => {
    scheduler.next = [finishApplicationMaster.response.encode({ isUnregistered: false })];
    expect(await client.finish('SUCCEEDED', '', '')).to.equal(false);
    expect(await client.finish('SUCCEEDED', '', '')).to.equal(true);
  });

  it('registers first when it is to end and the ResourceManager was restarted', async () => {
    scheduler.next = [NOT_REGISTERED];
    expect(await client.finish('FAILED', 'why', '')).to.equal(false);
    expect(scheduler.calls.at(-1)).to.equal('registerApplicationMaster');
  });
});
