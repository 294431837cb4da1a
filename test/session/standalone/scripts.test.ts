import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Configuration } from '#conf';
import { daemonFlags } from '../../../session/standalone/scripts/daemon-flags.js';
import { splitDynamicProperties } from '../../../session/standalone/scripts/dynamic-properties.js';
import { RuntimeHomeError, ScriptDirectoryError } from '../../../session/standalone/scripts/errors.js';
import { daemonFiles, rotate } from '../../../session/standalone/scripts/log-rotation.js';
import { PidFile } from '../../../session/standalone/scripts/pid-file.js';
import { runtimeBinary } from '../../../session/standalone/scripts/runtime-binary.js';
import type { ScriptSettings } from '../../../session/standalone/scripts/script-settings.js';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('session/standalone/scripts', () => {
  const directory = useTempDirectory();
  const settings = (): ScriptSettings => ({
    configuration: Configuration.empty,
    configurationDirectory: undefined,
    warnings: [],
    logDirectory: join(directory.path, 'log'),
    pidDirectory: join(directory.path, 'pid'),
    logMax: 2,
    sshOptions: [],
    identity: 'ann',
    hostName: 'host1',
    node: process.execPath,
  });

  it('name log files by user, process, number and host', () => {
    const { log, out } = daemonFiles(settings(), 'taskmanager', 3);
    expect(log).to.equal(join(directory.path, 'log', 'flink-ann-taskmanager-3-host1.log'));
    expect(out).to.equal(join(directory.path, 'log', 'flink-ann-taskmanager-3-host1.out'));
  });

  it('keep as many old log files as they are told', async () => {
    const file = join(directory.path, 'log', 'x.log');
    for (let run = 1; run <= 5; run++) {
      await rotate(file, 2);
      writeFileSync(file, `run ${run}`);
    }
    expect(readdirSync(join(directory.path, 'log')).toSorted()).to.deep.equal(['x.log', 'x.log.1', 'x.log.2']);
    expect(readFileSync(`${file}.2`, 'utf8')).to.equal('run 3');
  });

  it('say which directory they cannot write to', async () => {
    writeFileSync(join(directory.path, 'log'), 'a file');
    const refused = await rotate(join(directory.path, 'log', 'x.log'), 1).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(ScriptDirectoryError).with.property('key', 'env.log.dir');
  });

  it('note processes in a file that goes with the last of them', async () => {
    const file = new PidFile(settings(), 'jobmanager');
    expect(file.path).to.equal(join(directory.path, 'pid', 'flink-ann-jobmanager.pid'));
    expect(await file.pids()).to.deep.equal([]);
    await file.add(11);
    await file.add(12);
    expect(await file.pids()).to.deep.equal([11, 12]);
    await file.remove(12);
    expect(readFileSync(file.path, 'utf8')).to.equal('11\n');
    await file.remove(11);
    expect(readdirSync(join(directory.path, 'pid'))).to.deep.equal([]);
  });

  it('do not take a stranger with an old id for a process of theirs', async () => {
    const file = new PidFile(settings(), 'jobmanager');
    await file.add(process.pid);
    expect(await file.alive()).to.deep.equal([]);
  });

  it('give a process its heap and its flags, without those for Java', () => {
    const flags = (values: Record<string, string>): readonly string[] => daemonFlags(Configuration.of(values), 'jobmanager');
    expect(flags({ 'jobmanager.heap.mb': '300' })).to.deep.equal(['--enable-source-maps', '--max-old-space-size=300']);
    expect(flags({ 'env.java.opts': '-XX:+UseG1GC --max-old-space-size=77', 'env.java.opts.jobmanager': '--inspect' })).to.deep.equal([
      '--enable-source-maps',
      '--max-old-space-size=77',
      '--inspect',
    ]);
    expect(() => daemonFlags(Configuration.of({ 'taskmanager.memory.fraction': '1.5' }), 'taskmanager')).to.throw(
      'taskmanager.memory.fraction',
    );
  });

  it('take settings from the command line', () => {
    expect(splitDynamicProperties(['-Da=1', 'host', '-D', 'b=c=d', '-Dflag'])).to.deep.equal({
      dynamicProperties: { a: '1', b: 'c=d', flag: 'true' },
      rest: ['host'],
    });
  });

  it('find Node in its home, or name the key', () => {
    expect(runtimeBinary(undefined)).to.equal(process.execPath);
    expect(() => runtimeBinary(directory.path)).to.throw(RuntimeHomeError, 'env.java.home');
  });
});
