import type { FlinkError } from '#core';
import { type JobId, type Logger, type TaskManagerId, type Timer } from '#core';
import { type AccumulatorData, accumulatorResult, mergeAccumulators } from '#api';
import { type Configuration, failoverStrategy } from '#conf';
import { JobCheckpoints } from '../checkpoint/job-checkpoints.js';
import type { RestorePlan } from '../checkpoint/restore.js';
import type { SlotReleased, SlotReported } from '../control/messages.js';
import type { SerializedError } from '../control/serialized-error.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { Execution, ExecutionPlace } from '../schedule/execution.js';
import { type AssignedSlot, ExecutionGraph } from '../schedule/execution-graph.js';
import { deleteScratch, publishOutput } from '../schedule/output-files.js';
import type { SlotSituation } from '../schedule/errors.js';
import type { RestoredSubtask, SlotCommand, SlotReport, SubtaskId } from '../task/deployment.js';
import type { CollectBuffer } from './collect-buffer.js';
import { Collectors } from './collectors.js';
import { withContext } from './contextual-logger.js';
import type { TaskManagerLostError } from './errors.js';
import { DeploymentFailedError, SlotEndedError } from './errors.js';
import { Deployments, type Regions } from './deployments.js';
import { CheckpointedTasks } from './checkpointed-tasks.js';
import { FailureHistory, type FailurePlace, NOWHERE } from './failure-history.js';
import type { JobResult, JobState, JobStatus } from './job-manager-gateway.js';
import type { JobContext, JobEvent, JobOutcome, JobPhase, Transition } from './job-phase.js';
import { jobConfiguration } from './job-configuration.js';
import type { JobServices } from './job-services.js';
import { OperatorEventRouter } from './operator-event-router.js';
import { subtaskStatus } from './overview.js';
import { createRestartStrategy } from './restart/create-restart-strategy.js';
import { decideRestart, type RestartDecision } from './restart/recovery.js';
import type { RestartStrategy } from './restart/restart-strategy.js';
import { createPhase } from './states/create-phase.js';

/** Subtasks that restart, as the log names them. */
const TOLD_SUBTASKS = 10;

/**
 * Runs one job from its submission to its end: keeps the account of its tasks, and passes what happens to the phase it is in.
 * Which phase follows which is in job-phase.ts and the files under states/.
 */
export class JobMaster implements JobContext {
  readonly executions: ExecutionGraph;
  readonly failures: FailureHistory;
  readonly logger: Logger;
  /** Ends when the job has ended and is cleaned up. */
  readonly result: Promise<JobResult>;
  /** Ends when the checkpoints that the job leaves to nobody are gone. */
  checkpointsReleased: Promise<void> | undefined;
  readonly #finish: (result: JobResult) => void;
  readonly #router: OperatorEventRouter;
  /** Of streaming jobs. */
  readonly checkpoints: JobCheckpoints | undefined;
  readonly #tasks: CheckpointedTasks;
  /** Of the present attempt of the whole job; undefined: it begins from nothing. */
  #beginning: RestorePlan | undefined;
  /** What subtasks that are deployed next begin with. */
  #restores: readonly RestoredSubtask[] = [];
  readonly #collectors: Collectors;
  readonly #timestamps: Partial<Record<JobState, number>> = {};
  readonly #deployments: Deployments;
  readonly #startMs: number;
  /** The cluster's, with what the job sets. */
  readonly #configuration: Configuration;
  readonly #restart: RestartStrategy;
  #graph: JobGraph;
  #phase: JobPhase | undefined;
  readonly #timers: Timer[] = [];
  #notice: string | undefined;
  #accumulators: Readonly<Record<string, unknown>> = {};
  #result: JobResult | undefined;

  constructor(
    graph: JobGraph,
    private readonly services: JobServices,
  ) {
    this.#graph = graph;
    this.#startMs = services.clock.now();
    this.#configuration = jobConfiguration(services.configuration, graph);
    this.executions = new ExecutionGraph(graph, services.clock, this.#configuration.get(failoverStrategy));
    this.#deployments = new Deployments(this.executions, services);
    this.failures = new FailureHistory(services.clock);
    this.#collectors = new Collectors(services.settings.collectBufferBytes, services.clock);
    this.logger = withContext(services.logger, { jobId: graph.jobId, jobName: graph.name });
    const { promise, resolve } = deferred<JobResult>();
    this.result = promise;
    this.#finish = resolve;
    const toSlot = (slot: AssignedSlot, command: SlotCommand): void => {
      this.#deployments.command(slot, command);
    };
    this.#router = new OperatorEventRouter(this.executions, toSlot, services.clock);
    this.#tasks = new CheckpointedTasks({
      executions: this.executions,
      command: (slot, command) => {
        if (this.#deployments.isOpen(slot)) toSlot(slot, command);
      },
      failJob: (error) => {
        this.#failed(error, NOWHERE);
      },
    });
    this.#restart = createRestartStrategy(this.#configuration, services.clock, services.random);
    this.checkpoints = graph.settings.runtimeMode === 'BATCH' ? undefined : this.#newCheckpoints();
  }

  get jobId(): JobId {
    return this.#graph.jobId;
  }
  get ended(): boolean {
    return this.#result !== undefined;
  }
  get state(): JobState {
    return this.#phase?.jobState ?? 'INITIALIZING';
  }

  /** Slots that the job waits for. */
  get slotsWanted(): number {
    return this.#phase?.slotsWanted ?? 0;
  }

  start(): void {
    this.#timestamps.INITIALIZING = this.#startMs;
    this.#follow({ to: 'beginning' });
  }

  cancel(): void {
    this.#handle({ type: 'cancel' });
  }

  slotsChanged(): void {
    this.#handle({ type: 'slotsChanged' });
  }

  /** The JobManager ends before the job has: nothing more is done for it. */
  abandon(error: FlinkError): void {
    if (this.ended) return;
    this.failures.record(error);
    this.#cancelTimers();
    this.end('FAILED');
  }

  onSlotReported(taskManagerId: TaskManagerId, message: SlotReported): void {
    const slot = this.#deployments.find(taskManagerId, message);
    if (slot) this.#report(slot, message.report);
  }

  onSlotReleased(taskManagerId: TaskManagerId, message: SlotReleased): void {
    const slot = this.#deployments.find(taskManagerId, message);
    if (!slot) return;
    this.#deployments.released(slot);
    const unfinished = slot.executions.filter(({ terminal }) => !terminal);
    const expected = unfinished.every(({ state }) => state === 'CANCELING');
    for (const execution of unfinished) execution.enter(expected ? 'CANCELED' : 'FAILED');
    if (!expected) this.#failed(new SlotEndedError(taskManagerId, message.slot), this.#placeOf(unfinished[0]!), new Set([slot.region]));
    this.#handle({ type: 'slotReleased' });
  }

  onTaskManagerLost(taskManagerId: TaskManagerId, error: TaskManagerLostError): void {
    const slots = this.#deployments.lost(taskManagerId);
    if (slots.length === 0) return;
    const failed = new Set<number>();
    const lost: Execution[] = [];
    for (const { region, executions } of slots) {
      const ofSlot = executions.filter((execution) => execution.enter('FAILED'));
      if (ofSlot.length > 0) failed.add(region);
      lost.push(...ofSlot);
    }
    if (lost[0]) this.#failed(error, this.#placeOf(lost[0]), failed);
    this.#handle({ type: 'slotReleased' });
  }

  collector(id: string): CollectBuffer {
    return this.#collectors.get(id);
  }

  status(): JobStatus {
    return {
      jobId: this.jobId,
      name: this.#graph.name,
      state: this.state,
      startMs: this.#startMs,
      endMs: this.#result ? this.#startMs + this.#result.netRuntimeMs : -1,
      timestamps: { ...this.#timestamps },
      graph: this.#graph,
      subtasks: this.executions.executions.map(subtaskStatus),
      failures: this.failures.entries,
      notice: this.#notice,
      restartStrategy: this.#restart.describe(),
    };
  }

  // What the phases do with their job (JobContext).

  get slotTimeoutMs(): number {
    return this.services.settings.slotTimeoutMs;
  }
  get slotsPossible(): boolean {
    return this.services.slotsPossible(this.executions.slotRequests.length);
  }
  get restores(): boolean {
    return this.checkpoints?.restores === true;
  }

  decideRestart(): RestartDecision {
    this.checkpoints?.attemptFailed(this.failures.root);
    return this.decideRegionRestart();
  }

  decideRegionRestart(): RestartDecision {
    const decision = decideRestart(this.#restart, this.failures.root);
    if (!decision.restart) this.logger.warn(`Recovery is suppressed by ${this.#restart.describe()}`);
    return decision;
  }

  restartsWhole(): string | undefined {
    return this.checkpoints?.restartsWhole(this.failures.root);
  }

  interruptCheckpoints(): void {
    this.checkpoints?.coordinator.interrupt('some of its tasks failed');
  }

  get checkpointed(): boolean {
    return this.checkpoints?.mayHaveBeginning === true;
  }

  findBeginning(restart?: number): void {
    const found = this.#later({ type: 'beginningFound', ...(restart !== undefined && { restart }) });
    const failed = this.#later({ type: 'failed' });
    const looking = restart === undefined ? this.checkpoints?.beginning() : this.checkpoints?.beginningBeside();
    looking?.then(
      (plan) => {
        if (restart === undefined) this.#beginning = plan;
        this.#restores = plan?.subtasks ?? [];
        found();
      },
      (error: unknown) => {
        this.failures.record(error);
        failed();
      },
    );
  }

  takeSlots(regions: Regions): readonly ExecutionPlace[] | undefined {
    return this.#deployments.take(regions);
  }

  slotSituation(regions: Regions): SlotSituation {
    return this.#deployments.situation(regions);
  }

  slotsNeeded(regions: Regions): number {
    return this.#deployments.slotsNeeded(regions);
  }

  setNotice(notice: string | undefined): void {
    this.#notice = notice;
  }

  after(delayMs: number, event: JobEvent): void {
    this.#timers.push(this.services.clock.setTimer(delayMs, this.#later(event), { background: true }));
  }

  deploy(regions: Regions, places: readonly ExecutionPlace[]): void {
    this.#deployments.deploy({
      graph: this.#graph,
      regions,
      places,
      restores: this.#restores,
      failed: (taskManagerId, slots, error) => {
        this.#deploymentFailed(taskManagerId, slots, error);
      },
    });
  }

  startCheckpoints(): void {
    this.checkpoints?.coordinator.start();
  }

  cancelSlots(regions: Regions): void {
    this.#deployments.cancel(regions);
  }

  drained(regions: Regions): boolean {
    return this.#deployments.drained(regions);
  }

  beginNextAttempt(): void {
    this.#deployments.attemptEnded(this.executions.regions);
    this.failures.nextAttempt();
    this.executions.nextAttempt();
    this.#router.forget();
    this.#collectors.restart();
    this.logger.info('restarting the job', { attempt: this.executions.attempt, restartStrategy: this.#restart.describe() });
  }

  beginNextAttemptOf(regions: Regions): void {
    this.#deployments.attemptEnded(regions);
    this.executions.restart(regions);
    this.#router.forgetSubtasks((subtask) => regions.has(this.executions.regionOf(subtask)!));
    this.#collectors.restartRegions(regions);
    const subtasks = this.executions.executionsOf(regions).map((execution) => this.executions.describe(execution));
    this.logger.info(`restarting ${regions.size} of ${this.executions.regions.size} regions of the job`, {
      subtasks: subtasks.slice(0, TOLD_SUBTASKS).join(', '),
      restartStrategy: this.#restart.describe(),
    });
  }

  publish(): void {
    const published = this.#later({ type: 'published' });
    const failed = this.#later({ type: 'publishFailed' });
    this.#publish().then(published, (error: unknown) => {
      this.failures.record(error);
      failed();
    });
  }

  deleteScratch(): void {
    const deleted = this.#later({ type: 'scratchDeleted' });
    deleteScratch(this.#graph.scratch, this.services.files, this.logger).then(deleted, deleted);
  }

  end(outcome: JobOutcome): void {
    this.#result = {
      jobId: this.jobId,
      state: outcome,
      netRuntimeMs: this.services.clock.now() - this.#startMs,
      accumulators: outcome === 'FINISHED' ? this.#accumulators : {},
      failure: outcome === 'FAILED' ? this.failures.root : undefined,
    };
    this.#collectors.end();
    this.#router.forget();
    this.checkpointsReleased = this.checkpoints?.ended(outcome);
    this.#deployments.jobEnded();
    // An ended job is remembered for its shape, not for the data that was shipped with it.
    this.#graph = { ...this.#graph, shipped: {} };
    this.#finish(this.#result);
  }

  // How what happens reaches the phase.

  #handle(event: JobEvent): void {
    if (!this.ended) this.#follow(this.#phase?.on(event));
  }

  #newCheckpoints(): JobCheckpoints {
    const { clock, random, files, settings } = this.services;
    return new JobCheckpoints({
      graph: this.#graph,
      configuration: this.#configuration,
      targets: this.#tasks,
      files,
      clock,
      random,
      logger: this.logger,
      history: settings.checkpointHistory,
    });
  }

  #follow(transition: Transition | undefined): void {
    for (let next = transition; next !== undefined; next = this.#phase?.enter()) {
      if (next.to !== 'running') {
        this.checkpoints?.coordinator.suspend(`the job is ${next.to === 'finishing' ? 'finished' : 'no longer running'}`);
      }
      this.#cancelTimers();
      const before = this.state;
      this.#phase = createPhase(next, this);
      if (before === this.state) continue;
      this.#timestamps[this.state] = this.services.clock.now();
      const error = this.failures.root?.message;
      this.logger.info(`job switched from ${before} to ${this.state}`, error === undefined ? {} : { error });
    }
  }

  /** A call that delivers the event, unless the phase has been left by then. */
  #later(event: JobEvent): () => void {
    const phase = this.#phase;
    return () => {
      if (this.#phase === phase) this.#handle(event);
    };
  }

  #cancelTimers(): void {
    for (const timer of this.#timers.splice(0)) timer.cancel();
  }

  #report(slot: AssignedSlot, report: SlotReport): void {
    if (this.checkpoints !== undefined && this.#tasks.report(report, this.checkpoints.coordinator)) return;
    switch (report.type) {
      case 'state':
        this.executions.execution(report.subtask)?.enter(report.state);
        return this.#router.stateChanged();
      case 'finished':
        if (!this.executions.execution(report.subtask)?.finish(report.accumulators, report.steps)) return undefined;
        this.checkpoints?.coordinator.taskFinished(report.subtask);
        return this.#handle({ type: 'taskFinished' });
      case 'failed':
        return this.#taskFailed(slot, report.subtask, report.error);
      case 'operatorEvent':
        return this.#router.route(report.event);
      case 'collect':
        return this.#collect(slot, report);
      case 'metrics':
        return this.executions.record(report.tasks);
      case 'checkpointAcknowledged':
      case 'checkpointDeclined':
      case 'awaitingCheckpoint':
      case 'print':
      case 'log':
      case 'ended':
        return undefined;
    }
  }

  #collect(slot: AssignedSlot, { collectorId, sequence, records }: Extract<SlotReport, { type: 'collect' }>): void {
    const release = (): void => {
      if (this.#deployments.isOpen(slot)) this.#deployments.command(slot, { type: 'collected', sequence });
    };
    this.collector(collectorId).add(records, release, slot.region);
  }

  #taskFailed(slot: AssignedSlot, subtask: SubtaskId | undefined, error: SerializedError): void {
    const execution = subtask ? this.executions.execution(subtask) : slot.executions.find(({ terminal }) => !terminal);
    execution?.enter('FAILED');
    this.failures.recordSerialized(error, execution ? this.#placeOf(execution) : NOWHERE);
    this.#handle({ type: 'failed', regions: new Set([slot.region]) });
  }

  #deploymentFailed(taskManagerId: TaskManagerId, slots: readonly AssignedSlot[], error: unknown): void {
    // Slots that are gone belong to a TaskManager that was lost, which says more, or to a former attempt.
    const open = slots.filter((slot) => this.#deployments.isOpen(slot));
    const first = open[0]?.executions[0];
    const cause = error instanceof Error ? error : new Error(String(error));
    const regions = new Set(open.map(({ region }) => region));
    if (first) this.#failed(new DeploymentFailedError(taskManagerId, cause), this.#placeOf(first), regions);
  }

  /** @param regions that failed; undefined: the job as a whole. */
  #failed(error: FlinkError, place: FailurePlace, regions?: Regions): void {
    this.failures.record(error, place);
    this.#handle({ type: 'failed', ...(regions && { regions }) });
  }

  #placeOf(execution: Execution): FailurePlace {
    const { place } = execution;
    return {
      taskName: this.executions.describe(execution),
      taskManagerId: place?.taskManagerId,
      location: place && `${place.host}:${place.dataPort}`,
    };
  }

  async #publish(): Promise<void> {
    const { executions } = this.executions;
    const all = [...executions, ...(this.#beginning?.carried ?? [])];
    const merged = mergeAccumulators(all.map(({ accumulators }) => accumulators as Readonly<Record<string, AccumulatorData>>));
    this.#accumulators = Object.fromEntries(Object.entries(merged).map(([name, data]) => [name, accumulatorResult(data)]));
    await publishOutput(
      all.flatMap(({ steps }) => steps),
      this.services.files,
      this.logger,
    );
  }
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
