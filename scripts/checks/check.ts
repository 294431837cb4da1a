import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../project.js';
import { addTotals, NOTHING_RUN, ONE_FAILED, ONE_PASSED, readTotals, type Totals } from './totals.js';

/** Where a check tells how it went. */
export type Show = (text: string) => void;

/** Something that `scripts/test` runs and counts. */
export interface Check {
  readonly name: string;
  run(show: Show): Promise<Totals>;
}

/** What a finished process left. */
interface Ended {
  readonly succeeded: boolean;
  readonly timedOut: boolean;
}

const TOOL_TIMEOUT_MS = 5 * 60_000;
const DRAIN_MS = 1000;

/** A tool that counts as one check; its output is shown only when it fails. */
export function toolCheck(name: string, args: readonly string[]): Check {
  return {
    name,
    async run(show) {
      const startedAt = performance.now();
      let output = '';
      const keep: Show = (text) => void (output += text);
      const ended = await runNode(process.execPath, args, keep, TOOL_TIMEOUT_MS);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      if (ended.succeeded) show(`  ✔ ${name} (${seconds} s)\n`);
      else show(`  ✘ ${name} (${seconds} s)${ended.timedOut ? ': not done in time' : ''}\n${output}\n`);
      return ended.succeeded ? ONE_PASSED : ONE_FAILED;
    },
  };
}

export interface Suite {
  /** How `scripts/test` is asked for it. */
  readonly name: string;
  readonly title: string;
  /** Path of the Node.js that runs it. */
  node(): Promise<string>;
  /** What to pass to mocha besides the reporter. */
  readonly mochaArgs: readonly string[];
  /** Every test by name, or a dot for each. */
  readonly look: 'spec' | 'dot';
  readonly timeoutMs: number;
}

/** A mocha suite; each of its tests counts. */
export function suiteCheck(suite: Suite): Check {
  return {
    name: suite.name,
    async run(show) {
      show(`\n${suite.title}\n`);
      const folder = mkdtempSync(join(tmpdir(), 'flink-ts-tests-'));
      try {
        return await runSuite(suite, join(folder, 'totals.json'), show);
      } catch (error) {
        show(`  ✘ could not start: ${error instanceof Error ? error.message : String(error)}\n`);
        return ONE_FAILED;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function runSuite(suite: Suite, totalsFile: string, show: Show): Promise<Totals> {
  const reporter = ['--reporter', './dist/scripts/checks/suite-reporter.js'];
  const options = ['--reporter-option', `totals=${totalsFile},show=${suite.look}`];
  const args = ['node_modules/mocha/bin/mocha.js', ...reporter, ...options, ...suite.mochaArgs];
  const ended = await runNode(await suite.node(), args, show, suite.timeoutMs);
  const totals = readTotals(totalsFile);
  const complaint = complaintAbout(ended, totals, suite.timeoutMs);
  if (complaint === undefined) return totals ?? NOTHING_RUN;
  show(`  ✘ ${complaint}\n`);
  return addTotals(totals ?? NOTHING_RUN, ONE_FAILED);
}

/** What is wrong with how a suite ended, beyond the failures of its tests. */
function complaintAbout(ended: Ended, totals: Totals | undefined, timeoutMs: number): string | undefined {
  if (ended.timedOut) {
    const seconds = timeoutMs / 1000;
    return totals ? `all tests ended, but the process still ran after ${seconds} s` : `the tests did not end within ${seconds} s`;
  }
  if (!totals) return 'the process ended before its tests did';
  if (totals.passed + totals.failed === 0) return 'there were no tests';
  return !ended.succeeded && totals.failed === 0 ? 'every test passed, yet the process failed' : undefined;
}

/** Runs Node.js in the checkout and shows what it writes as it comes. */
function runNode(node: string, args: readonly string[], show: Show, timeoutMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...colours() } });
    const outputs = [child.stdout, child.stderr];
    for (const output of outputs) output.setEncoding('utf8').on('data', show);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('exit', () => {
      // a process left behind by a test may hold the outputs open for ever
      setTimeout(() => {
        for (const output of outputs) output.destroy();
      }, DRAIN_MS).unref();
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ succeeded: code === 0 && !timedOut, timedOut });
    });
  });
}

/** Tools see a pipe; whether colours are wanted depends on where we write. */
function colours(): Record<string, string> {
  return process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: '0' };
}
