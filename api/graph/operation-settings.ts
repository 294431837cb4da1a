import { InvalidParallelismError, InvalidProgramError, NonParallelOperatorError } from '../errors.js';
import { shownOperation, type Operation } from './operation.js';

/** The largest maximum parallelism, and so the largest parallelism: the number of key groups there can be. */
export const LARGEST_PARALLELISM = 32768;

const HEX_32 = /^[0-9a-fA-F]{32}$/;

/** Throws {@link InvalidParallelismError} when the number is not a parallelism. */
export function checkParallelism(setting: 'parallelism' | 'maximum parallelism', value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > LARGEST_PARALLELISM) {
    throw new InvalidParallelismError(setting, value, LARGEST_PARALLELISM);
  }
}

/** Throws when the number is not a buffer timeout: ms, 0 for no waiting, -1 for "only full buffers". */
export function checkBufferTimeout(timeoutMs: number): void {
  if (timeoutMs >= 0 || timeoutMs === -1) return;
  throw new InvalidProgramError(
    `Timeout of buffer must be non-negative or -1, not "${timeoutMs}"`,
    'Give milliseconds, 0 to send every record at once, or -1 to send only full buffers.',
  );
}

export function setOperationParallelism(operation: Operation, parallelism: number): void {
  checkParallelism('parallelism', parallelism);
  if (operation.nonParallel && parallelism !== 1) throw new NonParallelOperatorError(shownOperation(operation), parallelism);
  operation.parallelism = parallelism;
}

export function setOperationMaxParallelism(operation: Operation, maxParallelism: number): void {
  checkParallelism('maximum parallelism', maxParallelism);
  operation.maxParallelism = maxParallelism;
}

export function setOperationBufferTimeout(operation: Operation, timeoutMs: number): void {
  checkBufferTimeout(timeoutMs);
  operation.bufferTimeoutMs = timeoutMs;
}

export function setOperationUidHash(operation: Operation, uidHash: string): void {
  if (!HEX_32.test(uidHash)) {
    throw new InvalidProgramError(
      `Node hash must be a 32 character String that describes a hex code. Found: ${uidHash}`,
      'Take the hash from the logs of the job whose state is to be restored.',
    );
  }
  operation.uidHash = uidHash.toLowerCase();
}
