import { FlinkError } from '#core';

/** What is on its way round a loop could not be put on disk, or read from there. */
export class FeedbackSpillError extends FlinkError {
  constructor(
    readonly directory: string,
    cause: unknown,
  ) {
    super({
      code: 'FEEDBACK_SPILL',
      message: `feedback of an iteration could not be kept in a file in "${directory}"`,
      action: 'See that "taskmanager.tmp.dirs" names directories with room, or raise "execution.iterations.feedback-memory".',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}
