import { expect } from 'chai';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fileSystems, silentLogger, systemClock } from '#core';
import { Configuration } from '#conf';
import { BlobCache } from '../../../runtime/blob/blob-cache.js';
import { BlobStore } from '../../../runtime/blob/blob-store.js';
import { ProgramBundles } from '../../../runtime/blob/program-bundles.js';
import { connectControl } from '../../../runtime/control/connect.js';
import type { TransportSettings } from '../../../runtime/control/control-server.js';
import { TaskManager } from '../../../runtime/taskmanager/task-manager.js';
import { taskManagerSettings } from '../../../runtime/taskmanager/task-manager-settings.js';
import { ScriptedCarriers } from '../../support/scripted-carrier.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { until } from '../../support/until.js';

const JOB_MANAGER = fileURLToPath(new URL('./job-manager-process.js', import.meta.url));

describe('a TaskManager and a JobManager in another process', () => {
  const temp = useTempDirectory();
  const children: ChildProcess[] = [];
  const taskManagers: TaskManager[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(taskManagers.splice(0).map((taskManager) => taskManager.stop('the test ends')));
  });

  /** Starts a JobManager that submits one job as soon as a TaskManager is there, and tells what happens. */
  async function startJobManager(port = 0, scratch?: string): Promise<{ child: ChildProcess; port: number; said: string[] }> {
    const child = fork(JOB_MANAGER, [temp.path, String(port), scratch ?? ''], { execArgv: [] });
    children.push(child);
    const said: string[] = [];
    child.on('message', (message: string) => {
      said.push(message);
    });
    await until(() => said.length > 0);
    return { child, port: Number(said.shift()), said };
  }

  async function startTaskManager(
    port: number,
    carriers: ScriptedCarriers,
    conf: Record<string, string> = {},
    clusterId = 'c',
  ): Promise<TaskManager> {
    const settings = taskManagerSettings(Configuration.of({ 'taskmanager.numberOfTaskSlots': '1', ...conf }));
    const store = await BlobStore.open({ directory: temp.path, cleanupIntervalMs: 1000, clock: systemClock, logger: silentLogger });
    const transport: TransportSettings = {
      identity: { clusterId, secret: 'secret' },
      clock: systemClock,
      logger: silentLogger,
      connectTimeoutMs: 5000,
      maxMessageBytes: 1 << 20,
    };
    const taskManager = new TaskManager({
      settings,
      clock: systemClock,
      logger: silentLogger,
      files: fileSystems,
      carriers,
      blobs: new BlobCache(store, 1, silentLogger),
      programs: new ProgramBundles(store),
      dataPlane: undefined,
      print: () => {},
      logPath: undefined,
      connect: (signal) => connectControl('127.0.0.1', port, transport, signal),
    });
    taskManagers.push(taskManager);
    return taskManager;
  }

  it('run a job: the program comes over the connection, and its end goes back', async () => {
    const { port, said } = await startJobManager();
    const carriers = new ScriptedCarriers();
    await (
      await startTaskManager(port, carriers)
    ).registered;
    await until(() => carriers.live.length === 1);
    expect(carriers.live[0]!.assignment?.programUrl).to.match(/^file:.*\.mjs$/);
    carriers.live[0]!.finish();
    await until(() => said.length > 0);
    expect(said).to.deep.equal(['FINISHED']);
  });

  it('when the JobManager is killed, the tasks and their unfinished output go at once, and the next one finds the slot free', async () => {
    const scratch = join(temp.path, 'scratch');
    mkdirSync(scratch);
    const first = await startJobManager(0, pathToFileURL(scratch).href);
    const carriers = new ScriptedCarriers();
    await startTaskManager(first.port, carriers);
    await until(() => carriers.live.length === 1);
    const [carrier] = carriers.live;
    carrier!.deaf = true;
    first.child.kill('SIGKILL');
    await until(() => carrier!.terminated && !existsSync(scratch));
    const second = await startJobManager(first.port);
    await until(() => carriers.live.length === 1);
    carriers.live[0]!.finish();
    await until(() => second.said.length > 0);
    expect(second.said).to.deep.equal(['FINISHED']);
  });

  it('when the TaskManager goes, the job fails and nothing of it is left in its directory', async () => {
    const { port, said, child } = await startJobManager();
    const carriers = new ScriptedCarriers();
    const taskManager = await startTaskManager(port, carriers);
    await until(() => carriers.live.length === 1);
    await taskManager.stop('it is told to');
    await until(() => said.length > 0);
    expect(said[0]).to.include('FAILED').and.to.include('it is told to');
    expect(carriers.closed).to.be.true;
    child.send('stop');
    await once(child, 'exit');
    expect(readdirSync(temp.path)).to.be.empty;
  });

  it('the TaskManager gives up after its time, and at once when it is refused', async () => {
    const late = await startTaskManager(1, new ScriptedCarriers(), { 'taskmanager.maxRegistrationDuration': '300 ms' });
    expect(await failureOf(late.ended)).to.include({ code: 'REGISTRATION_TIMEOUT', waitedMs: 300 });
    const { port } = await startJobManager();
    const stranger = await startTaskManager(port, new ScriptedCarriers(), {}, 'another');
    expect(await failureOf(stranger.ended)).to.include({ code: 'HANDSHAKE_REFUSED' });
  });
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
