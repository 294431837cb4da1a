import { InvalidProgramError } from '../errors.js';
import { type Duration, durationOf } from '../time/duration.js';

/** How a job that failed is started again: what the configuration would say, by key. */
export interface RestartStrategy {
  readonly configuration: Readonly<Record<string, string>>;
}

function strategy(type: string, settings: Readonly<Record<string, string>> = {}): RestartStrategy {
  const named = Object.entries(settings).map(([name, value]) => [`restart-strategy.${type}.${name}`, value]);
  return { configuration: { 'restart-strategy': type, ...(Object.fromEntries(named) as Readonly<Record<string, string>>) } };
}

function ms(duration: Duration): string {
  return `${durationOf(duration)} ms`;
}

function count(what: string, value: number, least: number): string {
  if (Number.isInteger(value) && value >= least) return String(value);
  throw new InvalidProgramError(
    `the ${what} must be a whole number of at least ${least}, not "${value}"`,
    'Give 0 attempts for no restart, or "Number.MAX_SAFE_INTEGER" for as many as it takes.',
  );
}

function fixedDelayRestart(attempts: number, delay: Duration): RestartStrategy {
  const text = count('number of restart attempts', attempts, 0);
  return attempts === 0 ? strategy('none') : strategy('fixed-delay', { attempts: text, delay: ms(delay) });
}

/** Ways to start a job again after a failure. Times are in ms, or texts such as `'10 s'`. */
export const RestartStrategies = {
  noRestart: (): RestartStrategy => strategy('none'),
  /** So often, each time after `delay`. */
  fixedDelayRestart,
  /** So often, at once. */
  fixedAttempts: (attempts: number): RestartStrategy => fixedDelayRestart(attempts, 0),
  /** Unless there are more than `failures` within `interval`, each time after `delay`. */
  failureRateRestart: (failures: number, interval: Duration, delay: Duration): RestartStrategy =>
    strategy('failure-rate', {
      'max-failures-per-interval': count('number of failures', failures, 1),
      'failure-rate-interval': ms(interval),
      delay: ms(delay),
    }),
  /** For ever; the delay grows with each failure, and is the initial one again after a time without any. */
  exponentialDelayRestart: (
    initialBackoff: Duration,
    maxBackoff: Duration,
    backoffMultiplier: number,
    resetBackoffThreshold: Duration,
    jitterFactor: number,
  ): RestartStrategy =>
    strategy('exponential-delay', {
      'initial-backoff': ms(initialBackoff),
      'max-backoff': ms(maxBackoff),
      'backoff-multiplier': String(backoffMultiplier),
      'reset-backoff-threshold': ms(resetBackoffThreshold),
      'jitter-factor': String(jitterFactor),
    }),
  /** As the cluster has it. */
  fallBackRestart: (): RestartStrategy => ({ configuration: {} }),
} as const;
