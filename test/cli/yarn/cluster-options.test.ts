import { expect } from 'chai';
import { parseAction, type ParsedAction } from '../../../cli/arguments/parse-action.js';
import { UsageError } from '../../../cli/errors.js';
import { run } from '../../../cli/actions/run.js';
import { yarnSession } from '../../../cli/actions/yarn-session.js';
import { clusterSettings, shippedDirectories, taskManagerCount } from '../../../cli/yarn/cluster-options.js';

async function session(...words: string[]): Promise<ParsedAction> {
  return await parseAction(words, yarnSession.syntax);
}

describe('cli/yarn/cluster-options', () => {
  it('reads the options of yarn-session, in every spelling', async () => {
    for (const words of [
      ['-n', '2', '-jm', '1024', '-tm', '2g', '-s', '4'],
      ['-n2', '-jm=1024', '-tm=2g', '-s4'],
      ['--container', '2', '--jobManagerMemory=1024', '--taskManagerMemory', '2g', '--slots', '4'],
    ]) {
      const parsed = await session(...words);
      expect(taskManagerCount(parsed, 'plain')).to.equal(2);
      expect(Object.fromEntries(clusterSettings(parsed, 'plain').map(({ key, value }) => [key, value]))).to.deep.equal({
        'jobmanager.heap.mb': '1024',
        'taskmanager.heap.mb': '2g',
        'taskmanager.numberOfTaskSlots': '4',
      });
    }
  });

  it('keeps what only old versions know', async () => {
    const parsed = await session(
      '-st',
      '-f6',
      '-j',
      'flink.jar',
      '-m',
      'yarn-cluster',
      '-nm',
      'x',
      '-qu',
      'q',
      '-at',
      't',
      '-nl',
      'l',
      '-z',
      'n',
    );
    expect(Object.fromEntries(clusterSettings(parsed, 'plain').map(({ key, value }) => [key, value]))).to.deep.equal({
      'yarn.application.name': 'x',
      'yarn.application.queue': 'q',
      'yarn.application.type': 't',
      'yarn.application.node-label': 'l',
      'high-availability.cluster-id': 'n',
    });
  });

  it('reads the same with "y" for run, before the program', async () => {
    const words = [
      '-m',
      'yarn-cluster',
      '-yn',
      '2',
      '-ys=3',
      '-yjm',
      '1024',
      '-yt',
      '/a',
      '-yt',
      '/b',
      '-yD',
      'k=v',
      '-yd',
      'job.ts',
      '-yn',
      '9',
    ];
    const parsed = await parseAction(words, run.syntax);
    expect(taskManagerCount(parsed, 'prefixed')).to.equal(2);
    expect(shippedDirectories(parsed, 'prefixed')).to.deep.equal(['/a', '/b']);
    expect(parsed.flag('yarndetached')).to.equal(true);
    expect(parsed.dynamicProperties).to.deep.equal({ k: 'v' });
    expect(parsed.rest).to.deep.equal(['job.ts', '-yn', '9']);
    expect(clusterSettings(parsed, 'prefixed')[0]).to.deep.equal({ flag: '-yjm', key: 'jobmanager.heap.mb', value: '1024' });
  });

  it('refuses a number of TaskManagers that is none', async () => {
    const parsed = await session('-n', 'two');
    expect(() => taskManagerCount(parsed, 'plain')).to.throw(UsageError, 'The number of TaskManagers must be a number: two');
    expect(taskManagerCount(await session(), 'plain')).to.equal(undefined);
  });
});
