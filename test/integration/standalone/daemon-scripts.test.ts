import { expect } from 'chai';
import { createServer } from 'node:net';
import { appendFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { useTempDirectory } from '../../support/temp-directory.js';
import { Installation, isRunning } from './command-line.js';

describe('jobmanager.sh and taskmanager.sh', function () {
  this.timeout(60_000);
  const directory = useTempDirectory();

  it('show their usage for wrong arguments', async () => {
    const installation = await Installation.create(directory.path);
    for (const [script, ...args] of [['jobmanager.sh'], ['jobmanager.sh', 'begin'], ['taskmanager.sh', 'start', 'host']] as const) {
      const { code, out } = await installation.run(script, ...args);
      expect(code, script).to.equal(1);
      expect(out).to.match(/^Usage: (job|task)manager\.sh \(/);
    }
  });

  it('start one process after the other with a notice, rotate logs, and stop all', async () => {
    const installation = await Installation.create(directory.path, { 'env.log.max': '2' });
    const log = join(directory.path, 'log', `flink-test-taskmanager-0-${hostname()}.log`);
    mkdirSync(join(directory.path, 'log'));
    for (const name of [log, `${log}.1`, `${log}.2`]) writeFileSync(name, name);
    expect((await installation.run('taskmanager.sh', 'start')).out).to.equal(`Starting taskmanager daemon on host ${hostname()}.\n`);
    expect((await installation.run('taskmanager.sh', 'start')).out).to.include('[INFO] 1 instance(s) of taskmanager are already running');
    const pids = installation.pids('taskmanager');
    expect(pids.map(isRunning)).to.deep.equal([true, true]);
    expect(readdirSync(join(directory.path, 'log')).filter((name) => name.includes('.log'))).to.have.lengthOf(4);
    expect((await installation.run('taskmanager.sh', 'stop-all')).code).to.equal(0);
    expect(pids.map(isRunning)).to.deep.equal([false, false]);
    expect(installation.pids('taskmanager')).to.deep.equal([]);
  });

  it('work through a symbolic link, from any directory', async () => {
    const installation = await Installation.create(directory.path);
    const link = join(directory.path, 'flink-link');
    symlinkSync(new URL('../../../../bin/flink-ts', import.meta.url), link);
    const { code, out } = await installation.run(link, '--version');
    expect(code).to.equal(0);
    expect(out).to.match(/^Version: /);
  });

  it('name a port that is in use, exit with 1, and note no process', async () => {
    const installation = await Installation.create(directory.path);
    const server = createServer().listen(installation.restPort, 'localhost');
    try {
      const { code, err } = await installation.run('jobmanager.sh', 'start');
      expect(code).to.equal(1);
      expect(err).to.include(String(installation.restPort)).and.include('address already in use');
      expect(installation.pids('jobmanager')).to.deep.equal([]);
      expect(readdirSync(join(directory.path, 'tmp'))).to.deep.equal([]);
    } finally {
      server.close();
    }
  });

  it('name a temporary directory that cannot be used', async () => {
    const installation = await Installation.create(directory.path, { 'taskmanager.tmp.dirs': join(directory.path, 'missing') });
    const { code, err } = await installation.run('taskmanager.sh', 'start');
    expect(code).to.equal(1);
    expect(err).to.include(join(directory.path, 'missing')).and.include('taskmanager.tmp.dirs');
  });

  it('warn of a broken line and of a door that is open, and start', async () => {
    const installation = await Installation.create(directory.path, { 'jobmanager.bind-host': '0.0.0.0' });
    appendFileSync(join(directory.path, 'conf', 'flink-conf.yaml'), 'this line is broken\n');
    expect((await installation.run('jobmanager.sh', 'start')).code).to.equal(0);
    const log = installation.log('jobmanager', 0, hostname());
    expect(log)
      .to.match(/WARN .*flink-conf\.yaml:\d+/)
      .and.match(/WARN .*open to other hosts/);
    await installation.run('jobmanager.sh', 'stop');
  });

  it('refuse a Node home that is none, naming the key', async () => {
    const installation = await Installation.create(directory.path, { 'env.java.home': '/no/such/node' });
    const { code, err } = await installation.run('jobmanager.sh', 'start');
    expect(code).to.equal(1);
    expect(err).to.include('env.java.home').and.include('/no/such/node');
  });

  it('run in the foreground until they are asked to end', async () => {
    const installation = await Installation.create(directory.path, {}, 1);
    const running = installation.start('jobmanager.sh', 'start-foreground');
    await running.wrote('serving REST');
    running.child.kill('SIGTERM');
    const { code, out } = await running.finished;
    expect(code).to.equal(0);
    expect(out).to.include('stopping: received SIGTERM').and.include('stopped');
    expect(installation.pids('jobmanager')).to.deep.equal([]);
  });

  it('reach workers on other hosts by ssh', async () => {
    const installation = await Installation.create(directory.path, { 'env.ssh.opts': '-p 2222' });
    writeFileSync(join(directory.path, 'conf', 'workers'), 'worker-1\nworker-2\n');
    // Stands for ssh: tells what it was asked for, and runs the command as the shell of the other host would.
    const ssh = '#!/bin/sh\necho "ssh $*"\nfor last; do :; done\nexec sh -c "$last"\n';
    mkdirSync(join(directory.path, 'path'));
    writeFileSync(join(directory.path, 'path', 'ssh'), ssh, { mode: 0o755 });
    const started = await installation.withPath(join(directory.path, 'path')).run('start-cluster.sh');
    expect(started.code, started.err).to.equal(0);
    expect(started.out).to.match(/^ssh -n -p 2222 worker-1 -- FLINK_CONF_DIR=\S+ \S+\/bin\/taskmanager\.sh start$/m);
    expect(installation.pids('taskmanager')).to.have.lengthOf(2);
    const stopped = await installation.withPath(join(directory.path, 'path')).run('stop-cluster.sh');
    expect(stopped.out).to.match(/^ssh -n -p 2222 worker-2 -- .*taskmanager\.sh stop-all$/m);
    expect(readdirSync(join(directory.path, 'pid'))).to.deep.equal([]);
  });

  it('end a TaskManager that finds no JobManager in time', async () => {
    const installation = await Installation.create(directory.path, { 'taskmanager.maxRegistrationDuration': '300 ms' });
    const { code, err } = await installation.run('taskmanager.sh', 'start-foreground');
    expect(code).to.equal(1);
    expect(err).to.equal('');
  });
});
