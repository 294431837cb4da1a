import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { type BlobKey, silentLogger, systemClock } from '#core';
import { Configuration } from '#conf';
import { encodePlain } from '#runtime';
import { startWebServer, type WebServer } from '#web';
import { ClusterUnreachableError, JobManagerLostError } from '../../../session/client/errors.js';
import { RestClient } from '../../../session/client/rest-client.js';
import { JOB_ID, jobGraph, ScriptedGateway } from '../../web/scripted-gateway.js';

describe('session/client/rest-client', () => {
  let gateway: ScriptedGateway;
  let server: WebServer;
  let client: RestClient;

  beforeEach(async () => {
    gateway = new ScriptedGateway();
    server = await startWebServer(
      {
        gateway,
        configuration: Configuration.empty,
        clock: systemClock,
        logger: silentLogger,
        logPath: undefined,
        onShutDown: () => undefined,
      },
      { host: '127.0.0.1', ports: [{ first: 0, last: 0 }] },
    );
    client = new RestClient({ host: '127.0.0.1', port: server.port });
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('submits a job graph as it is, and a blob only once', async () => {
    const text = 'export const main = () => undefined;';
    const blob = { key: createHash('sha256').update(text).digest('hex') as BlobKey, text };
    await client.submit(jobGraph(), [blob]);
    expect(gateway.job(JOB_ID).graph).to.deep.equal(JSON.parse(JSON.stringify(jobGraph())));
    expect([...gateway.blobs.keys()]).to.deep.equal([blob.key]);
    gateway.putBlob = () => {
      throw new Error('sent again');
    };
    await client.submit(jobGraph(), [blob]);
  });

  it('lists jobs', async () => {
    gateway.addJob();
    const [job] = await client.listJobs();
    expect(job).to.deep.include({ jobId: JOB_ID, name: 'word count', state: 'RUNNING', tasks: { running: 4, finished: 0, total: 4 } });
    expect(await client.job(JOB_ID)).to.deep.equal({ ...job, notice: undefined });
    gateway.jobs.set(JOB_ID, { ...gateway.job(JOB_ID), notice: 'waiting' });
    expect(await client.job(JOB_ID)).to.have.property('notice', 'waiting');
  });

  it('waits for the result, and brings accumulators and failures over whole', async () => {
    gateway.addJob();
    const result = client.jobResult(JOB_ID);
    gateway.endJob({
      jobId: JOB_ID,
      state: 'FINISHED',
      netRuntimeMs: 12,
      accumulators: { words: 12n, seen: new Map([['a', 1]]) },
      failure: undefined,
    });
    expect(await result).to.deep.equal({
      jobId: JOB_ID,
      state: 'FINISHED',
      netRuntimeMs: 12,
      accumulators: { words: 12n, seen: new Map([['a', 1]]) },
      failure: undefined,
    });
  });

  it('fetches collected pages', async () => {
    const batches = [encodePlain(['a', 'b']), encodePlain(['c'])];
    gateway.addJob();
    gateway.pages.push({ batches, nextToken: 2, end: false });
    const page = await client.collect(JOB_ID, 'collector 1', 0);
    expect(page.batches.map((batch) => Buffer.from(batch))).to.deep.equal(batches.map((batch) => Buffer.from(batch)));
    expect(page).to.include({ nextToken: 2, end: false });
  });

  it('raises the error that the JobManager raised', async () => {
    const error = await failureOf(client.cancelJob(JOB_ID));
    expect(error).to.include({
      code: 'JOB_NOT_FOUND',
      blame: 'user',
      message: `Job ${JOB_ID} not found`,
      action: 'See "flink-ts list -a".',
    });
  });

  it('names the address when nothing answers there', async () => {
    const port = server.port;
    await server.close();
    const error = await failureOf(client.listJobs());
    expect(error).to.be.instanceOf(ClusterUnreachableError);
    expect((error as Error).message).to.equal(`no JobManager answers at 127.0.0.1:${port}: connection refused`);
  });

  it('tells that the JobManager is lost while a job is running', async () => {
    gateway.addJob();
    const result = failureOf(client.jobResult(JOB_ID));
    await client.listJobs();
    await server.close();
    expect(await result).to.be.instanceOf(JobManagerLostError);
  });

  it('says so when what answers is no JobManager', async () => {
    const other = await new Promise<Server>((resolve) => {
      const listening = createServer((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno'));
      }).listen(0, '127.0.0.1', () => {
        resolve(listening);
      });
    });
    const address = other.address();
    const stranger = new RestClient({ host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 });
    expect(await failureOf(stranger.listJobs())).to.include({ code: 'UNEXPECTED_RESPONSE' });
    await stranger.close();
    other.close();
  });
});
