import { systemClock, type Clock, type TaskManagerId } from '#core';
import { accumulatorResult, mergeAccumulators, type AccumulatorData, type FinishStep, type JobExecutionResult } from '#api';
import { restoresOf } from '../../runtime/checkpoint/restore.js';
import { RemoteError } from '../../runtime/control/serialized-error.js';
import { ChannelAllocator, type ChannelNetwork } from '../../runtime/exchange/channel-allocator.js';
import { WatermarkAlignmentCoordinator } from '../../runtime/jobmanager/watermark-alignment.js';
import { Doorbell } from '../../runtime/exchange/doorbell.js';
import { NetworkMemory } from '../../runtime/exchange/network-memory.js';
import type { JobGraph } from '../../runtime/plan/job-graph.js';
import { decodePlain } from '../../runtime/plan/plain-values.js';
import type { OperatorEvent, Placement, RestoredSubtask, SlotCommand, SlotDeployment, SlotReport } from '../../runtime/task/deployment.js';
import { InlineCarrier } from '../../runtime/taskmanager/inline-carrier.js';
import type { SlotCarrier, SlotCarrierEvents } from '../../runtime/taskmanager/slot-carrier.js';

export interface JobRunOptions {
  /** By default as many as the highest parallelism asks for. */
  readonly slots?: number;
  readonly segmentSizeBytes?: number;
  readonly buffersPerChannel?: number;
  readonly floatingBuffersPerGate?: number;
  readonly clock?: Clock;
  readonly configuration?: Readonly<Record<string, string>>;
  /** What subtasks begin with; by default nothing. */
  readonly restores?: (job: JobGraph) => readonly RestoredSubtask[];
  /** By default slots run in this thread. */
  readonly carrier?: (events: SlotCarrierEvents, clock: Clock) => SlotCarrier;
  /** Shown every report before it is acted on. `false` keeps it from being acted on: a client that takes no results, say. */
  readonly onReport?: (report: SlotReport, run: JobRun) => boolean | undefined;
}

/** A report and the slot it came from. */
export type SeenReport = SlotReport & { readonly slot: number };

const TASK_MANAGER = 'test-task-manager' as TaskManagerId;

/** All exchanges are within the process. */
const NO_NETWORK: ChannelNetwork = {
  bell: Doorbell.create(),
  registerOutbound: () => {
    throw new TypeError('no channel leaves the process');
  },
  registerInbound: () => {
    throw new TypeError('no channel comes from elsewhere');
  },
  release: () => undefined,
};

/**
 * One job on the slots of one TaskManager, with the parts of the JobManager that it needs: placing, passing operator events on, taking
 * results. Reports are cloned as they are between threads.
 */
export class JobRun {
  readonly reports: SeenReport[] = [];
  readonly collected = new Map<string, unknown[]>();
  readonly accumulators: Readonly<Record<string, AccumulatorData>>[] = [];
  readonly steps: FinishStep[] = [];
  printed = '';
  readonly #alignment = new WatermarkAlignmentCoordinator({
    clock: systemClock,
    isOver: () => false,
    send: (event) => {
      this.#pass(event);
    },
  });
  readonly #carriers: SlotCarrier[] = [];
  readonly #placements: readonly Placement[];
  readonly #ended = new Set<number>();
  #allEnded: () => void = () => undefined;
  readonly #done = new Promise<void>((resolve) => {
    this.#allEnded = resolve;
  });
  #failure: Error | undefined;
  #cancelled = false;

  constructor(
    readonly job: JobGraph,
    programUrl: string,
    private readonly options: JobRunOptions = {},
  ) {
    const slots = options.slots ?? Math.max(...job.vertices.map(({ parallelism }) => parallelism));
    this.#placements = placementsOf(job, slots);
    this.#deploy(slots, programUrl);
  }

  /** Ends when all slots have ended and all carriers are gone. Throws the job's first failure. */
  async result(): Promise<JobExecutionResult> {
    await this.#done;
    await Promise.all(this.#carriers.map((carrier) => carrier.terminate()));
    if (this.#failure !== undefined) throw this.#failure;
    const merged = Object.entries(mergeAccumulators(this.accumulators));
    const accumulators = Object.fromEntries(merged.map(([name, data]) => [name, accumulatorResult(data)]));
    return { jobId: this.job.jobId, netRuntimeMs: 0, accumulators };
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    for (const carrier of this.#carriers) carrier.send({ type: 'cancel' });
  }

  /** Tells a slot that a batch of its results was taken. */
  take(report: Extract<SeenReport, { type: 'collect' }>): void {
    const batch = decodePlain(report.records) as unknown[];
    const records = this.collected.get(report.collectorId) ?? [];
    this.collected.set(report.collectorId, records);
    for (const record of batch) records.push(record);
    this.#carriers[report.slot]?.send({ type: 'collected', sequence: report.sequence });
  }

  /** As if a reader of the job's first source had asked for a split. */
  requestSplitFor(reader: number): void {
    const [vertex] = this.job.vertices;
    const nodeId = vertex?.operators[0]?.nodeId;
    if (vertex === undefined || nodeId === undefined) throw new TypeError('the job has no operator');
    this.#pass({ vertexId: vertex.id, nodeId, to: 'enumerator', kind: 'requestSplit', from: reader });
  }

  #deploy(slots: number, programUrl: string): void {
    const { options } = this;
    const segmentSizeBytes = options.segmentSizeBytes ?? 4096;
    const bells = Array.from({ length: slots }, () => Doorbell.create());
    const allocator = new ChannelAllocator({
      taskManagerId: TASK_MANAGER,
      slotBells: bells,
      network: NO_NETWORK,
      memory: new NetworkMemory(512 * 1024 * 1024, segmentSizeBytes),
      buffersPerChannel: options.buffersPerChannel ?? 2,
      floatingBuffersPerGate: options.floatingBuffersPerGate ?? 4,
    });
    const commands = bells.map((bell, slot): SlotCommand => {
      const deployment = this.#deployment(slot);
      const channels = allocator.allocate(deployment);
      const configuration = options.configuration ?? {};
      return {
        type: 'deploy',
        assignment: { deployment, channels, bell: bell.memory, programUrl, taskManagerId: TASK_MANAGER, configuration },
      };
    });
    const carrier = options.carrier ?? ((events, clock) => new InlineCarrier(events, clock));
    for (let slot = 0; slot < slots; slot++) this.#carriers.push(carrier(this.#eventsOf(slot), options.clock ?? systemClock));
    commands.forEach((command, slot) => {
      this.#carriers[slot]?.send(command);
    });
  }

  #deployment(slot: number): SlotDeployment {
    const subtasks = this.#placements.filter((placement) => placement.slot === slot);
    return {
      graph: this.job,
      attempt: 0,
      attemptNumber: 0,
      slot,
      subtasks: subtasks.map(({ vertexId, subtaskIndex }) => ({ vertexId, subtaskIndex })),
      restores: restoresOf(subtasks, this.options.restores?.(this.job) ?? []),
      placements: this.#placements,
    };
  }

  #eventsOf(slot: number): SlotCarrierEvents {
    return {
      onReport: (report) => {
        this.#onReport({ ...structuredClone(report), slot });
      },
      onExit: (cause) => {
        this.#fail(cause);
      },
    };
  }

  #onReport(report: SeenReport): void {
    this.reports.push(report);
    if (this.options.onReport?.(report, this) === false) return;
    switch (report.type) {
      case 'finished':
        this.accumulators.push(report.accumulators);
        this.steps.push(...report.steps);
        break;
      case 'failed':
        this.#fail(new RemoteError(report.error));
        break;
      case 'operatorEvent':
        this.#pass(report.event);
        break;
      case 'collect':
        setImmediate(() => {
          this.take(report);
        });
        break;
      case 'print':
        this.printed += report.text;
        break;
      case 'ended':
        this.#ended.add(report.slot);
        if (this.#ended.size === this.#carriers.length) this.#allEnded();
        break;
      case 'checkpointAcknowledged':
      case 'checkpointDeclined':
      case 'awaitingCheckpoint':
      case 'state':
      case 'metrics':
      case 'log':
        break;
    }
  }

  #pass(event: OperatorEvent): void {
    if (event.to === 'alignment') return this.#alignment.report(event);
    const index = event.to === 'enumerator' ? 0 : event.to;
    const place = this.#placements.find(({ vertexId, subtaskIndex }) => vertexId === event.vertexId && subtaskIndex === index);
    if (place !== undefined) this.#carriers[place.slot]?.send({ type: 'operatorEvent', event });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.cancel();
  }
}

/** Subtask n of every vertex goes to slot n, as slot sharing has it, going round when there are fewer slots. */
function placementsOf(job: JobGraph, slots: number): readonly Placement[] {
  return job.vertices.flatMap(({ id, parallelism }) =>
    Array.from({ length: parallelism }, (_, subtaskIndex) => ({
      vertexId: id,
      subtaskIndex,
      taskManagerId: TASK_MANAGER,
      host: 'localhost',
      dataPort: 0,
      slot: subtaskIndex % slots,
    })),
  );
}
