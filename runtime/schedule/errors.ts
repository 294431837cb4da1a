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

/** The situation in words, also for the log while a job waits. */
export function describeSituation({ required, available, taskManagers, total }: SlotSituation): string {
  return `required ${required}, available ${available} (number of TaskManagers=${taskManagers}, total number of slots=${total})`;
}
