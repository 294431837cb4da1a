import { expect } from 'chai';
import { Configuration, nodeFlags, reviewConfiguration, splitFlags } from '#conf';

function warningsOf(values: Readonly<Record<string, string>>): readonly string[] {
  return reviewConfiguration(Configuration.empty.with(values, { layer: 'dynamic-property', flag: '-D' })).map(({ message }) => message);
}

describe('review of a configuration', () => {
  it('is silent about settings that are in order', () => {
    expect(
      warningsOf({ 'web.port': '1', 'rest.port': '2', 'pipeline.global-job-parameters.x': 'y', 'env.java.opts': '--inspect' }),
    ).to.deep.equal([]);
  });

  it('names the new key for an old one', () => {
    expect(warningsOf({ 'jobmanager.web.port': '1' })).to.deep.equal(['"jobmanager.web.port" is an old name: use "web.port" (-D)']);
  });

  it('suggests what may have been meant', () => {
    expect(warningsOf({ 'jobmanger.rpc.port': '1' })[0]).to.contain('did you mean "jobmanager.rpc.port"?');
    expect(warningsOf({ 'taskmanager.numberOfTaskslot': '1' })[0]).to.contain('did you mean "taskmanager.numberOfTaskSlots"?');
    expect(warningsOf({ 'my.own.key': '1' })[0])
      .to.contain('unknown key "my.own.key"')
      .and.not.to.contain('did you mean');
  });

  it('says when a setting changes nothing yet, or never will', () => {
    expect(warningsOf({ 'high-availability': 'zookeeper' })).to.deep.equal([
      '"high-availability" does not take effect yet in this version (-D)',
    ]);
    expect(warningsOf({ 'akka.watch.heartbeat.pause': '1 s' })[0]).to.contain('Use "heartbeat.timeout".');
  });

  it('points out flags that only a Java machine knows', () => {
    expect(warningsOf({ 'env.java.opts.all': '--add-exports=java.base/x=ALL-UNNAMED -XX:+UseG1GC --inspect' })).to.deep.equal([
      '"env.java.opts.all": --add-exports=java.base/x=ALL-UNNAMED -XX:+UseG1GC is for a Java machine only and is left out (-D)',
    ]);
  });

  it('never shows the value of a secret', () => {
    expect(warningsOf({ 'security.ssl.key-password': 'hunter2', 'security.ssl.key-pasword': 'hunter2' }).join('\n')).not.to.contain(
      'hunter2',
    );
  });
});

describe('flags for Node', () => {
  it('are split as a shell does', () => {
    expect(splitFlags('--title="a b"  --x \'c d\' -e').node).to.deep.equal(['--title=a b', '--x', 'c d', '-e']);
  });

  it('leave out those of Java, with their values', () => {
    const { node, java } = splitFlags(
      '-Xmx1g --add-opens java.base/java.lang=ALL --max-old-space-size=64 -Dk=v -server -ea --abort-on-uncaught-exception',
    );
    expect(node).to.deep.equal(['--max-old-space-size=64', '--abort-on-uncaught-exception']);
    expect(java).to.deep.equal(['-Xmx1g', '--add-opens', 'java.base/java.lang=ALL', '-Dk=v', '-server', '-ea']);
  });

  it('are the common ones and those of the process', () => {
    const configuration = Configuration.of({
      'env.java.opts': '--a',
      'env.java.opts.jobmanager': '--b',
      'env.java.opts.taskmanager': '--c',
    });
    expect(nodeFlags(configuration, 'jobmanager')).to.deep.equal(['--a', '--b']);
    expect(nodeFlags(configuration, 'taskmanager')).to.deep.equal(['--a', '--c']);
    expect(nodeFlags(configuration, 'client')).to.deep.equal(['--a']);
  });
});
