import { type Clock, FlinkError, type Random } from '#core';
import {
  type Configuration,
  executionCheckpointingInterval,
  restartExponentialAttempts,
  restartExponentialInitialBackoff,
  restartExponentialJitter,
  restartExponentialMaxBackoff,
  restartExponentialMultiplier,
  restartExponentialResetThreshold,
  restartFailureRateDelay,
  restartFailureRateInterval,
  restartFailureRateMaxFailures,
  restartFixedDelayAttempts,
  restartFixedDelayDelay,
  restartStrategy,
} from '#conf';
import { ExponentialDelayRestart } from './exponential-delay-restart.js';
import { FailureRateRestart } from './failure-rate-restart.js';
import { FixedDelayRestart } from './fixed-delay-restart.js';
import { NoRestart } from './no-restart.js';
import type { RestartStrategy } from './restart-strategy.js';

/** No restart strategy has that name. */
export class UnknownRestartStrategyError extends FlinkError {
  constructor(readonly strategy: string) {
    super({
      code: 'UNKNOWN_RESTART_STRATEGY',
      message: `Found unknown RestartBackoffTimeStrategy ${strategy}.`,
      action: 'Set "restart-strategy" to "none", "fixed-delay", "failure-rate" or "exponential-delay".',
      blame: 'user',
    });
  }
}

/** What the configuration of a job asks for; without a word none, with checkpoints `exponential-delay`, as in Flink 1.20. */
export function createRestartStrategy(configuration: Configuration, clock: Clock, random: Random): RestartStrategy {
  const name = configuration.get(restartStrategy);
  const standard = configuration.get(executionCheckpointingInterval) === undefined ? 'none' : 'exponential-delay';
  switch (name?.toLowerCase().replaceAll('_', '-') ?? standard) {
    case 'none':
    case 'off':
    case 'disable':
      return new NoRestart();
    case 'fixed-delay':
    case 'fixeddelay':
      return new FixedDelayRestart(configuration.get(restartFixedDelayAttempts), configuration.get(restartFixedDelayDelay));
    case 'failure-rate':
    case 'failurerate':
      return failureRate(configuration, clock);
    case 'exponential-delay':
    case 'exponentialdelay':
      return exponentialDelay(configuration, clock, random);
    default:
      throw new UnknownRestartStrategyError(name ?? standard);
  }
}

function failureRate(configuration: Configuration, clock: Clock): RestartStrategy {
  return new FailureRateRestart(
    configuration.get(restartFailureRateMaxFailures),
    configuration.get(restartFailureRateInterval),
    configuration.get(restartFailureRateDelay),
    clock,
  );
}

function exponentialDelay(configuration: Configuration, clock: Clock, random: Random): RestartStrategy {
  const settings = {
    initialBackoffMs: configuration.get(restartExponentialInitialBackoff),
    maxBackoffMs: configuration.get(restartExponentialMaxBackoff),
    multiplier: configuration.get(restartExponentialMultiplier),
    resetThresholdMs: configuration.get(restartExponentialResetThreshold),
    jitterFactor: configuration.get(restartExponentialJitter),
    attempts: configuration.get(restartExponentialAttempts) ?? Number.MAX_SAFE_INTEGER,
  };
  return new ExponentialDelayRestart(settings, clock, random);
}
