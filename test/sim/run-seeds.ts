import { parseArgs } from 'node:util';
import { type SimOutcome, simulate } from './simulate.js';

/**
 * `./scripts/sim --seeds 5000 --from 1`: one simulation after the other. A seed that fails is printed with what was wrong and the command
 * that replays it; with `--verbose` each is told, and what was logged. `--step 4` takes every fourth.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    step: { type: 'string', default: '1' },
    verbose: { type: 'boolean', short: 'v', default: false },
  },
});

function told({ seed, scenario, steps, virtualMs, restores, checkpoints, losses, userFailures, fileFailures, trace }: SimOutcome): string {
  return (
    `seed ${seed} ${scenario.job} trace ${trace}: ${steps} steps, ${virtualMs} ms, ${checkpoints} checkpoints, ${restores} restores, ` +
    `${losses} losses, ${userFailures} failures of functions, ${fileFailures} of files`
  );
}

function tellFailure(outcome: SimOutcome): void {
  console.log(`FAILED ${told(outcome)}`);
  for (const wrong of outcome.wrong) console.log(`  ${wrong}`);
  console.log(replayOf(outcome.seed));
}

function replayOf(seed: number): string {
  return `  replay: ./scripts/sim --from ${seed} --verbose`;
}

/** Answers whether nothing was wrong. A simulation that breaks off is a failure like any other: the seeds behind it are still run. */
async function run(seed: number): Promise<boolean> {
  try {
    const outcome = await simulate(seed);
    if (values.verbose) tellAll(outcome);
    if (outcome.wrong.length > 0) tellFailure(outcome);
    return outcome.wrong.length === 0;
  } catch (error) {
    console.log(`FAILED seed ${seed}: it broke off`, error);
    console.log(replayOf(seed));
    return false;
  }
}

function tellAll(outcome: SimOutcome): void {
  for (const line of outcome.log) console.log(line);
  console.log(`last steps:\n${outcome.lastSteps.join('\n')}`);
  console.log(JSON.stringify(outcome.scenario, undefined, 2));
  console.log(told(outcome));
}

const first = Number(values.from);
const count = Number(values.seeds);
let failed = 0;
for (let done = 0; done < count; done++) if (!(await run(first + done * Number(values.step)))) failed++;
console.log(`${count - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
