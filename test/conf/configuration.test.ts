import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  applyLayers,
  Configuration,
  executionBufferTimeout,
  highAvailabilityJobDelay,
  InvalidOptionValueError,
  jobManagerHeapBytes,
  pipelineGlobalJobParameters,
  parallelismDefault,
  restAddress,
  sslKeyPassword,
  taskManagerTmpDirs,
  webPort,
} from '#conf';

describe('Configuration', () => {
  it('gives defaults, and nothing for options without one', () => {
    expect(Configuration.empty.get(webPort)).to.equal(8081);
    expect(Configuration.empty.get(restAddress)).to.equal(undefined);
    expect(Configuration.empty.isSet(webPort)).to.equal(false);
  });

  it('finds an option under its later and its old names', () => {
    for (const key of ['web.port', 'rest.port', 'jobmanager.web.port']) {
      expect(Configuration.of({ [key]: '9000' }).get(webPort), key).to.equal(9000);
    }
  });

  it('prefers the best name within a layer, and the stronger layer whatever the name', () => {
    const configuration = Configuration.of({ 'jobmanager.web.port': '1', 'web.port': '2' });
    expect(configuration.get(webPort)).to.equal(2);
    expect(configuration.with({ 'jobmanager.web.port': '3' }).get(webPort)).to.equal(3);
  });

  it('reads a plain number in the unit of the name it was set under', () => {
    expect(Configuration.of({ 'jobmanager.heap.mb': '512' }).get(jobManagerHeapBytes)).to.equal(512 * 1024 * 1024);
    expect(Configuration.of({ 'jobmanager.heap.size': '512' }).get(jobManagerHeapBytes)).to.equal(512);
  });

  it('falls back to another option before giving up', () => {
    expect(Configuration.of({ 'akka.ask.timeout': '3 s' }).get(highAvailabilityJobDelay)).to.equal(3000);
    expect(Configuration.of({ 'jobmanager.rpc.address': 'jm' }).get(restAddress)).to.equal('jm');
    expect(Configuration.of({ 'jobmanager.rpc.address': 'jm', 'rest.address': 'web' }).get(restAddress)).to.equal('web');
  });

  it('lets -D win over flags, flags over the session, the session over the file', () => {
    const file = Configuration.of({ 'parallelism.default': '1' });
    const sessionProperties = { file: '.yarn-properties-ann', values: { 'parallelism.default': '2' } };
    const flags = [{ flag: '-p', key: 'parallelism.default', value: '3' }];
    const dynamicProperties = { 'parallelism.default': '4' };
    expect(applyLayers(file, {}).get(parallelismDefault)).to.equal(1);
    expect(applyLayers(file, { sessionProperties }).get(parallelismDefault)).to.equal(2);
    expect(applyLayers(file, { sessionProperties, flags }).get(parallelismDefault)).to.equal(3);
    const all = applyLayers(file, { sessionProperties, flags, dynamicProperties });
    expect(all.get(parallelismDefault)).to.equal(4);
    expect(all.find(parallelismDefault)?.entry.origin).to.deep.equal({ layer: 'dynamic-property', flag: '-D' });
  });

  it('takes "not set" for a parallelism of 1', () => {
    expect(Configuration.of({ 'parallelism.default': '-1' }).get(parallelismDefault)).to.equal(1);
  });

  it('names key, place and what was expected of a bad value', () => {
    const origin = { layer: 'conf-file', file: '/conf/flink-conf.yaml', line: 7 } as const;
    const configuration = Configuration.empty.withEntries([{ key: 'rest.port', value: 'eighty', origin }]);
    const error = captured(() => configuration.get(webPort));
    expect(error.message).to.equal('"eighty" is not a valid value of "rest.port" (/conf/flink-conf.yaml:7)');
    expect(error.action).to.contain('a port from 0 to 65535');
  });

  it('gathers maps from the lines below their key', () => {
    const configuration = Configuration.of({ 'pipeline.global-job-parameters': 'a:1,b:2', 'pipeline.global-job-parameters.b': '3' });
    expect(configuration.get(pipelineGlobalJobParameters)).to.deep.equal({ a: '1', b: '3' });
    expect(Configuration.empty.get(pipelineGlobalJobParameters)).to.deep.equal({});
  });

  it('is not changed by overrides', () => {
    const before = Configuration.of({ 'web.port': '1' });
    before.with({ 'web.port': '2' });
    expect(before.get(webPort)).to.equal(1);
  });

  it('masks secrets wherever it is shown, and only there', () => {
    const configuration = Configuration.of({
      'security.ssl.key-password': 'hunter2',
      'fs.s3a.access.key': 'k',
      'security.delegation.tokens.enabled': 'true',
    });
    expect(configuration.entries().map(({ value }) => value)).to.deep.equal(['******', 'true', '******']);
    expect(inspect(configuration)).not.to.contain('hunter2');
    expect(configuration.get(sslKeyPassword)).to.equal('hunter2');
  });

  it('does not show a secret in an error', () => {
    const configuration = Configuration.of({ 'metrics.reporter': 'token' });
    expect(configuration.text('metrics.reporter')).to.equal('token');
    expect(
      captured(() => {
        throw new InvalidOptionValueError('my.password', 'hunter2', 'a number', undefined);
      }).message,
    ).not.to.contain('hunter2');
  });

  it('survives the way to another process, unknown keys and layers included', () => {
    const before = Configuration.of({ 'rest.port': '1', 'my.key': 'x' }).with({ 'jobmanager.web.port': '2' });
    const after = Configuration.fromJSON(JSON.parse(JSON.stringify(before)) as ReturnType<Configuration['toJSON']>);
    expect(after.get(webPort)).to.equal(2);
    expect(after.text('my.key')).to.equal('x');
    expect(after.rawEntries()).to.deep.equal(before.rawEntries());
  });

  it('reads buffer timeouts, "never" and temporary directories', () => {
    expect(Configuration.of({ 'execution.buffer-timeout.interval': '5 ms' }).get(executionBufferTimeout)).to.equal(5);
    expect(Configuration.of({ 'execution.buffer-timeout': '-1' }).get(executionBufferTimeout)).to.equal(-1);
    expect(Configuration.of({ 'io.tmp.dirs': '/a,/b' }).get(taskManagerTmpDirs)).to.deep.equal(['/a', '/b']);
  });
});

function captured(action: () => unknown): InvalidOptionValueError {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidOptionValueError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
