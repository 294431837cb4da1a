import { InvalidJobIdError, type JobId, parseJobId } from '#core';
import { UsageError } from '../errors.js';

/** A job id as a user typed it. @param missing what is told when there is none. Throws `UsageError`. */
export function jobIdFrom(text: string | undefined, missing: string): JobId {
  if (text === undefined) throw new UsageError(missing);
  try {
    return parseJobId(text);
  } catch (error) {
    throw error instanceof InvalidJobIdError ? new UsageError(error.message) : error;
  }
}
