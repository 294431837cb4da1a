import { parseArgs } from 'node:util';
import { markdownTable } from './harness/table.js';
import { type CpuProfile, type FunctionTime, readProfile, summarise } from './profile/cpu-profile.js';
import { sourcePosition } from './profile/source-position.js';

/* Prints where the threads of some .cpuprofile files spent their time. See README.md for how to take them. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { top: { type: 'string', default: '25' }, busiest: { type: 'string' }, lines: { type: 'boolean', default: false } },
});
if (positionals.length === 0) {
  process.stderr.write('usage: node dist/bench/profile-summary.js [--top N] [--busiest N] [--lines] FILE.cpuprofile...\n');
  process.exit(1);
}

const profiles = busiest(positionals.map(readProfile), values.busiest === undefined ? positionals.length : Number(values.busiest));
const { functions, busyMs, idleMs } = summarise(profiles);
const shown = functions.slice(0, Number(values.top));
process.stdout.write(`${profiles.length} profiles: ${busyMs.toFixed(0)} ms busy, ${idleMs.toFixed(0)} ms idle; self time:\n`);
process.stdout.write(`${markdownTable(['self %', 'self ms', 'total ms', 'function', 'at'], shown.map(rowOf))}\n`);
if (values.lines) shown.forEach(printLines);

/** The profiles of the threads that did most. */
function busiest(all: readonly CpuProfile[], count: number): readonly CpuProfile[] {
  const busyMs = new Map(all.map((profile) => [profile, summarise([profile]).busyMs]));
  return all.toSorted((a, b) => (busyMs.get(b) ?? 0) - (busyMs.get(a) ?? 0)).slice(0, count);
}

function rowOf({ frame, selfMs, totalMs }: FunctionTime): string[] {
  return [
    ((selfMs / busyMs) * 100).toFixed(1),
    selfMs.toFixed(0),
    totalMs.toFixed(0),
    frame.functionName === '' ? '(anonymous)' : frame.functionName,
    sourcePosition(frame.url, frame.lineNumber, frame.columnNumber),
  ];
}

/** The lines on which a function was found most often. */
function printLines({ frame, lines }: FunctionTime): void {
  const ticks = [...lines.values()].reduce((sum, each) => sum + each, 0);
  const hottest = [...lines].toSorted(([, a], [, b]) => b - a).slice(0, 6);
  process.stdout.write(`\n${frame.functionName}\n`);
  for (const [line, count] of hottest) {
    process.stdout.write(`  ${((count / ticks) * 100).toFixed(0).padStart(3)} % ${sourcePosition(frame.url, line - 1, 0)}\n`);
  }
}
