import { mapOption, option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { oneOf } from '../types/one-of.js';
import { double, intFrom, string } from '../types/scalars.js';
import { akkaAskTimeout } from './timeouts.js';

const group = 'Restart of failed jobs';

export const restartStrategy = option({
  key: 'restart-strategy',
  type: string,
  group,
  takesEffect: 'yes',
  aliases: ['restart-strategy.type'],
  defaultNote: 'none; with checkpoints exponential-delay',
  description: 'What happens to a job that failed: "none", "fixed-delay", "failure-rate", "exponential-delay", or the name of a factory.',
});

export const restartFixedDelayAttempts = option({
  key: 'restart-strategy.fixed-delay.attempts',
  type: intFrom(1),
  default: '1',
  group,
  takesEffect: 'yes',
  description: 'How often "fixed-delay" restarts a job.',
});

export const restartFixedDelayDelay = option({
  key: 'restart-strategy.fixed-delay.delay',
  type: durationMs,
  fallback: akkaAskTimeout,
  group,
  takesEffect: 'yes',
  description: 'Time between a failure and the restart.',
});

export const restartFailureRateMaxFailures = option({
  key: 'restart-strategy.failure-rate.max-failures-per-interval',
  type: intFrom(1),
  default: '1',
  group,
  takesEffect: 'yes',
  description: 'With how many failures in the interval "failure-rate" gives up.',
});

export const restartFailureRateInterval = option({
  key: 'restart-strategy.failure-rate.failure-rate-interval',
  type: durationMs,
  default: '1 min',
  group,
  takesEffect: 'yes',
  description: 'Interval in which "failure-rate" counts.',
});

export const restartFailureRateDelay = option({
  key: 'restart-strategy.failure-rate.delay',
  type: durationMs,
  fallback: akkaAskTimeout,
  group,
  takesEffect: 'yes',
  description: 'Time between a failure and the restart.',
});

export const restartExponentialInitialBackoff = option({
  key: 'restart-strategy.exponential-delay.initial-backoff',
  type: durationMs,
  default: '1 s',
  group,
  takesEffect: 'yes',
  description: 'Time between the first failure and the restart.',
});

export const restartExponentialMaxBackoff = option({
  key: 'restart-strategy.exponential-delay.max-backoff',
  type: durationMs,
  default: '1 min',
  group,
  takesEffect: 'yes',
  description: 'Most time between a failure and the restart.',
});

export const restartExponentialMultiplier = option({
  key: 'restart-strategy.exponential-delay.backoff-multiplier',
  type: double,
  default: '1.5',
  group,
  takesEffect: 'yes',
  description: 'By what the time grows with each failure.',
});

export const restartExponentialResetThreshold = option({
  key: 'restart-strategy.exponential-delay.reset-backoff-threshold',
  type: durationMs,
  default: '1 h',
  group,
  takesEffect: 'yes',
  description: 'After how long without failure the time is the initial one again.',
});

export const restartExponentialJitter = option({
  key: 'restart-strategy.exponential-delay.jitter-factor',
  type: double,
  default: '0.1',
  group,
  takesEffect: 'yes',
  description: 'Share of the time by which it is varied at random.',
});

export const restartExponentialAttempts = option({
  key: 'restart-strategy.exponential-delay.attempts-before-reset-backoff',
  type: intFrom(1),
  group,
  takesEffect: 'yes',
  defaultNote: 'without limit',
  description: 'How often "exponential-delay" restarts a job before a time without failure has passed.',
});

export const failoverStrategy = option({
  key: 'jobmanager.execution.failover-strategy',
  type: oneOf('full', 'region', 'individual'),
  default: 'full',
  group,
  takesEffect: 'yes',
  description:
    'How much of a job restarts when a task fails: all of it ("full"), or what is connected with the task ("region", or "individual"); ' +
    'see recovery.md.',
});

export const cleanupStrategy = mapOption({
  key: 'cleanup-strategy',
  group,
  takesEffect: 'not-yet',
  description: 'How often removing what a finished job left behind is tried again: "cleanup-strategy.type" and its settings.',
});
