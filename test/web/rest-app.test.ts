import { expect } from 'chai';
import { Script } from 'node:vm';
import type { FastifyInstance } from 'fastify';
import { silentLogger, systemClock } from '#core';
import { Configuration } from '#conf';
import { buildRestApp } from '../../web/rest-app.js';
import { JOB_ID, jobGraph, ScriptedGateway, SINK, SOURCE, START_MS } from './scripted-gateway.js';

describe('web/rest-app', () => {
  let gateway: ScriptedGateway;
  let app: FastifyInstance;
  let shutDowns = 0;

  beforeEach(async () => {
    gateway = new ScriptedGateway();
    shutDowns = 0;
    app = await buildRestApp({
      gateway,
      configuration: Configuration.of({
        'taskmanager.numberOfTaskSlots': '4',
        'security.ssl.key-password': 'geheim',
        'web.refresh-interval': '500',
      }),
      clock: { ...systemClock, now: () => START_MS + 1000 },
      logger: silentLogger,
      logPath: undefined,
      onShutDown: () => {
        shutDowns++;
      },
    });
  });
  afterEach(async () => {
    await app.close();
  });

  const get = async (url: string): Promise<{ status: number; body: unknown }> => {
    const response = await app.inject({ method: 'GET', url });
    return { status: response.statusCode, body: response.json() };
  };

  it('gives the overview with the field names of Flink, also below /v1', async () => {
    const { body } = await get('/overview');
    expect(body).to.have.all.keys(
      'taskmanagers',
      'slots-total',
      'slots-available',
      'jobs-running',
      'jobs-finished',
      'jobs-cancelled',
      'jobs-failed',
      'flink-version',
      'flink-commit',
    );
    expect((await get('/v1/overview')).body).to.deep.equal(body);
    gateway.messages.push('all is well');
    expect((await get('/overview')).body).to.have.deep.property('messages', ['all is well']);
  });

  it('tells the dashboard its refresh interval', async () => {
    expect((await get('/config')).body).to.include({ 'refresh-interval': 500 });
  });

  it('masks secrets in the configuration', async () => {
    expect((await get('/jobmanager/config')).body).to.deep.equal([
      { key: 'security.ssl.key-password', value: '******' },
      { key: 'taskmanager.numberOfTaskSlots', value: '4' },
      { key: 'web.refresh-interval', value: '500' },
    ]);
  });

  it('lists jobs by id, and with their tasks', async () => {
    gateway.addJob();
    expect((await get('/jobs')).body).to.deep.equal({ jobs: [{ id: JOB_ID, status: 'RUNNING' }] });
    expect((await get('/jobs/overview')).body).to.deep.equal({
      jobs: [
        {
          jid: JOB_ID,
          name: 'word count',
          state: 'RUNNING',
          'start-time': START_MS,
          'end-time': -1,
          duration: 1000,
          'last-modification': START_MS + 20,
          tasks: {
            total: 4,
            created: 0,
            scheduled: 0,
            deploying: 0,
            initializing: 0,
            running: 4,
            finished: 0,
            canceling: 0,
            canceled: 0,
            failed: 0,
            reconciling: 0,
          },
        },
      ],
    });
    expect((await get('/joboverview/completed')).body).to.deep.equal({ jobs: [] });
  });

  it('gives a job with its vertices and its plan', async () => {
    gateway.addJob();
    const { body } = await get(`/jobs/${JOB_ID}`);
    expect(body).to.deep.include({ jid: JOB_ID, state: 'RUNNING', 'job-type': 'STREAMING', duration: 1000, maxParallelism: -1 });
    const { vertices, plan } = body as { vertices: Record<string, unknown>[]; plan: { nodes: unknown[] } };
    expect(vertices[0]).to.deep.include({ id: SOURCE, status: 'RUNNING', parallelism: 2, 'start-time': START_MS + 10, duration: 990 });
    expect(vertices[0]?.['metrics']).to.deep.include({ 'write-records': 40, 'write-records-complete': true, 'accumulated-busy-time': 6 });
    expect(plan.nodes[1]).to.deep.equal({
      id: SINK,
      parallelism: 2,
      operator: '',
      operator_strategy: '',
      description: 'Sink: Print to Std. Out',
      optimizer_properties: {},
      inputs: [{ num: 0, id: SOURCE, ship_strategy: 'HASH', exchange: 'pipelined_bounded' }],
    });
  });

  it('gives the watermarks and the metrics of a vertex', async () => {
    gateway.addJob();
    const path = `/jobs/${JOB_ID}/vertices/${SOURCE}`;
    expect((await get(`${path}/watermarks`)).body).to.deep.equal([
      { id: '0.currentInputWatermark', value: '1000' },
      { id: '1.currentInputWatermark', value: '1001' },
    ]);
    expect((await get(`${path}/metrics`)).body).to.deep.include({ id: '1.numRecordsIn' });
    const dropped = 'Window(1_5 s).numLateRecordsDropped';
    expect((await get(`${path}/metrics?get=0.${dropped},1.numRecordsIn,no`)).body).to.deep.equal([
      { id: `0.${dropped}`, value: '3' },
      { id: '1.numRecordsIn', value: '10' },
    ]);
    const output = 'Window(1_5 s).currentOutputWatermark';
    expect((await get(`${path}/subtasks/1/metrics?get=${output}`)).body).to.deep.equal([{ id: output, value: '-9223372036854775808' }]);
    expect((await get(`${path}/subtasks/metrics?get=${dropped}`)).body).to.deep.equal([{ id: dropped, min: 3, max: 3, avg: 3, sum: 6 }]);
    expect((await get(`${path}/subtasks/metrics`)).body).to.deep.include({ id: 'numBytesOut' });
    expect((await get(`${path}/subtasks/7/metrics`)).status).to.equal(404);
  });

  it('gives a vertex with its subtasks, their times and their TaskManagers', async () => {
    gateway.addJob();
    const path = `/jobs/${JOB_ID}/vertices/${SOURCE}`;
    const vertex = (await get(path)).body as { subtasks: Record<string, unknown>[]; aggregated: { metrics: Record<string, unknown> } };
    expect(vertex.subtasks[1]).to.deep.include({ subtask: 1, status: 'RUNNING', 'taskmanager-id': 'localhost-1a2b3c4d' });
    expect(vertex.subtasks[1]?.['status-duration']).to.deep.equal({
      CREATED: 10,
      SCHEDULED: -1,
      DEPLOYING: 20,
      INITIALIZING: -1,
      RUNNING: 970,
    });
    expect(vertex.aggregated.metrics['write-records']).to.deep.equal({
      min: 20,
      max: 20,
      avg: 20,
      sum: 40,
      median: 20,
      p25: 20,
      p75: 20,
      p95: 20,
    });
    const managers = (await get(`${path}/taskmanagers`)).body as { taskmanagers: Record<string, unknown>[] };
    expect(managers.taskmanagers[0]).to.deep.include({ host: 'localhost', status: 'RUNNING' });
    expect((await get(`${path}/subtasktimes`)).body)
      .to.have.property('subtasks')
      .with.lengthOf(2);
  });

  it("answers what is unknown in Flink's form, without a stack trace", async () => {
    expect(await get('/nosuch')).to.deep.include({ status: 404 });
    expect((await get('/nosuch')).body).to.deep.include({ errors: ['Unable to load requested file /nosuch.'] });
    const unknown = await get(`/jobs/${'0'.repeat(32)}`);
    expect(unknown.status).to.equal(404);
    expect(JSON.stringify(unknown.body)).not.to.include(' at ');
    expect((await get('/taskmanagers/none')).status).to.equal(404);
  });

  it('refuses an id that is none', async () => {
    const expected = 'Cannot parse JobID from "abc". The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d.';
    for (const path of ['/jobs/abc', '/jobs/abc/status', `/jobs/abc/vertices/${SOURCE}`]) {
      const { status, body } = await get(path);
      expect(status).to.equal(400);
      expect(body).to.deep.include({ errors: [expected] });
    }
  });

  it('tells what a job waits for', async () => {
    const { jobId } = gateway.addJob();
    expect((await get(`/jobs/${jobId}`)).body).not.to.have.property('notice');
    gateway.jobs.set(jobId, { ...gateway.job(jobId), notice: 'waiting for task slots' });
    expect((await get(`/jobs/${jobId}`)).body).to.have.property('notice', 'waiting for task slots');
  });

  it('cancels by PATCH, and by the paths of 1.4', async () => {
    gateway.addJob();
    expect((await app.inject({ method: 'PATCH', url: `/jobs/${JOB_ID}?mode=cancel` })).statusCode).to.equal(202);
    expect((await app.inject({ method: 'GET', url: `/jobs/${JOB_ID}/cancel` })).statusCode).to.equal(202);
    expect((await app.inject({ method: 'DELETE', url: `/jobs/${JOB_ID}/cancel` })).statusCode).to.equal(202);
    expect((await app.inject({ method: 'GET', url: `/jobs/${JOB_ID}/yarn-cancel` })).statusCode).to.equal(202);
    expect(gateway.cancelled).to.deep.equal(Array(4).fill(JOB_ID));
  });

  it('tells the result when the job has ended, with the error and its cause', async () => {
    gateway.addJob();
    const path = `/jobs/${JOB_ID}/execution-result`;
    expect((await get(path)).body).to.deep.equal({ status: { id: 'IN_PROGRESS' } });
    const held = get(`${path}?wait=5000`);
    const failure = {
      name: 'TypeError',
      message: 'x is not a function',
      stack: '',
      code: undefined,
      action: undefined,
      blame: undefined,
      retriable: false,
      cause: undefined,
    };
    gateway.endJob({ jobId: JOB_ID, state: 'FAILED', netRuntimeMs: 7, accumulators: {}, failure });
    const { body } = (await held) as { body: { 'job-execution-result': Record<string, unknown> } };
    expect(body['job-execution-result']).to.deep.include({ id: JOB_ID, 'application-status': 'FAILED', 'net-runtime': 7 });
    expect(body['job-execution-result']['failure-cause']).to.deep.include({
      class: 'TypeError',
      'stack-trace': 'TypeError: x is not a function',
    });
  });

  it('refuses a job graph that is malformed, naming the place', async () => {
    const form = new FormData();
    form.set('request', JSON.stringify({ jobGraphFileName: 'graph.json' }));
    form.set('file_0', new File([JSON.stringify({ ...jobGraph(), vertices: [] })], 'graph.json'));
    const request = new Request('http://localhost/jobs', { method: 'POST', body: form });
    const response = await app.inject({
      method: 'POST',
      url: '/jobs',
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      payload: Buffer.from(await request.arrayBuffer()),
    });
    expect(response.statusCode).to.equal(400);
    expect(response.json<{ errors: string[] }>().errors[0]).to.include('/vertices');
  });

  it('answers first and stops then, when the cluster is asked to end', async () => {
    const response = await app.inject({ method: 'DELETE', url: '/cluster' });
    expect(response.statusCode).to.equal(200);
    expect(shutDowns).to.equal(1);
  });

  it('serves the overview page', async () => {
    const response = await app.inject({ method: 'GET', url: '/' });
    expect(response.headers['content-type']).to.include('text/html');
    const [, script = ''] = /<script>([^]*)<\/script>/.exec(response.body) ?? [];
    expect(() => new Script(script)).not.to.throw();
  });
});
