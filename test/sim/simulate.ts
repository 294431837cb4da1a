import { fileSystems, type JobId, SeededRandom } from '#core';
import { Faults } from './faults.js';
import { OUTPUT } from './jobs/sim-job.js';
import { MemoryLog } from './memory-log.js';
import { jobOf, type Scenario, scenarioOf } from './scenario.js';
import { Scheduler, type SimProcess } from './scheduler.js';
import { replaceGlobals } from './seams.js';
import { SimCluster } from './sim-cluster.js';
import { SimFiles } from './sim-files.js';
import { graphOf } from './sim-program.js';

/** What became of a simulation. */
export interface SimOutcome {
  readonly seed: number;
  readonly scenario: Scenario;
  /** Equal for two runs in which the same happened in the same order. */
  readonly trace: string;
  readonly steps: number;
  readonly virtualMs: number;
  /** How often the job began again from a checkpoint. */
  readonly restores: number;
  readonly checkpoints: number;
  readonly losses: number;
  readonly userFailures: number;
  readonly fileFailures: number;
  /** Empty when all is well. */
  readonly wrong: readonly string[];
  readonly log: readonly string[];
  /** The last steps that were taken. */
  readonly lastSteps: readonly string[];
}

/** A job that has not ended by then, ms of virtual time, never will. */
const LONGEST_MS = 30 * 60_000;
const LONGEST_STOP_MS = 60_000;

/** Runs one job on one cluster, from beginning to end, as the seed has it. */
export async function simulate(seed: number, scenario: Scenario = scenarioOf(seed)): Promise<SimOutcome> {
  const random = new SeededRandom(seed ^ 0x5eed);
  const scheduler: Scheduler = new Scheduler(random, (process) => faults.passMs(process));
  const beganMs = scheduler.nowMs;
  const faults: Faults = new Faults(scenario.faults, random, () => scheduler.nowMs - beganMs);
  const undo = replaceGlobals(scheduler, random);
  const files = new SimFiles(scheduler, faults);
  fileSystems.registerFileSystem('sim', () => files);
  const log = new MemoryLog(() => scheduler.nowMs - beganMs);
  try {
    return await new Simulation(seed, scenario, { random, scheduler, faults, files, log }).run();
  } finally {
    undo();
  }
}

interface Parts {
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly files: SimFiles;
  readonly log: MemoryLog;
}

class Simulation {
  readonly #chance: SimProcess = { name: 'chance', alive: true };
  #losses = 0;
  readonly #wrong: string[] = [];

  constructor(
    private readonly seed: number,
    private readonly scenario: Scenario,
    private readonly parts: Parts,
  ) {}

  async run(): Promise<SimOutcome> {
    const { scheduler, faults, log } = this.parts;
    const beganMs = scheduler.nowMs;
    const { configuration } = this.scenario;
    const job = jobOf(this.scenario, faults);
    const cluster = new SimCluster({ ...this.parts, logger: log, configuration: this.#clusterConfiguration(), main: job.main });
    await cluster.start();
    for (let count = 0; count < this.scenario.taskManagers; count++) cluster.addTaskManager();
    const jobId = await this.#submit(cluster, job.main, configuration);
    this.#loseNow(cluster);
    const { jobManager } = cluster;
    let over = false;
    void jobManager.jobResult(jobId).then(() => {
      over = true;
    });
    const ended = await scheduler.runUntil(() => over, LONGEST_MS);
    const { state, failures } = jobManager.job(jobId);
    if (!ended) this.#wrong.push(`the job does not end: it is ${state}`);
    else if (state !== 'FINISHED') this.#wrong.push(`the job is ${state}: ${String(failures[0]?.error.message)}`);
    const { status } = jobManager.checkpoints(jobId);
    await this.#stop(cluster);
    if (state === 'FINISHED') this.#checkOutput(job.check);
    return {
      seed: this.seed,
      scenario: this.scenario,
      trace: scheduler.trace.value,
      steps: scheduler.stepsTaken,
      virtualMs: scheduler.nowMs - beganMs,
      restores: status.counts.restored,
      checkpoints: status.counts.completed,
      losses: this.#losses,
      userFailures: faults.counts.user,
      fileFailures: faults.counts.file,
      wrong: this.#wrong,
      log: log.lines,
      lastSteps: scheduler.trace.lastLines,
    };
  }

  #clusterConfiguration(): Readonly<Record<string, string>> {
    const { slots, configuration } = this.scenario;
    return { ...configuration, 'taskmanager.numberOfTaskSlots': String(slots) };
  }

  async #submit(cluster: SimCluster, main: () => Promise<unknown>, configuration: Readonly<Record<string, string>>): Promise<JobId> {
    const bundle = await cluster.jobManager.putBlob(Buffer.from('a program'));
    const graph = await graphOf(main, { bundle, defaultParallelism: this.scenario.parallelism, configuration });
    await cluster.asJobManager((jobManager) => jobManager.submitJob(graph));
    return graph.jobId;
  }

  /** Ends a TaskManager, or its connection, at times drawn by chance; another one comes a little later. */
  #loseNow(cluster: SimCluster): void {
    const { scheduler, faults } = this.parts;
    const chance = this.#chance;
    const next = (): void => {
      const delayMs = faults.untilLossMs();
      if (delayMs !== Infinity) scheduler.after(chance, delayMs, 'loss', lose, { background: true });
    };
    const lose = (): void => {
      if (faults.quiet) return;
      this.#losses++;
      const worker = cluster.workers.length === 0 ? undefined : faults.oneOf(...cluster.workers);
      if (worker !== undefined && faults.chance(0.3)) cluster.cut(worker.process);
      else if (worker !== undefined) {
        cluster.kill(worker);
        scheduler.after(chance, faults.upTo(1000), 'new TaskManager', () => {
          cluster.addTaskManager();
        });
      }
      next();
    };
    next();
  }

  async #stop(cluster: SimCluster): Promise<void> {
    const { scheduler } = this.parts;
    scheduler.kill(this.#chance);
    let stopped = false;
    const stopping = cluster.asJobManager((jobManager) => jobManager.shutDown({ stopWorkers: true }));
    void Promise.all([stopping, ...cluster.stopTaskManagers()]).then(() => {
      stopped = true;
    });
    if (!(await scheduler.runUntil(() => stopped, LONGEST_STOP_MS))) this.#wrong.push('the cluster does not stop');
    await scheduler.runUntil(() => false, LONGEST_STOP_MS);
    for (const process of cluster.processes) {
      const left = scheduler.stepsOf(process);
      if (left.length > 0) this.#wrong.push(`${process.name} has something left to do: ${left.join(', ')}`);
    }
  }

  #checkOutput(check: (lines: readonly string[]) => readonly string[]): void {
    const files = [...this.parts.files.filesBelow(OUTPUT)];
    for (const [path, text] of files) this.parts.scheduler.trace.add(`${path}\n${text}`);
    const isHidden = ([path]: readonly [string, string]): boolean => path.slice(OUTPUT.length).includes('/.');
    const visible = files.filter((file) => !isHidden(file));
    this.#wrong.push(...check(visible.flatMap(([, text]) => text.split('\n').slice(0, -1))));
    for (const [path] of files.filter(isHidden)) this.#wrong.push(`left over: ${path}`);
  }
}
