import { expect } from 'chai';
import { Configuration, explainOption, explainOptionText, parseFlatFile } from '#conf';
import { failureOf } from './temporary-directory.js';

const configuration = Configuration.empty.withEntries(
  parseFlatFile(
    [
      'jobmanager.web.port: 9000',
      'security.ssl.key-password: hunter2',
      'metrics.reporter.x.password: hunter2',
      'metrics.reporter.x.class: org.x',
      'my.key: 5',
    ].join('\n'),
    '/conf/flink-conf.yaml',
  ).entries,
);

describe('explaining an option', () => {
  it('tells value, place, default, meaning and names, under whichever name it is asked for', () => {
    for (const name of ['web.port', 'rest.port', 'jobmanager.web.port']) {
      const text = explainOptionText(configuration, name);
      expect(text).to.match(/^web\.port\n/);
      for (const part of ['9000', '/conf/flink-conf.yaml:1 as "jobmanager.web.port"', '8081', 'dashboard', 'rest.port']) {
        expect(text).to.contain(part);
      }
      expect(text).to.match(/takes effect: +yes\n/);
    }
  });

  it('gives the same as data', () => {
    expect(explainOption(configuration, 'web.port')).to.have.length(1);
    expect(explainOption(configuration, 'web.port')[0]).to.include({
      key: 'web.port',
      value: '9000',
      setAs: 'jobmanager.web.port',
      default: '8081',
      type: 'Port',
      takesEffect: 'yes',
    });
  });

  it('says when the default is in force', () => {
    const text = explainOptionText(configuration, 'heartbeat.interval');
    expect(text).to.contain('10000 (default)').and.not.to.contain('set in');
  });

  it('follows the default to the option it comes from', () => {
    const timeout = Configuration.of({ 'akka.ask.timeout': '3 s' });
    expect(explainOption(timeout, 'high-availability.job.delay')[0]?.default).to.equal('value of akka.ask.timeout: 3 s');
  });

  it('masks secrets, also below a prefix', () => {
    expect(explainOption(configuration, 'security.ssl.key-password')[0]?.value).to.equal('******');
    const text = explainOptionText(configuration, 'metrics.reporter.x.class');
    expect(text)
      .to.contain('metrics.reporter.x.password: ******')
      .and.to.contain('metrics.reporter.x.class: org.x')
      .and.not.to.contain('hunter2');
  });

  it('says what does not take effect yet, or never will', () => {
    expect(explainOptionText(configuration, 'high-availability')).to.contain('not yet');
    expect(explainOptionText(configuration, 'pipeline.object-reuse'))
      .to.contain('no meaning here')
      .and.to.contain('do not change a record');
  });

  it('explains both options of a name that took over two', () => {
    expect(explainOption(configuration, 'execution.checkpointing.dir').map(({ key }) => key)).to.have.members([
      'state.checkpoints.dir',
      'state.backend.fs.checkpointdir',
    ]);
  });

  it('explains an unknown key that is set, and suggests for one that is not', async () => {
    expect(explainOptionText(configuration, 'my.key')).to.contain('No option has this name').and.to.contain('flink-conf.yaml:5');
    const failure = await failureOf(() => explainOptionText(configuration, 'web.prot'));
    expect(failure).to.include({ code: 'UNKNOWN_OPTION', action: 'Did you mean "web.port"?' });
  });
});
