import type { Logger } from '#core';
import type { ExecutionPlace } from '../schedule/execution.js';
import type { ExecutionGraph } from '../schedule/execution-graph.js';
import type { SlotSituation } from '../schedule/errors.js';
import type { FailureHistory } from './failure-history.js';
import type { JobState } from './job-manager-gateway.js';
import type { RestartDecision } from './restart/recovery.js';

/** How a job can end. */
export type JobOutcome = 'FINISHED' | 'FAILED' | 'CANCELED';

/** What happens to a job. Reports of its tasks have been noted in the execution graph when the event comes. */
export type JobEvent =
  /** Somewhere in the cluster slots became free or were added. */
  | { readonly type: 'slotsChanged' }
  | { readonly type: 'slotTimeout' }
  | { readonly type: 'taskFinished' }
  /** Something of this attempt failed; it is in the history. */
  | { readonly type: 'failed' }
  /** A slot of this attempt is free again, or lost. */
  | { readonly type: 'slotReleased' }
  | { readonly type: 'cancel' }
  | { readonly type: 'published' }
  /** The output could not be made visible; it is in the history. */
  | { readonly type: 'publishFailed' }
  | { readonly type: 'scratchDeleted' }
  /** What the next attempt begins from is known. */
  | { readonly type: 'beginningFound' }
  /** The time between a failure and the next attempt is over. */
  | { readonly type: 'restartDue' };

/** The phase to be in next. Plain data, so that the files of the phases need not know each other. */
export type Transition =
  | { readonly to: 'beginning' | 'waitingForSlots' | 'finishing' | 'failing' | 'cancelling' }
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
 */
export interface JobPhase {
  /** As shown outside. */
  readonly jobState: JobState;
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
  /** Takes all slots that the job needs, or none. */
  takeSlots(): readonly ExecutionPlace[] | undefined;
  slotSituation(): SlotSituation;
  /** Whether so many slots can ever be there. */
  readonly slotsPossible: boolean;
  /** Tells people what the job waits for; undefined: nothing. */
  setNotice(notice: string | undefined): void;
  /** Sends the event after a while, unless the phase has been left by then. */
  after(delayMs: number, event: JobEvent): void;
  deploy(places: readonly ExecutionPlace[]): void;
  /** Asks all slots of the attempt to stop; each answers by `slotReleased`, sooner or later. */
  cancelSlots(): void;
  /** No slot of the attempt is in use any more. */
  readonly drained: boolean;
  /** Whether the job may begin from a checkpoint or savepoint. */
  readonly checkpointed: boolean;
  /** Ends with the event `beginningFound`, or `failed`. */
  findBeginning(): void;
  /** What follows the failure of the attempt: to be asked once. */
  decideRestart(): RestartDecision;
  /** There is a checkpoint for the next attempt: what former ones wrote belongs to it. */
  readonly restores: boolean;
  beginNextAttempt(): void;
  /** Ends with the event `published` or `publishFailed`. */
  publish(): void;
  /** Ends with the event `scratchDeleted`. */
  deleteScratch(): void;
  /** The last thing a job does. */
  end(outcome: JobOutcome): void;
}
