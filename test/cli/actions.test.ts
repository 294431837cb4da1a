import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSystems, silentLogger, systemClock, toFileUri, type JobId } from '#core';
import { Configuration } from '#conf';
import { startWebServer, type WebServer } from '#web';
import { writeMetadata } from '../../runtime/checkpoint/storage/metadata-files.js';
import { keyedSnapshot, metadataOf, operatorMetadata, segment } from '../support/sample-checkpoint.js';
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

  it('cancels a job after a savepoint, into the default or a named directory', async () => {
    gateway.addJob();
    const { code, out } = await command('cancel', '-m', address, '-s', JOB_ID);
    expect({ code, last: out.at(-1) }).to.deep.equal({
      code: 0,
      last: `Cancelled job ${JOB_ID}. Savepoint stored in file:///savepoints/savepoint-1.`,
    });
    await command('cancel', '-m', address, '-s', 'file:///s', JOB_ID);
    expect(gateway.savepoints.map(({ targetDirectory, then }) => [targetDirectory, then])).to.deep.equal([
      [undefined, 'cancel'],
      ['file:///s', 'cancel'],
    ]);
  });

  it('makes savepoints, waits for them, and tells where they are', async () => {
    gateway.addJob();
    expect((await command('savepoint', '-m', address, JOB_ID, 'file:///s')).out).to.deep.equal([
      `Triggering savepoint for job ${JOB_ID}.`,
      'Waiting for response...',
      'Savepoint completed. Path: file:///savepoints/savepoint-1',
      'You can resume your program from this savepoint with the run command.',
    ]);
    expect(gateway.savepoints[0]).to.include({ targetDirectory: 'file:///s', then: undefined });
    expect((await command('savepoint', '-detached', '-m', address, JOB_ID)).out[2]).to.match(
      /^Successfully trigger manual savepoint, triggerId: [0-9a-f]{32}$/,
    );
    gateway.savepoint = new Error('the disk is full');
    const failed = await command('savepoint', '-m', address, JOB_ID);
    expect(failed.code).to.equal(1);
    expect(failed.err.join('\n')).to.include('the disk is full');
  });

  it('stops a job with a savepoint, and drains it', async () => {
    gateway.addJob();
    expect((await command('stop', '-m', address, '-p', 'file:///s', JOB_ID)).out).to.deep.equal([
      `Suspending job "${JOB_ID}" with a CANONICAL savepoint.`,
      'Savepoint completed. Path: file:///savepoints/savepoint-1',
    ]);
    expect((await command('stop', '-m', address, '-d', JOB_ID)).out[0]).to.equal(`Draining job "${JOB_ID}" with a CANONICAL savepoint.`);
    expect(gateway.savepoints.map(({ targetDirectory, then }) => [targetDirectory, then])).to.deep.equal([
      ['file:///s', 'suspend'],
      [undefined, 'drain'],
    ]);
  });

  it('disposes savepoints and makes checkpoints', async () => {
    gateway.addJob();
    expect((await command('savepoint', '-m', address, '-d', 'file:///s')).out).to.deep.equal([
      "Disposing savepoint 'file:///s'.",
      'Waiting for response...',
      "Savepoint 'file:///s' disposed.",
    ]);
    expect(gateway.disposed).to.deep.equal(['file:///s']);
    expect((await command('checkpoint', '-m', address, '-full', JOB_ID)).out[2]).to.equal(
      `Checkpoint(FULL) 8 for job ${JOB_ID} completed.`,
    );
  });

  it('says what is missing', async () => {
    expect((await command('savepoint')).out[0]).to.equal('Missing JobID. Specify a Job ID to trigger a savepoint.');
    expect((await command('stop')).out[0]).to.equal('Missing JobId');
    expect((await command('checkpoint')).out[0]).to.equal('Missing JobID. Specify a Job ID to manipulate a checkpoint.');
    expect((await command('savepoint', '-d')).out[0]).to.equal('Missing argument for option: d');
  });

  it('shows what is in a savepoint, without a cluster', async () => {
    const directory = toFileUri(mkdtempSync(join(tmpdir(), 'flink-ts-test-')));
    const operator = operatorMetadata('a'.repeat(32), [keyedSnapshot([segment('s', { kind: 'inline', bytes: Uint8Array.of(1) })])], {
      uid: 'u',
    });
    await writeMetadata(metadataOf({ kind: 'savepoint', operators: [operator] }), directory, fileSystems);
    const { code, out } = await command('savepoint', 'inspect', '--samples', '0', directory);
    expect(code).to.equal(0);
    expect(JSON.parse(out.join('\n'))).to.deep.include({ kind: 'savepoint', path: directory, sizeBytes: 1 });
    expect((await command('savepoint', 'inspect', '--samples', 'many', directory)).out[0]).to.include('"--samples" takes a number');
    const missing = await command('savepoint', 'inspect', `${directory}/nothing`);
    expect(missing.err[0]).to.include('Cannot find checkpoint or savepoint file/directory');
  });
});
