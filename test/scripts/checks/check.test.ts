import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { suiteCheck, toolCheck } from '../../../scripts/checks/check.js';
import { addTotals, lastLine, type Totals } from '../../../scripts/checks/totals.js';

describe('a tool check', () => {
  it('is one pass or one failure, and shows the output of a tool that failed', async () => {
    let shown = '';
    const show = (text: string): void => void (shown += text);
    const passing = await toolCheck('fine', ['-e', 'console.log("quiet")']).run(show);
    const failing = await toolCheck('broken', ['-e', 'console.log("line 7 is wrong"); process.exit(3)']).run(show);
    expect(lastLine(addTotals(passing, failing))).to.equal('1 passed, 1 failed');
    expect(shown)
      .to.match(/✔ fine .*\n {2}✘ broken .*\nline 7 is wrong/)
      .and.not.to.include('quiet');
  });
});

describe('a suite check', () => {
  let folder: string;
  let shown: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flink-ts-check-'));
    shown = '';
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs mocha on a file with that text. */
  async function runSuite(text: string, timeoutMs = 60_000): Promise<Totals> {
    const path = join(folder, 'some.test.mjs');
    writeFileSync(path, text);
    const node = (): Promise<string> => Promise.resolve(process.execPath);
    const suite = suiteCheck({ name: 'some', title: 'some', node, mochaArgs: ['--no-config', path], look: 'dot', timeoutMs });
    return suite.run((line) => void (shown += line));
  }

  it('counts tests, and failed hooks as failures', async () => {
    const totals = await runSuite(`
      it('a', () => {});
      it('b', () => {});
      describe('c', () => { before(() => { throw new Error('expected by this test'); }); it('d', () => {}); });`);
    expect(totals).to.deep.equal({ passed: 2, failed: 1 });
    expect(shown).to.include('Error: expected by this test');
  });

  it('fails when the process ends before its tests', async () => {
    expect(await runSuite("it('a', () => process.exit(0));")).to.deep.equal({ passed: 0, failed: 1 });
    expect(shown).to.include('the process ended before its tests did');
  });

  it('fails when there are no tests', async () => {
    expect(await runSuite('')).to.deep.equal({ passed: 0, failed: 1 });
    expect(shown).to.include('there were no tests');
  });

  it('fails when something keeps the process alive after the tests', async () => {
    expect(await runSuite("it('a', () => { setInterval(() => {}, 1000); });", 4000)).to.deep.equal({ passed: 1, failed: 1 });
    expect(shown).to.include('all tests ended, but the process still ran after 4 s');
  });

  it('fails when its Node.js is not to be had', async () => {
    const node = (): Promise<string> => Promise.reject(new Error('no such version'));
    const suite = suiteCheck({ name: 'some', title: 'some', node, mochaArgs: [], look: 'dot', timeoutMs: 1000 });
    expect(await suite.run((line) => void (shown += line))).to.deep.equal({ passed: 0, failed: 1 });
    expect(shown).to.include('could not start: no such version');
  });
});
