import { memorySize } from '#conf';
import { InvalidProgramError } from '../../errors.js';
import { type Duration, durationOf } from '../../time/duration.js';

/** What a rolling policy learns of a part file in progress. Times are ms since 1970 UTC. */
export interface PartFileInfo {
  readonly bucketId: string;
  readonly sizeBytes: number;
  readonly creationTime: number;
  readonly lastUpdateTime: number;
}

/** Says when a part file is ended, and the next record of its bucket starts another. */
export interface RollingPolicy<T> {
  shouldRollOnCheckpoint(part: PartFileInfo): boolean;
  /** Asked before a record is added, which goes to the next file then. */
  shouldRollOnEvent(part: PartFileInfo, value: T): boolean;
  /** Asked from time to time: see `withBucketCheckInterval`. */
  shouldRollOnProcessingTime(part: PartFileInfo, currentTime: number): boolean;
}

/** Ends files at every checkpoint, as bulk formats need it. To be extended for other reasons too. */
export class OnCheckpointRollingPolicy<T> implements RollingPolicy<T> {
  /** Tells it from policies that leave files open at checkpoints. */
  declare protected readonly endsAtCheckpoints: true;

  static build<T>(): OnCheckpointRollingPolicy<T> {
    return new OnCheckpointRollingPolicy<T>();
  }

  shouldRollOnCheckpoint(_part: PartFileInfo): boolean {
    return true;
  }

  shouldRollOnEvent(_part: PartFileInfo, _value: T): boolean {
    return false;
  }

  shouldRollOnProcessingTime(_part: PartFileInfo, _currentTime: number): boolean {
    return false;
  }
}

interface RollingLimits {
  readonly maxPartSizeBytes: number;
  readonly rolloverIntervalMs: number;
  readonly inactivityIntervalMs: number;
}

/** Bytes, or a text such as `'128 MB'`. */
export type FileSize = number | string;

const DEFAULT_LIMITS: RollingLimits = { maxPartSizeBytes: 128 * 1024 * 1024, rolloverIntervalMs: 60_000, inactivityIntervalMs: 60_000 };

/** Ends files by their size (128 MB), their age (60 s), or when nothing has come for a time (60 s). */
export class DefaultRollingPolicy<T> implements RollingPolicy<T> {
  /** Policies are made by the builder. */
  constructor(private readonly limits: RollingLimits) {}

  static builder(): DefaultRollingPolicyBuilder {
    return new DefaultRollingPolicyBuilder();
  }

  shouldRollOnCheckpoint(part: PartFileInfo): boolean {
    return part.sizeBytes > this.limits.maxPartSizeBytes;
  }

  shouldRollOnEvent(part: PartFileInfo, _value: T): boolean {
    return part.sizeBytes > this.limits.maxPartSizeBytes;
  }

  shouldRollOnProcessingTime(part: PartFileInfo, currentTime: number): boolean {
    const { rolloverIntervalMs, inactivityIntervalMs } = this.limits;
    return currentTime - part.creationTime >= rolloverIntervalMs || currentTime - part.lastUpdateTime >= inactivityIntervalMs;
  }
}

export class DefaultRollingPolicyBuilder {
  #limits = DEFAULT_LIMITS;

  withMaxPartSize(size: FileSize): this {
    return this.#with({ maxPartSizeBytes: aboveZero('largest part', fileSizeOf(size)) });
  }

  withRolloverInterval(interval: Duration): this {
    return this.#with({ rolloverIntervalMs: aboveZero('rollover interval', durationOf(interval)) });
  }

  withInactivityInterval(interval: Duration): this {
    return this.#with({ inactivityIntervalMs: aboveZero('inactivity interval', durationOf(interval)) });
  }

  build<T>(): DefaultRollingPolicy<T> {
    return new DefaultRollingPolicy<T>(this.#limits);
  }

  #with(limits: Partial<RollingLimits>): this {
    this.#limits = { ...this.#limits, ...limits };
    return this;
  }
}

function fileSizeOf(size: FileSize): number {
  const bytes = typeof size === 'number' ? size : memorySize.parse(size);
  if (bytes !== undefined) return bytes;
  throw new InvalidProgramError(`"${size}" is no size of a file`, `Give ${memorySize.expected}.`);
}

function aboveZero(what: string, value: number): number {
  if (value > 0) return value;
  throw new InvalidProgramError(`the ${what} of a rolling policy is ${value}`, 'Set it above 0.');
}
