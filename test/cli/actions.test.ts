import { expect } from 'chai';
import { silentLogger, systemClock, type JobId } from '#core';
import { Configuration } from '#conf';
import { startWebServer, type WebServer } from '#web';
import { formatTime } from '../../cli/format.js';
import { JOB_ID, jobGraph, ScriptedGateway, START_MS } from '../web/scripted-gateway.js';
import { command } from './recorded-terminal.js';

describe('cli/actions', () => {
  let gateway: ScriptedGateway;
  let server: WebServer;
  let address: string;

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
    address = `127.0.0.1:${server.port}`;
  });
  afterEach(async () => {
    await server.close();
  });

  it('lists running and scheduled jobs', async () => {
    expect((await command('list', '-m', address)).out).to.deep.equal(['Waiting for response...', 'No running jobs.', 'No scheduled jobs.']);
    gateway.addJob();
    gateway.addJob(jobGraph('f'.repeat(32) as JobId), 'CREATED');
    expect((await command('list', '-m', address)).out).to.deep.equal([
      'Waiting for response...',
      '------------------ Running/Restarting Jobs -------------------',
      `${formatTime(START_MS)} : ${JOB_ID} : word count (RUNNING)`,
      '--------------------------------------------------------------',
      '----------------------- Scheduled Jobs -----------------------',
      `${formatTime(START_MS)} : ${'f'.repeat(32)} : word count (CREATED)`,
      '--------------------------------------------------------------',
    ]);
    expect((await command('list', '-r', '-m', address)).out).to.have.lengthOf(4);
  });

  it('lists ended jobs only with -a', async () => {
    gateway.addJob();
    gateway.endJob({ jobId: JOB_ID, state: 'FINISHED', netRuntimeMs: 1, accumulators: {}, failure: undefined });
    expect((await command('list', '-m', address)).out)
      .to.include('No running jobs.')
      .and.not.include('---------------------- Terminated Jobs -----------------------');
    expect((await command('list', '-a', '-m', address)).out).to.include(`${formatTime(START_MS)} : ${JOB_ID} : word count (FINISHED)`);
  });

  it('cancels a job, and says so when there is none', async () => {
    gateway.addJob();
    expect(await command('cancel', '-m', address, JOB_ID)).to.deep.equal({
      code: 0,
      out: [`Cancelling job ${JOB_ID}.`, `Cancelled job ${JOB_ID}.`],
      err: [],
    });
    expect(gateway.cancelled).to.deep.equal([JOB_ID]);
    const unknown = await command('cancel', 'e'.repeat(32), '-m', address);
    expect(unknown.code).to.equal(1);
    expect(unknown.err[0]).to.equal(`Job ${'e'.repeat(32)} not found`);
  });
});
