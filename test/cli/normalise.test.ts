import { expect } from 'chai';
import type { CliOption } from '../../cli/arguments/cli-option.js';
import { normaliseArguments } from '../../cli/arguments/normalise.js';
import { parseAction } from '../../cli/arguments/parse-action.js';

const OPTIONS: readonly CliOption[] = [
  { short: 'p', long: 'parallelism', argument: 'n', description: '' },
  { short: 'D', long: 'dynamic', argument: 'k=v', repeatable: true, description: '' },
  { short: 'd', long: 'detached', description: '' },
  { short: 'sae', long: 'shutdownOnAttachedExit', description: '' },
];

describe('cli/arguments/normalise', () => {
  const options = (...words: string[]): readonly string[] => normaliseArguments(words, OPTIONS, true).options;

  it('brings all forms of an option to one', () => {
    for (const words of [['-p', '4'], ['-p4'], ['-p=4'], ['--parallelism', '4'], ['--parallelism=4'], ['-parallelism', '4']]) {
      expect(options(...words), words.join(' ')).to.deep.equal(['--parallelism=4']);
    }
    expect(options('-Da.b=c d', '-D', 'e=f', '-d', '-sae')).to.deep.equal([
      '--dynamic=a.b=c d',
      '--dynamic=e=f',
      '--detached',
      '--shutdownOnAttachedExit',
    ]);
  });

  it('leaves everything after the program file to the program', () => {
    expect(normaliseArguments(['-d', 'job.ts', '-p', '9', '--x'], OPTIONS, true)).to.deep.equal({
      options: ['--detached'],
      rest: ['job.ts', '-p', '9', '--x'],
    });
  });

  it('takes options after words, where no program follows', () => {
    expect(normaliseArguments(['id', '-d'], OPTIONS, false)).to.deep.equal({ options: ['--detached'], rest: ['id'] });
  });

  it('refuses what it does not know', () => {
    for (const word of ['-x', '--xx', '--detached=1', '-pd'.slice(0, 1) + 'q']) {
      expect(() => options(word), word).to.throw(`Unrecognized option: ${word}`);
    }
    expect(() => options('-p')).to.throw('Missing argument for option: p');
  });

  it('gives texts as they were typed, the last of several', async () => {
    const parsed = await parseAction(['-p', '04', '-p', '1e3', '-Da=1=2', '-Db', 'file'], { options: OPTIONS, programFollows: true });
    expect(parsed.value('parallelism')).to.equal('1e3');
    expect(parsed.dynamicProperties).to.deep.equal({ a: '1=2', b: 'true' });
    expect(parsed.rest).to.deep.equal(['file']);
    expect(parsed.flag('detached')).to.equal(false);
  });
});
