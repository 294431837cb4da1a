import { FlinkError } from '#core';

/** What the slots of a cluster were when a job wanted some. */
export interface SlotSituation {
  readonly required: number;
  readonly available: number;
  readonly taskManagers: number;
  readonly total: number;
}

/** A job needs more task slots than it got. */
export class NoResourceAvailableError extends FlinkError {
  constructor(
    readonly situation: SlotSituation,
    waitedMs: number,
  ) {
    super({
      code: 'NO_RESOURCE_AVAILABLE',
      message:
        `Not enough free slots available to run the job: ${describeSituation(situation)}` +
        (waitedMs > 0 ? `, after waiting for ${Math.round(waitedMs / 1000)} s` : ''),
      action:
        'Decrease the parallelism ("-p"), add TaskManagers, or increase the number of slots per TaskManager ' +
        '("taskmanager.numberOfTaskSlots").',
      blame: 'user',
    });
  }
}

/** What a job waits for that has not got its slots, and what to do about it. */
export function describeWaiting({ required, available }: SlotSituation): string {
  return (
    `waiting for task slots: ${required} needed, ${available} available; ` +
    'start more TaskManagers with "bin/taskmanager.sh start", or raise "taskmanager.numberOfTaskSlots"'
  );
}

/** The situation in words. */
function describeSituation({ required, available, taskManagers, total }: SlotSituation): string {
  return `required ${required}, available ${available} (number of TaskManagers=${taskManagers}, total number of slots=${total})`;
}
