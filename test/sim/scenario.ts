import { SeededRandom } from '#core';
import type { FaultPlan, Faults } from './faults.js';
import { eventWindows } from './jobs/event-windows.js';
import { keyedSums } from './jobs/keyed-sums.js';
import { keyedTimers } from './jobs/keyed-timers.js';
import { partitionings } from './jobs/partitionings.js';
import { pipelines } from './jobs/pipelines.js';
import type { JobChoices, SimJob } from './jobs/sim-job.js';

/** All that a seed decides before the simulation begins. */
export interface Scenario {
  readonly job: string;
  readonly parallelism: number;
  readonly records: number;
  readonly keys: number;
  readonly ratePerSecond: number | undefined;
  readonly rollOnCheckpoint: boolean;
  readonly taskManagers: number;
  readonly slots: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly faults: FaultPlan;
}

const JOBS: Readonly<Record<string, (choices: JobChoices) => SimJob>> = { keyedSums, eventWindows, keyedTimers, partitionings };
/** Of every fourth seed. */
const MANY_REGIONS: typeof JOBS = { pipelines };

export function jobOf(scenario: Scenario, faults: Faults): SimJob {
  return { ...JOBS, ...MANY_REGIONS }[scenario.job]!({ ...scenario, faults });
}

export function scenarioOf(seed: number): Scenario {
  const random = new SeededRandom(seed);
  const oneOf = <T>(...values: readonly T[]): T => values[random.nextInt(values.length)] as T;
  const parallelism = 1 + random.nextInt(4);
  const taskManagers = 1 + random.nextInt(3);
  const scenario: Scenario = {
    job: oneOf(...Object.keys(JOBS)),
    parallelism,
    // As many for each subtask of a source: so times rise along what it reads.
    records: parallelism * Math.ceil((50 + random.nextInt(250)) / parallelism),
    keys: 1 + random.nextInt(9),
    ratePerSecond: oneOf(undefined, 60, 200),
    rollOnCheckpoint: oneOf(true, false),
    taskManagers,
    slots: Math.ceil(parallelism / taskManagers),
    faults: faultPlanOf(oneOf),
    configuration: configurationOf(oneOf),
  };
  return seed % 4 === 0 ? byRegion(scenario, oneOf) : scenario;
}

/** Most of them restart regions only. */
function byRegion(scenario: Scenario, oneOf: OneOf): Scenario {
  const strategy = oneOf('region', 'region', 'region', 'full');
  const configuration = { ...scenario.configuration, 'jobmanager.execution.failover-strategy': strategy };
  return { ...scenario, job: oneOf(...Object.keys(MANY_REGIONS)), configuration };
}

type OneOf = <T>(...values: readonly T[]) => T;

function faultPlanOf(oneOf: OneOf): FaultPlan {
  return {
    passMs: oneOf(2, 10, 30),
    slowProcess: oneOf(0, 0, 0.3),
    slowFactor: oneOf(5, 20),
    linkMs: oneOf(1, 5, 40),
    lateMessage: oneOf(0, 0, 0.01, 0.05),
    lateMs: oneOf(300, 2000),
    fileMs: oneOf(0, 3, 20),
    fileFailure: oneOf(0, 0, 0.002, 0.02),
    userFailure: oneOf(0, 0, 0.002, 0.01),
    lossMs: oneOf(Infinity, 700, 2000, 5000),
    quietAfterMs: oneOf(4000, 10_000),
  };
}

function configurationOf(oneOf: OneOf): Readonly<Record<string, string>> {
  const unaligned = oneOf('true', 'false');
  return {
    'execution.checkpointing.interval': oneOf('50', '200', '600'),
    'execution.checkpointing.timeout': oneOf('500', '5000', '60000'),
    'execution.checkpointing.min-pause': oneOf('0', '0', '100'),
    'execution.checkpointing.max-concurrent-checkpoints': oneOf('1', '1', '3'),
    'execution.checkpointing.tolerable-failed-checkpoints': oneOf('0', '3', '100'),
    'execution.checkpointing.unaligned': unaligned,
    'execution.checkpointing.aligned-checkpoint-timeout': oneOf('0', '50', '400'),
    'state.checkpoints.dir': 'sim://cluster/checkpoints',
    'state.storage.fs.memory-threshold': oneOf('0', '20kb'),
    'restart-strategy': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': '1000000',
    'restart-strategy.fixed-delay.delay': oneOf('0', '100', '500'),
    'execution.buffer-timeout': oneOf('0', '20', '100'),
    'pipeline.compiled-chains': oneOf('true', 'false'),
    'taskmanager.memory.segment-size': '4096',
    'taskmanager.network.memory.buffers-per-channel': oneOf('1', '2'),
    'taskmanager.network.memory.floating-buffers-per-gate': oneOf('0', '4'),
    'taskmanager.network.memory.max-overdraft-buffers-per-gate': oneOf('0', '5', '1024'),
    'heartbeat.interval': '1000',
    'heartbeat.timeout': '5000',
  };
}
