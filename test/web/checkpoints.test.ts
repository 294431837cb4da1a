import { expect } from 'chai';
import { silentLogger, systemClock } from '#core';
import { Configuration } from '#conf';
import type { FastifyInstance } from 'fastify';
import type { CheckpointOptions } from '../../runtime/checkpoint/handles.js';
import { buildRestApp } from '../../web/rest-app.js';
import { until } from '../support/until.js';
import { JOB_ID, jobGraph, ScriptedGateway } from './scripted-gateway.js';

describe('checkpoints over REST', () => {
  let gateway: ScriptedGateway;
  let app: FastifyInstance;
  const options = { kind: 'checkpoint', unaligned: false } as CheckpointOptions;

  beforeEach(async () => {
    gateway = new ScriptedGateway();
    gateway.addJob();
    app = await buildRestApp({
      gateway,
      configuration: Configuration.empty,
      clock: systemClock,
      logger: silentLogger,
      logPath: undefined,
      onShutDown: () => undefined,
    });
  });
  afterEach(async () => {
    await app.close();
  });

  async function get(path: string): Promise<Record<string, unknown>> {
    return (await app.inject({ method: 'GET', url: path })).json();
  }

  async function triggered(path: string, body: Record<string, unknown>): Promise<string> {
    const response = await app.inject({ method: 'POST', url: path, payload: body });
    expect(response.statusCode).to.equal(202);
    return response.json<Record<string, string>>()['request-id']!;
  }

  it('are told in the form of Flink', async () => {
    const [vertex] = jobGraph().vertices;
    const { statistics } = gateway;
    const metrics = { alignmentMs: 1, syncMs: 2, asyncMs: 3, stateBytes: 100, writtenBytes: 40, startDelayMs: 4 };
    statistics.triggered(1, 1000, options);
    statistics.acknowledged(1, { vertexId: vertex!.id, subtaskIndex: 0 }, metrics);
    statistics.completed(1, 'file:///c/chk-1');
    statistics.triggered(2, 2000, options);
    statistics.failed(2, 'expired');
    const list = await get(`/jobs/${JOB_ID}/checkpoints`);
    expect(list['counts']).to.deep.equal({ restored: 0, total: 2, in_progress: 0, completed: 1, failed: 1 });
    expect(list).to.have.nested.property('summary.state_size.max', 100);
    expect(list).to.have.nested.property('latest.completed.external_path', 'file:///c/chk-1');
    expect(list).to.have.nested.property('latest.failed.failure_message', 'expired');
    expect(list).to.have.nested.property('history[0].id', 2);
    const details = await get(`/jobs/${JOB_ID}/checkpoints/details/1`);
    expect(details).to.include({
      className: 'completed',
      status: 'COMPLETED',
      checkpointed_size: 40,
      num_subtasks: jobGraph().vertices.reduce((sum, { parallelism }) => sum + parallelism, 0),
      checkpoint_type: 'CHECKPOINT',
    });
    const task = await get(`/jobs/${JOB_ID}/checkpoints/details/1/subtasks/${vertex!.id}`);
    expect(task).to.have.nested.property('subtasks[0].checkpoint.sync', 2);
    expect((await app.inject({ method: 'GET', url: `/jobs/${JOB_ID}/checkpoints/details/9` })).statusCode).to.equal(404);
    expect(await get(`/jobs/${JOB_ID}/checkpoints/config`)).to.include({ mode: 'exactly_once', timeout: 600_000, max_concurrent: 1 });
  });

  it('and savepoints are begun, and asked for by their id', async () => {
    let complete!: (path: string) => void;
    gateway.savepoint = new Promise((resolve) => {
      complete = resolve;
    });
    const id = await triggered(`/jobs/${JOB_ID}/savepoints`, { 'target-directory': 'file:///s', 'cancel-job': true });
    expect(await get(`/jobs/${JOB_ID}/savepoints/${id}`)).to.deep.equal({ status: { id: 'IN_PROGRESS' }, operation: null });
    complete('file:///s/savepoint-1');
    await until(() => true);
    expect(await get(`/v1/jobs/${JOB_ID}/savepoints/${id}`)).to.deep.equal({
      status: { id: 'COMPLETED' },
      operation: { location: 'file:///s/savepoint-1' },
    });
    expect(gateway.savepoints).to.deep.equal([{ jobId: JOB_ID, targetDirectory: 'file:///s', then: 'cancel' }]);
  });

  it('tell why a savepoint failed, and begin nothing twice for one trigger id', async () => {
    gateway.savepoint = new Error('no room');
    const triggerId = 'ab'.repeat(16);
    for (let count = 0; count < 2; count++) {
      expect(await triggered(`/jobs/${JOB_ID}/stop`, { drain: true, targetDirectory: null, triggerId })).to.equal(triggerId);
    }
    expect(gateway.savepoints.map(({ then }) => then)).to.deep.equal(['drain']);
    await until(() => true);
    const view = await get(`/jobs/${JOB_ID}/savepoints/${triggerId}`);
    expect(view).to.have.nested.property('operation.failure-cause.error.message', 'no room');
    expect((await app.inject({ method: 'GET', url: `/jobs/${JOB_ID}/savepoints/${'0'.repeat(32)}` })).statusCode).to.equal(404);
  });

  it('and a stop begin by GET, all that goes through the proxy of YARN', async () => {
    for (const path of ['/stop', '/yarn-stop']) {
      const response = await app.inject({ method: 'GET', url: `/jobs/${JOB_ID}${path}` });
      expect(response.statusCode).to.equal(202);
      await until(() => true);
      expect(await get(response.json<{ location: string }>().location)).to.have.nested.property('operation.location', gateway.savepoint);
    }
    expect(gateway.savepoints).to.deep.equal(Array(2).fill({ jobId: JOB_ID, then: 'suspend' }));
  });

  it('and a stop are refused at once when nothing says where the savepoint is to go', async () => {
    gateway.configuration = Configuration.empty;
    const response = await app.inject({ method: 'GET', url: `/jobs/${JOB_ID}/yarn-stop` });
    expect(response.statusCode).to.equal(400);
    expect(response.body).to.include('No savepoint directory configured.');
    expect(gateway.savepoints).to.deep.equal([]);
  });

  it('are made at once, and savepoints are disposed', async () => {
    const id = await triggered(`/jobs/${JOB_ID}/checkpoints`, { checkpointType: 'FULL' });
    await until(() => true);
    expect(await get(`/jobs/${JOB_ID}/checkpoints/${id}`)).to.deep.equal({ status: { id: 'COMPLETED' }, operation: { checkpointId: 8 } });
    const disposal = await triggered('/savepoint-disposal', { 'savepoint-path': 'file:///s' });
    await until(() => true);
    expect(await get(`/savepoint-disposal/${disposal}`)).to.deep.equal({ status: { id: 'COMPLETED' }, operation: {} });
    expect(gateway.disposed).to.deep.equal(['file:///s']);
  });
});
