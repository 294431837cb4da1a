import type { Clock, FileSystems, JobId, Logger, Random, TaskManagerId } from '#core';
import type { Configuration } from '#conf';
import type { AttemptEnded, CommandSlot, DeployJob, JobEnded } from '../control/messages.js';
import type { ExecutionPlace } from '../schedule/execution.js';
import type { SlotSituation } from '../schedule/errors.js';
import type { JobManagerSettings } from './job-manager-settings.js';

/** A slot for attempts of regions of a job. */
export interface WantedSlot {
  readonly attempts: readonly number[];
  /** A slot of the job that they may share, if it is still there; undefined: a free one. */
  readonly beside: ExecutionPlace | undefined;
}

/** What the JobManager does for each of its jobs. */
export interface JobServices {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly files: FileSystems;
  readonly settings: JobManagerSettings;
  /** Of the cluster. */
  readonly configuration: Configuration;
  /** All of them or none. They stay taken until their TaskManagers release them. */
  takeSlots(jobId: JobId, wanted: readonly WantedSlot[]): readonly ExecutionPlace[] | undefined;
  situation(required: number): SlotSituation;
  /** Whether the cluster can ever have so many slots. */
  slotsPossible(required: number): boolean;
  deploy(taskManagerId: TaskManagerId, message: DeployJob): Promise<void>;
  send(taskManagerId: TaskManagerId, message: CommandSlot | AttemptEnded | JobEnded): void;
}
