import type { BlobKey, JobId, TaskManagerId } from '#core';
import type { JobGraph } from '../plan/job-graph.js';
import type { Placement, RestoredSubtask, SlotCommand, SlotReport, SubtaskId } from '../task/deployment.js';
import type { SerializedError } from './serialized-error.js';

/**
 * Names what runs in a slot: of a former attempt or job, messages may still be on their way. Regions of a job that share a slot have a run
 * each.
 */
export interface SlotRun {
  readonly jobId: JobId;
  /** Of a region of the job: no two attempts of the same or of different regions have the same number. */
  readonly attempt: number;
  readonly slot: number;
}

export interface Hardware {
  readonly cpuCores: number;
  /** Bytes, as are the other sizes. */
  readonly physicalMemory: number;
  readonly freeMemory: number;
  readonly managedMemory: number;
}

/** What a TaskManager tells of itself when it comes. All its slots are free then. */
export interface TaskManagerDescription {
  readonly taskManagerId: TaskManagerId;
  /** Where other TaskManagers reach it. */
  readonly host: string;
  /** 0: it serves no data, all exchanges are within it. */
  readonly dataPort: number;
  readonly pid: number;
  readonly slots: number;
  readonly hardware: Hardware;
  readonly networkSegments: number;
  readonly logPath: string | undefined;
}

export interface RegisterTaskManager {
  readonly type: 'registerTaskManager';
  readonly description: TaskManagerDescription;
}
export interface Registered {
  readonly type: 'registered';
  readonly jobManagerId: string;
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
}

/** Asks for a piece of a blob. */
export interface FetchBlob {
  readonly type: 'fetchBlob';
  readonly key: BlobKey;
  readonly offset: number;
}
export interface BlobChunk {
  readonly type: 'blobChunk';
  readonly bytes: Uint8Array;
  /** Of the whole blob. */
  readonly sizeBytes: number;
}

/** What one slot is to run of a region. */
export interface SlotPart {
  readonly slot: number;
  readonly attempt: number;
  /** Of the subtasks, from 0, for people and functions. */
  readonly attemptNumber: number;
  /** How many regions of the job share the slot. */
  readonly sharedBy: number;
  readonly subtasks: readonly SubtaskId[];
  /** Of those subtasks that begin with state. */
  readonly restores: readonly RestoredSubtask[];
}

/** Starts one TaskManager's share of attempts of a job's regions. Answered when every slot has begun; failures later come as reports. */
export interface DeployJob {
  readonly type: 'deployJob';
  readonly graph: JobGraph;
  readonly slots: readonly SlotPart[];
  /** Of all subtasks of these regions. */
  readonly placements: readonly Placement[];
}
export interface Accepted {
  readonly type: 'accepted';
}

export interface Heartbeat {
  readonly type: 'heartbeat';
  /** Sent by TaskManagers. */
  readonly hardware: Hardware | undefined;
}
export interface SlotReported extends SlotRun {
  readonly type: 'slotReported';
  readonly report: SlotReport;
}
/** The slot is free again: its thread is gone and its memory taken back. Always the last message of a run. */
export interface SlotReleased extends SlotRun {
  readonly type: 'slotReleased';
}
/** The TaskManager is going, and why. */
export interface TaskManagerLeaving {
  readonly type: 'taskManagerLeaving';
  readonly reason: string;
}
export interface CommandSlot extends SlotRun {
  readonly type: 'commandSlot';
  readonly command: SlotCommand;
}
/** The attempt is over everywhere: the memory of its channels, read to the end or not, may be taken back. */
export interface AttemptEnded {
  readonly type: 'attemptEnded';
  readonly jobId: JobId;
  readonly attempt: number;
}
/** No more of this job will come: what is kept for it may go. */
export interface JobEnded {
  readonly type: 'jobEnded';
  readonly jobId: JobId;
}
/** The TaskManager's process is to end. */
export interface StopTaskManager {
  readonly type: 'stopTaskManager';
  readonly reason: string;
}

/** Messages that want no answer. */
export type ControlMessage =
  Heartbeat | SlotReported | SlotReleased | TaskManagerLeaving | CommandSlot | AttemptEnded | JobEnded | StopTaskManager;

/** Messages that are answered, or refused with an error. */
export type ControlRequest = RegisterTaskManager | FetchBlob | DeployJob;

export type ControlAnswer = Registered | BlobChunk | Accepted;

interface Answers {
  readonly registerTaskManager: Registered;
  readonly fetchBlob: BlobChunk;
  readonly deployJob: Accepted;
}
export type AnswerTo<R extends ControlRequest> = Answers[R['type']];

/** What travels on a connection. */
export type Envelope =
  | { readonly kind: 'message'; readonly message: ControlMessage }
  | { readonly kind: 'request'; readonly id: number; readonly request: ControlRequest }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: ControlAnswer }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: SerializedError }
  /** The sender closes the connection, and why. */
  | { readonly kind: 'goodbye'; readonly reason: string };
