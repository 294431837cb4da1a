import { suiteCheck, toolCheck, type Check } from './checks/check.js';
import { nodeBinary, NEWEST_LTS } from './checks/newest-node.js';
import { addTotals, lastLine, NOTHING_RUN, type Totals } from './checks/totals.js';

/*
 * Runs every check of the project, or those named as arguments, and ends with "N passed, N failed" alone on a line.
 * `scripts/test` calls it after the build.
 */
const UNIT_TESTS = ['dist/test/**/*.test.js', '--ignore', 'dist/test/integration/**'];
const thisNode = (): Promise<string> => Promise.resolve(process.execPath);

const lint = toolCheck('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']);
const quickTools = [
  toolCheck('layers', ['dist/scripts/check-layers.js']),
  toolCheck('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  toolCheck('dead-code', ['node_modules/knip/bin/knip.js', '--no-progress']),
  toolCheck('docs', ['node_modules/typedoc/bin/typedoc', '--emit', 'none', '--logLevel', 'Warn']),
];
const suites = [
  suiteCheck({
    name: 'unit',
    title: `unit tests on Node ${process.versions.node}`,
    node: thisNode,
    mochaArgs: UNIT_TESTS,
    look: 'spec',
    timeoutMs: 10 * 60_000,
  }),
  suiteCheck({
    name: 'unit-newest',
    title: `unit tests on Node ${NEWEST_LTS}, the newest long-term support`,
    node: () => nodeBinary(NEWEST_LTS),
    mochaArgs: UNIT_TESTS,
    look: 'dot',
    timeoutMs: 10 * 60_000,
  }),
  suiteCheck({
    name: 'integration',
    title: `integration tests on Node ${process.versions.node}`,
    node: thisNode,
    mochaArgs: ['dist/test/integration/**/*.test.js', '--timeout', '60000'],
    look: 'spec',
    timeoutMs: 35 * 60_000,
  }),
];

async function inTurn(checks: readonly Check[]): Promise<Totals> {
  let totals = NOTHING_RUN;
  for (const check of checks) totals = addTotals(totals, await check.run((text) => process.stdout.write(text)));
  return totals;
}

const known = [lint, ...quickTools, ...suites].map(({ name }) => name);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
const chosen = (checks: readonly Check[]): Check[] => checks.filter(({ name }) => asked.length === 0 || asked.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`no check is named "${unknown.join('", "')}"; there are ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  // lint is as long as the other tools together, so the two lanes end at about the same time
  const [left, right] = await Promise.all([inTurn(chosen([lint])), inTurn(chosen(quickTools))]);
  const totals = addTotals(addTotals(left, right), await inTurn(chosen(suites)));
  process.stdout.write(`\n${lastLine(totals)}\n`);
  if (totals.failed > 0) process.exitCode = 1;
}
