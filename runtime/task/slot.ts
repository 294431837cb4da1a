import { type Clock, fileSystems, type FlinkError, type Logger, type Timer, type VertexId } from '#core';
import type { StreamGraph } from '#api';
import { Configuration, executionCheckpointingInterval, executionCheckpointingUnaligned, networkMaxOverdraftBuffersPerGate } from '#conf';
import { FileSnapshotReader } from '../checkpoint/storage/file-snapshot-reader.js';
import { snapshotStorageOf } from '../checkpoint/storage/snapshot-storage-of.js';
import { serializeError } from '../control/serialized-error.js';
import { Doorbell } from '../exchange/doorbell.js';
import { FeedbackLoops } from '../iteration/feedback-loops.js';
import { type ImportProgram, replayProgram } from '../program/replay.js';
import type { OperatorEvent, SlotAssignment, SlotCommand, SlotReport, SubtaskId, TaskState } from './deployment.js';
import type { InstrumentStage } from './instrument-stage.js';
import { operatorFailure } from './operator-failure.js';
import { ResultSender, type SlotEnvironment } from './slot-environment.js';
import { type LoopBody, runSlotLoop } from './slot-loop.js';
import { checkpointOf, EnumeratorHost, splitsOf } from './split-coordination.js';
import { allowedBy } from '../time/alignment-events.js';
import { type BuiltSubtask, buildSubtask } from './subtask-builder.js';

/** Time between two reports of metrics, ms. */
const METRICS_INTERVAL_MS = 1000;
/** How long tasks that are cancelled may go on opening or flushing before they are closed all the same. */
const CLOSING_PATIENCE_MS = 5000;

/** What a slot has of the thread that it runs in. */
export interface SlotHost {
  /** Drives the loop until its body has ended. Undefined: it sleeps at the bell. */
  readonly runLoop?: (body: LoopBody, bell: Doorbell, clock: Clock) => Promise<void>;
  /** Undefined: `import`. */
  readonly importProgram?: ImportProgram;
  readonly instrument?: InstrumentStage | undefined;
}

/** Runs the subtasks of one job in one thread, from `deploy` until it reports that it has ended. */
export class Slot implements LoopBody {
  readonly #stop = new AbortController();
  readonly #results: ResultSender;
  readonly #feedback = new FeedbackLoops((event) => {
    this.#route(event);
  });
  readonly #enumerators = new Map<string, EnumeratorHost>();
  readonly #states = new Map<BuiltSubtask, TaskState>();
  #running: BuiltSubtask[] = [];
  /** Operator events that came before the subtasks were built; undefined from then on. */
  #early: OperatorEvent[] | undefined = [];
  #metrics: Timer | undefined;
  readonly #snapshotReader = new FileSnapshotReader(fileSystems);
  #bell = Doorbell.create();
  #failed = false;
  #stopped: Promise<void> | undefined;
  #endReported = false;
  #assignment: SlotAssignment | undefined;

  constructor(
    private readonly report: (report: SlotReport) => void,
    private readonly clock: Clock,
    private readonly host: SlotHost = {},
  ) {
    this.#results = new ResultSender(report);
  }

  handle(command: SlotCommand): void {
    switch (command.type) {
      case 'deploy':
        void this.#deploy(command.assignment);
        break;
      case 'cancel':
        this.#stopped ??= this.#cancel();
        break;
      case 'operatorEvent':
        this.#receive(command.event);
        break;
      case 'collected':
        this.#results.collected(command.sequence);
        break;
      case 'triggerCheckpoint':
        this.#triggerCheckpoint(command);
        break;
      case 'checkpointCompleted':
        for (const { subtask } of this.#running) subtask.checkpointCompleted(command.checkpointId);
        for (const enumerator of this.#enumerators.values()) enumerator.checkpointCompleted(command.checkpointId);
        break;
      case 'savepointCompleted':
        for (const { subtask } of this.#running) subtask.savepointCompleted(command.checkpointId);
        break;
      case 'checkpointAborted':
        for (const { subtask } of this.#running) subtask.checkpointAborted(command.checkpointId);
        break;
    }
  }

  /** Has the loop look at its tasks, and at the time: for clocks that somebody moves. */
  look(): void {
    this.#bell.ring();
  }

  /** The loop's work is done: all subtasks have finished, or the slot was stopped. */
  get ended(): boolean {
    return this.#stop.signal.aborted || (this.#running.length === 0 && this.#enumeratorsDone());
  }

  pass(nowMs: number): boolean {
    if (this.#failed) return false;
    let progressed = false;
    for (const built of this.#running) {
      try {
        if (built.subtask.step(nowMs)) progressed = true;
        this.#noteState(built);
      } catch (error) {
        this.#fail(built.subtask.id, built.subtask.explain(error));
        return false;
      }
    }
    return progressed;
  }

  nextDueMs(): number {
    const nowMs = this.clock.monotonicMs();
    const epochMs = this.clock.now();
    return this.#running.reduce((due, { subtask }) => Math.min(due, subtask.nextDueMs(nowMs, epochMs)), Infinity);
  }

  async #deploy(assignment: SlotAssignment): Promise<void> {
    this.#assignment = assignment;
    this.#bell = new Doorbell(assignment.bell);
    this.#keepReportingMetrics();
    try {
      const { importProgram } = this.host;
      const program = await replayProgram(assignment.programUrl, assignment.deployment.graph, { importProgram });
      if (this.#stop.signal.aborted) return;
      await this.#buildAll(program, assignment);
      if (this.#stop.signal.aborted) return;
      this.#startEnumerators();
      this.#receiveEarly();
      await (this.host.runLoop ?? runSlotLoop)(this, this.#bell, this.clock);
      this.#reportMetrics();
    } catch (error) {
      this.#fail(undefined, error);
    } finally {
      this.#metrics?.cancel();
    }
    if (!this.#failed && !this.#stop.signal.aborted) await this.#end();
  }

  async #end(): Promise<void> {
    await this.#closeEnumerators();
    this.#reportEnd();
  }

  /** What was built when one cannot be, or when the slot was told to stop meanwhile, is closed. */
  async #buildAll(program: StreamGraph, assignment: SlotAssignment): Promise<void> {
    const results = await Promise.allSettled(assignment.channels.map((channels) => this.#build(program, assignment, channels)));
    await this.#snapshotReader.close();
    const built = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = results.find((result) => result.status === 'rejected');
    if (!this.#stop.signal.aborted) this.#running = built;
    else for (const error of await this.#closeAll(built)) this.#warnOfClosing(error);
    if (failed !== undefined) throw failed.reason;
  }

  #triggerCheckpoint({ subtasks, checkpointId, timestamp, options }: Extract<SlotCommand, { type: 'triggerCheckpoint' }>): void {
    for (const { vertexId, subtaskIndex } of subtasks) {
      const startDelayMs = Math.max(0, this.clock.now() - timestamp);
      const checkpoint = { checkpointId, timestamp, options, alignmentMs: 0, startDelayMs };
      const enumerator = subtaskIndex === 0 ? this.#enumeratorOf(vertexId) : undefined;
      if (enumerator === undefined) this.#subtask(vertexId, subtaskIndex)?.subtask.checkpoint(checkpoint);
      else enumerator.checkpoint(checkpoint);
    }
    this.#bell.ring();
  }

  #enumeratorOf(vertexId: VertexId): EnumeratorHost | undefined {
    for (const [name, enumerator] of this.#enumerators) if (name.startsWith(`${vertexId}/`)) return enumerator;
    return undefined;
  }

  async #build(program: StreamGraph, assignment: SlotAssignment, channels: SlotAssignment['channels'][number]): Promise<BuiltSubtask> {
    const { graph, attemptNumber } = assignment.deployment;
    const { vertexId, subtaskIndex } = channels;
    const vertex = graph.vertices.find((candidate) => candidate.id === vertexId);
    if (vertex === undefined) throw new TypeError(`the job has no vertex ${vertexId}`);
    const built = await buildSubtask({
      job: graph,
      program,
      vertex,
      channels,
      attempt: attemptNumber,
      restore: assignment.deployment.restores.find((restore) => restore.vertexId === vertexId && restore.subtaskIndex === subtaskIndex),
      maxOverdraftSegments: Configuration.of(assignment.configuration).get(networkMaxOverdraftBuffersPerGate),
      environment: this.#environment(assignment),
      fail: (error) => {
        this.#fail(channels, error);
      },
      requestSplit: (nodeId) => {
        this.#route({ vertexId, nodeId, to: 'enumerator', kind: 'requestSplit', from: subtaskIndex });
      },
    });
    if (subtaskIndex === 0 && built.source !== undefined) this.#hostEnumerator(vertexId, built.source, vertex.parallelism, assignment);
    return built;
  }

  #environment({ deployment, configuration }: SlotAssignment): SlotEnvironment {
    // What the program says wins over what the job was submitted with, and that over what its cluster was started with.
    const { program, settings } = deployment.graph;
    const all = { ...configuration, ...program.configuration, ...settings.configuration };
    return {
      jobId: deployment.graph.jobId,
      clock: this.clock,
      logger: this.#logger(),
      configuration: all,
      signal: this.#stop.signal,
      results: this.#results,
      feedback: this.#feedback,
      instrument: this.host.instrument,
      checkpointing: Configuration.of(all).get(executionCheckpointingInterval) !== undefined,
      overtaking: Configuration.of(all).get(executionCheckpointingUnaligned),
      snapshotReader: this.#snapshotReader,
      storageFor: (options) => snapshotStorageOf(options, fileSystems),
      report: this.report,
      wake: () => {
        this.#bell.ring();
      },
    };
  }

  #logger(): Logger {
    const log =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, context: Readonly<Record<string, unknown>> = {}) => {
        this.report({ type: 'log', level, message, context });
      };
    return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  }

  #hostEnumerator(
    vertexId: VertexId,
    { node, input, restoredEnumerator }: NonNullable<BuiltSubtask['source']>,
    parallelism: number,
    assignment: SlotAssignment,
  ): void {
    if (node.spec.kind !== 'source') return;
    const { source } = node.spec;
    if (source.createEnumerator === undefined) return;
    const finished = assignment.deployment.restores.filter((restore) => restore.vertexId === vertexId && restore.finished !== undefined);
    if (finished.length === parallelism) return;
    const readers = assignment.deployment.placements.filter((placement) => placement.vertexId === vertexId);
    const hosts = Array.from({ length: parallelism }, (_, index) => readers.find(({ subtaskIndex }) => subtaskIndex === index)?.host);
    const place = { vertexId, nodeId: node.id, parallelism, finished: finished.map(({ subtaskIndex }) => subtaskIndex), hosts };
    const host = new EnumeratorHost(
      source,
      place,
      (event) => {
        this.#route(event);
      },
      {
        logger: this.#environment(assignment).logger,
        signal: this.#stop.signal,
        fail: (error) => {
          this.#fail({ vertexId, subtaskIndex: 0 }, operatorFailure(node.name, 0, parallelism, error));
        },
        restored: restoredEnumerator,
      },
    );
    if (input !== undefined) input.enumeratorSnapshot = (checkpointId) => host.snapshotFor(checkpointId);
    this.#enumerators.set(`${vertexId}/${node.id}`, host);
  }

  #startEnumerators(): void {
    for (const enumerator of this.#enumerators.values()) void enumerator.start();
  }

  async #closeEnumerators(): Promise<void> {
    for (const enumerator of this.#enumerators.values()) {
      await enumerator.close().catch((error: unknown) => {
        this.#warnOfClosing(error);
      });
    }
  }

  #enumeratorsDone(): boolean {
    return [...this.#enumerators.values()].every((enumerator) => enumerator.done);
  }

  /** Delivers within the slot where it can, but never in the middle of a reader's `poll`; else by way of the JobManager. */
  #route(event: OperatorEvent): void {
    const here =
      event.to === 'enumerator'
        ? this.#enumerators.has(`${event.vertexId}/${event.nodeId}`)
        : event.to !== 'alignment' && (this.#subtask(event.vertexId, event.to) !== undefined || this.#feedback.has(event));
    if (here) {
      queueMicrotask(() => {
        this.#deliver(event);
      });
    } else {
      this.report({ type: 'operatorEvent', event });
      this.#bell.ring();
    }
  }

  /** Other slots may be faster: what they send waits until the subtasks here are built. */
  #receive(event: OperatorEvent): void {
    if (this.#early === undefined) this.#deliver(event);
    else this.#early.push(event);
  }

  #receiveEarly(): void {
    const events = this.#early ?? [];
    this.#early = undefined;
    for (const event of events) this.#deliver(event);
  }

  #deliver(event: OperatorEvent): void {
    if (event.to === 'enumerator') this.#enumerators.get(`${event.vertexId}/${event.nodeId}`)?.handle(event);
    else if (event.to !== 'alignment' && !this.#feedback.receive(event)) this.#deliverToReader(event, event.to);
    this.#bell.ring();
  }

  #deliverToReader(event: OperatorEvent, subtaskIndex: number): void {
    const reader = this.#subtask(event.vertexId, subtaskIndex);
    const input = reader?.source?.input;
    if (reader === undefined || input === undefined) return;
    const { subtask } = reader;
    try {
      if (event.kind === 'assignSplits') input.addSplits(splitsOf(event));
      else if (event.kind === 'alignTo') input.align(allowedBy(event));
      else if (event.kind === 'checkpoint') subtask.checkpoint(checkpointOf(event));
      else input.noMoreSplits();
    } catch (error) {
      this.#fail(subtask.id, subtask.explain(error));
    }
  }

  #subtask(vertexId: VertexId, subtaskIndex: number): BuiltSubtask | undefined {
    return this.#running.find(({ subtask: { id } }) => id.vertexId === vertexId && id.subtaskIndex === subtaskIndex);
  }

  #noteState(built: BuiltSubtask): void {
    const { subtask } = built;
    if (subtask.phase === 'finished') {
      this.#running = this.#running.filter((other) => other !== built);
      const { steps, accumulators } = subtask.outcome;
      this.report({ type: 'metrics', tasks: [subtask.metrics()] });
      this.report({ type: 'finished', subtask: subtask.id, steps, accumulators });
    } else if (this.#states.get(built) !== subtask.state) {
      this.#states.set(built, subtask.state);
      this.report({ type: 'state', subtask: subtask.id, state: subtask.state });
    }
  }

  /** The first failure is reported; the slot then stands still until it is told to stop. */
  #fail(subtask: SubtaskId | undefined, error: unknown): void {
    if (this.#failed || this.#stop.signal.aborted) return;
    this.#failed = true;
    const id = subtask === undefined ? undefined : { vertexId: subtask.vertexId, subtaskIndex: subtask.subtaskIndex };
    this.report({ type: 'failed', subtask: id, error: serializeError(error) });
    this.#stop.abort();
    this.#bell.ring();
  }

  async #cancel(): Promise<void> {
    this.#stop.abort();
    this.#bell.ring();
    const running = this.#running.splice(0);
    const errors = await this.#closeAll(running);
    await this.#closeEnumerators();
    for (const error of errors) this.#warnOfClosing(error);
    for (const { subtask } of running) this.report({ type: 'state', subtask: subtask.id, state: 'CANCELED' });
    this.#reportEnd();
  }

  async #closeAll(running: readonly BuiltSubtask[]): Promise<readonly FlinkError[]> {
    let patience: Timer | undefined;
    const patienceEnded = new Promise<void>((resolve) => {
      patience = this.clock.setTimer(
        CLOSING_PATIENCE_MS,
        () => {
          this.#logger().warn(`tasks that were cancelled were still opening or flushing after ${CLOSING_PATIENCE_MS} ms and are closed`);
          resolve();
        },
        { background: true },
      );
    });
    const errors = await Promise.all(running.map(({ subtask }) => subtask.close(patienceEnded)));
    patience?.cancel();
    return errors.flat();
  }

  #warnOfClosing(error: unknown): void {
    this.#logger().warn('a task failed while it was being closed', { error: String(error) });
  }

  #reportEnd(): void {
    const jobId = this.#assignment?.deployment.graph.jobId;
    if (this.#endReported || jobId === undefined) return;
    this.#endReported = true;
    this.report({ type: 'ended', jobId });
  }

  #keepReportingMetrics(): void {
    this.#metrics = this.clock.setTimer(
      METRICS_INTERVAL_MS,
      () => {
        this.#reportMetrics();
        this.#keepReportingMetrics();
      },
      { background: true },
    );
  }

  #reportMetrics(): void {
    if (this.#running.length > 0) this.report({ type: 'metrics', tasks: this.#running.map(({ subtask }) => subtask.metrics()) });
  }
}
