import { expect } from 'chai';
import { SharedClient } from '../../../session/local/shared-client.js';
import { GatewayClient } from '../../../session/client/gateway-client.js';
import { JOB_ID, jobGraph, ScriptedGateway } from '../../web/scripted-gateway.js';
import { until } from '../../support/until.js';

describe('session/local/shared-client', () => {
  let gateway: ScriptedGateway;
  let connections: number;
  let closed: number;
  let client: SharedClient;

  beforeEach(() => {
    gateway = new ScriptedGateway();
    connections = 0;
    closed = 0;
    client = new SharedClient(() => {
      connections++;
      const close = (): Promise<void> => {
        closed++;
        return Promise.resolve();
      };
      return Promise.resolve(new GatewayClient(gateway, close));
    });
  });

  it('connects when it is first used, once', async () => {
    expect(connections).to.equal(0);
    await Promise.all([client.overview(), client.listJobs()]);
    expect(connections).to.equal(1);
    await client.close();
  });

  it('keeps the cluster while a job runs, and lets go of it after', async () => {
    await client.submit(jobGraph(), []);
    const result = client.jobResult(JOB_ID);
    gateway.endJob({ jobId: JOB_ID, state: 'FINISHED', netRuntimeMs: 1, accumulators: {}, failure: undefined });
    expect((await result).state).to.equal('FINISHED');
    expect(closed).to.equal(0);
    await until(() => closed === 1);
    await client.listJobs();
    expect(connections).to.equal(2);
    await client.close();
  });

  it('keeps the cluster while records are being collected', async () => {
    gateway.addJob();
    gateway.pages.push({ batches: [], nextToken: 1, end: false }, { batches: [], nextToken: 2, end: true });
    await client.collect(JOB_ID, 'c', 0);
    expect(closed).to.equal(0);
    await client.collect(JOB_ID, 'c', 1);
    await until(() => closed === 1);
  });
});
