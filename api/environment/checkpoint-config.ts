import {
  executionCheckpointingAlignedTimeout,
  executionCheckpointingInterval,
  executionCheckpointingMaxConcurrent,
  executionCheckpointingMinPause,
  executionCheckpointingMode,
  executionCheckpointingRetention,
  executionCheckpointingStorage,
  executionCheckpointingTimeout,
  executionCheckpointingTolerableFailed,
  executionCheckpointingUnaligned,
  executionCheckpointingUnalignedForced,
  type Option,
  stateCheckpointsDir,
} from '#conf';
import { InvalidProgramError } from '../errors.js';
import { type Duration, durationOf } from '../time/duration.js';
import type { JobConfiguration } from './job-configuration.js';

/** Whether barriers are aligned, so that each record changes the state exactly once. */
export const CheckpointingMode = { EXACTLY_ONCE: 'EXACTLY_ONCE', AT_LEAST_ONCE: 'AT_LEAST_ONCE' } as const;
export type CheckpointingMode = (typeof CheckpointingMode)[keyof typeof CheckpointingMode];

/** What becomes of the checkpoints of a job that is cancelled. */
export const ExternalizedCheckpointCleanup = {
  DELETE_ON_CANCELLATION: 'DELETE_ON_CANCELLATION',
  RETAIN_ON_CANCELLATION: 'RETAIN_ON_CANCELLATION',
  NO_EXTERNALIZED_CHECKPOINTS: 'NO_EXTERNALIZED_CHECKPOINTS',
} as const;
export type ExternalizedCheckpointCleanup = (typeof ExternalizedCheckpointCleanup)[keyof typeof ExternalizedCheckpointCleanup];

const LEAST_MS = 10;

/**
 * Settings of the checkpoints of all jobs that an environment runs; what is not set is as the configuration has it. Times are in ms, or
 * texts such as `'10 s'`. Setters throw `InvalidProgramError` (user).
 */
export class CheckpointConfig {
  readonly #configuration: JobConfiguration;
  readonly #absolutePath: (path: string) => string;
  #forced = false;

  constructor(configuration: JobConfiguration, absolutePath: (path: string) => string) {
    this.#configuration = configuration;
    this.#absolutePath = absolutePath;
  }

  isCheckpointingEnabled(): boolean {
    return this.#configuration.get(executionCheckpointingInterval) !== undefined;
  }

  /** -1: no checkpoints are made by themselves. */
  getCheckpointInterval(): number {
    return this.#configuration.get(executionCheckpointingInterval) ?? -1;
  }

  setCheckpointInterval(interval: Duration): this {
    return this.#setMs(executionCheckpointingInterval, interval, LEAST_MS, 'Checkpoint interval');
  }

  getCheckpointingMode(): CheckpointingMode {
    return this.#configuration.get(executionCheckpointingMode);
  }

  setCheckpointingMode(mode: CheckpointingMode): this {
    return this.#set(executionCheckpointingMode, mode);
  }

  isForceCheckpointing(): boolean {
    return this.#forced;
  }

  /** Checkpoints are made of jobs with loops, too, though what is on its way round is in none of them. */
  setForceCheckpointing(forced: boolean): this {
    this.#forced = forced;
    return this;
  }

  getCheckpointTimeout(): number {
    return this.#configuration.get(executionCheckpointingTimeout);
  }

  /** How long a checkpoint may take before it is given up. */
  setCheckpointTimeout(timeout: Duration): this {
    return this.#setMs(executionCheckpointingTimeout, timeout, LEAST_MS, 'Checkpoint timeout');
  }

  getMinPauseBetweenCheckpoints(): number {
    return this.#configuration.get(executionCheckpointingMinPause);
  }

  /** Least time from the end of a checkpoint to the start of the next. More than 0: only one is under way at a time. */
  setMinPauseBetweenCheckpoints(pause: Duration): this {
    return this.#setMs(executionCheckpointingMinPause, pause, 0, 'Pause between checkpoints');
  }

  getMaxConcurrentCheckpoints(): number {
    return this.#configuration.get(executionCheckpointingMaxConcurrent);
  }

  setMaxConcurrentCheckpoints(count: number): this {
    return this.#set(executionCheckpointingMaxConcurrent, String(count));
  }

  getTolerableCheckpointFailureNumber(): number {
    return this.#configuration.get(executionCheckpointingTolerableFailed);
  }

  /** How many checkpoints in a row may fail before the job does. */
  setTolerableCheckpointFailureNumber(count: number): this {
    return this.#set(executionCheckpointingTolerableFailed, String(count));
  }

  getExternalizedCheckpointCleanup(): ExternalizedCheckpointCleanup {
    return this.#configuration.get(executionCheckpointingRetention);
  }

  setExternalizedCheckpointCleanup(cleanup: ExternalizedCheckpointCleanup): this {
    return this.#set(executionCheckpointingRetention, cleanup);
  }

  /** The name in Flink up to 1.14. */
  enableExternalizedCheckpoints(cleanup: ExternalizedCheckpointCleanup): this {
    return this.setExternalizedCheckpointCleanup(cleanup);
  }

  /** The name since Flink 2.0. */
  setExternalizedCheckpointRetention(retention: ExternalizedCheckpointCleanup): this {
    return this.setExternalizedCheckpointCleanup(retention);
  }

  isUnalignedCheckpointsEnabled(): boolean {
    return this.#configuration.get(executionCheckpointingUnaligned);
  }

  /** Barriers overtake records, which become part of the checkpoint. */
  enableUnalignedCheckpoints(enabled = true): this {
    return this.#set(executionCheckpointingUnaligned, String(enabled));
  }

  isForceUnalignedCheckpoints(): boolean {
    return this.#configuration.get(executionCheckpointingUnalignedForced);
  }

  /** Allows unaligned checkpoints where they guarantee less: in jobs with loops. */
  setForceUnalignedCheckpoints(forced: boolean): this {
    return this.#set(executionCheckpointingUnalignedForced, String(forced));
  }

  getAlignedCheckpointTimeout(): number {
    return this.#configuration.get(executionCheckpointingAlignedTimeout);
  }

  /** With unaligned checkpoints: how long alignment is tried first. */
  setAlignedCheckpointTimeout(timeout: Duration): this {
    return this.#setMs(executionCheckpointingAlignedTimeout, timeout, 0, 'Aligned checkpoint timeout');
  }

  /** Checkpoints are files in this directory, which all machines of the cluster see. */
  setCheckpointStorage(directory: string): this {
    this.#set(executionCheckpointingStorage, 'filesystem');
    return this.#set(stateCheckpointsDir, this.#absolutePath(directory));
  }

  #setMs(option: Option<number | undefined>, duration: Duration, leastMs: number, what: string): this {
    const ms = durationOf(duration);
    if (ms >= leastMs) return this.#set(option, `${ms} ms`);
    throw new InvalidProgramError(`${what} must be larger than or equal to ${leastMs} ms, not "${duration}"`, 'Give a longer time.');
  }

  #set(option: Option<never> | Option<unknown>, text: string): this {
    this.#configuration.setOption(option, text);
    return this;
  }
}
