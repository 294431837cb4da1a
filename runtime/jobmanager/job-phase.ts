import type { Logger } from '#core';
import type { ExecutionPlace } from '../schedule/execution.js';
import type { ExecutionGraph } from '../schedule/execution-graph.js';
import type { SlotSituation } from '../schedule/errors.js';
import type { Regions } from './deployments.js';
import type { FailureHistory } from './failure-history.js';
import type { JobState } from './job-manager-gateway.js';
import type { RestartDecision } from './restart/recovery.js';

/** How a job can end. */
export type JobOutcome = 'FINISHED' | 'FAILED' | 'CANCELED';

/** What happens to a job. Reports of its tasks have been noted in the execution graph when the event comes. */
export type JobEvent =
  /** Somewhere in the cluster slots became free or were added. */
  | { readonly type: 'slotsChanged' }
  | { readonly type: 'slotTimeout'; readonly restart?: number }
  | { readonly type: 'taskFinished' }
  /** Something of this attempt failed; it is in the history. Without regions: the job as a whole. */
  | { readonly type: 'failed'; readonly regions?: Regions }
  /** A slot of this attempt is free again, or lost. */
  | { readonly type: 'slotReleased' }
  | { readonly type: 'cancel' }
  | { readonly type: 'published' }
  /** The output could not be made visible; it is in the history. */
  | { readonly type: 'publishFailed' }
  | { readonly type: 'scratchDeleted' }
  /** What the next attempt begins from is known. With `restart`, here and elsewhere: of some regions, while others go on. */
  | { readonly type: 'beginningFound'; readonly restart?: number }
  /** The time between a failure and the next attempt is over. */
  | { readonly type: 'restartDue'; readonly restart?: number };

/** The phase to be in next. Plain data, so that the files of the phases need not know each other. */
export type Transition =
  | { readonly to: 'beginning' | 'waitingForSlots' | 'finishing' | 'cancelling' }
  /** The decision, when it has been asked for already. */
  | { readonly to: 'failing'; readonly decision?: RestartDecision }
  | { readonly to: 'restarting'; readonly delayMs: number }
  | { readonly to: 'running'; readonly places: readonly ExecutionPlace[] }
  | { readonly to: 'cleaningUp' | 'ended'; readonly outcome: JobOutcome };

/**
 * One state of a job.
 *
 * ```
 *  beginning ──▶ waitingForSlots ──▶ running ──▶ finishing ────────────────▶ cleaningUp ──▶ ended
 *    ▲  │ nothing to     │            │    │        (renames)                  ▲  ▲
 *    │  │ begin from     │ no slots   │    └──────▶ cancelling ────────────────┘  │
 *    │  └────────────────┴────────────┼──────────────────────────────────────────▶│
 *  restarting ◀─────────────────── failing ───────────────────────────────────────┘
 * ```
 * While it is running, regions may restart by themselves: see states/region-restarts.ts.
 */
export interface JobPhase {
  /** As shown outside. */
  readonly jobState: JobState;
  /** Slots that it waits for; absent: none. */
  readonly slotsWanted?: number;
  /** Begins what the phase is for. Answers the next phase when there is nothing to wait for. */
  enter(): Transition | undefined;
  /** Answers the next phase, or undefined to stay. */
  on(event: JobEvent): Transition | undefined;
}

/** What a phase can do with its job. */
export interface JobContext {
  readonly executions: ExecutionGraph;
  readonly failures: FailureHistory;
  readonly logger: Logger;
  readonly slotTimeoutMs: number;
  /** Takes all slots that the regions need, or none. */
  takeSlots(regions: Regions): readonly ExecutionPlace[] | undefined;
  slotSituation(regions: Regions): SlotSituation;
  /** How many slots the regions need beside those that the job has. */
  slotsNeeded(regions: Regions): number;
  /** Whether so many slots can ever be there. */
  readonly slotsPossible: boolean;
  /** Tells people what the job waits for; undefined: nothing. */
  setNotice(notice: string | undefined): void;
  /** Sends the event after a while, unless the phase has been left by then. */
  after(delayMs: number, event: JobEvent): void;
  deploy(regions: Regions, places: readonly ExecutionPlace[]): void;
  /** All tasks of the attempt have been deployed. */
  startCheckpoints(): void;
  /** Asks all slots of the regions to stop; each answers by `slotReleased`, sooner or later. */
  cancelSlots(regions: Regions): void;
  /** No slot is in use by the regions any more. */
  drained(regions: Regions): boolean;
  /** Why regions that failed cannot begin again while others go on; undefined: they can. */
  restartsWhole(): string | undefined;
  /** Checkpoints that are under way are aborted; the next one has to wait until all tasks run. */
  interruptCheckpoints(): void;
  /** Whether the job may begin from a checkpoint or savepoint. */
  readonly checkpointed: boolean;
  /** Ends with the event `beginningFound`, or `failed`. @param restart of some regions, while others go on. */
  findBeginning(restart?: number): void;
  /** What follows the failure of the attempt: to be asked once. */
  decideRestart(): RestartDecision;
  /** What follows the failure of regions: to be asked once. */
  decideRegionRestart(): RestartDecision;
  /** There is a checkpoint for the next attempt: what former ones wrote belongs to it. */
  readonly restores: boolean;
  beginNextAttempt(): void;
  /** Of some regions, while others go on. */
  beginNextAttemptOf(regions: Regions): void;
  /** Ends with the event `published` or `publishFailed`. */
  publish(): void;
  /** Ends with the event `scratchDeleted`. */
  deleteScratch(): void;
  /** The last thing a job does. */
  end(outcome: JobOutcome): void;
}
