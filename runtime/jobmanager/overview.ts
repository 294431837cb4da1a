import type { Execution } from '../schedule/execution.js';
import type { SlotPool } from '../schedule/slot-pool.js';
import {
  type ClusterOverview,
  type JobState,
  type SubtaskStatus,
  TERMINAL_JOB_STATES,
  type TaskManagerStatus,
} from './job-manager-gateway.js';
import { describeLostJobs, type LostJob } from './lost-jobs.js';
import type { RegisteredTaskManager } from './registered-task-manager.js';

export function clusterOverview(
  states: readonly JobState[],
  taskManagers: number,
  pool: SlotPool,
  lostJobs: readonly LostJob[],
): ClusterOverview {
  const lost = describeLostJobs(lostJobs);
  const count = (...wanted: readonly JobState[]): number => states.filter((state) => wanted.includes(state)).length;
  return {
    taskManagers,
    slotsTotal: pool.total,
    slotsAvailable: pool.available,
    jobsRunning: states.length - count(...TERMINAL_JOB_STATES),
    jobsFinished: count('FINISHED'),
    jobsCancelled: count('CANCELED'),
    jobsFailed: count('FAILED'),
    messages: lost === undefined ? [] : [lost],
  };
}

export function taskManagerStatus({ description, hardware, lastHeartbeatMs }: RegisteredTaskManager, pool: SlotPool): TaskManagerStatus {
  const { taskManagerId, host, dataPort, pid, slots, networkSegments, logPath } = description;
  return {
    taskManagerId,
    host,
    dataPort,
    pid,
    slots,
    freeSlots: pool.availableAt(taskManagerId),
    lastHeartbeatMs,
    hardware,
    networkSegments,
    logPath,
  };
}

export function subtaskStatus({ vertexId, subtaskIndex, attempt, state, place, timestamps, metrics }: Execution): SubtaskStatus {
  return { vertexId, subtaskIndex, attempt, state, taskManagerId: place?.taskManagerId, host: place?.host, timestamps, metrics };
}
