import { expect } from 'chai';
import { SeededRandom } from '#core';
import { RestartStrategies } from '#api';
import { Configuration } from '#conf';
import { createRestartStrategy, UnknownRestartStrategyError } from '../../../../runtime/jobmanager/restart/create-restart-strategy.js';
import { decideRestart } from '../../../../runtime/jobmanager/restart/recovery.js';
import type { RestartStrategy } from '../../../../runtime/jobmanager/restart/restart-strategy.js';
import { ManualClock } from '../../../support/manual-clock.js';

describe('restart strategies', () => {
  const clock = new ManualClock();

  function strategyOf(configuration: Readonly<Record<string, string>>): RestartStrategy {
    return createRestartStrategy(Configuration.of(configuration), clock, new SeededRandom(1));
  }

  /** The delays after failures that come `everyMs` after the restart; undefined ends the job. */
  function delays(strategy: RestartStrategy, failures: number, everyMs = 0): readonly (number | undefined)[] {
    return Array.from({ length: failures }, () => {
      const decision = decideRestart(strategy, undefined);
      if (!decision.restart) return undefined;
      clock.advance(decision.delayMs + everyMs);
      return decision.delayMs;
    });
  }

  it('are none without checkpoints, and exponential-delay with them', () => {
    expect(strategyOf({}).describe()).to.equal('NoRestartBackoffTimeStrategy');
    expect(delays(strategyOf({}), 1)).to.deep.equal([undefined]);
    const standard = strategyOf({ 'execution.checkpointing.interval': '1 s' });
    expect(standard.describe()).to.match(
      /^ExponentialDelayRestartBackoffTimeStrategy\(initialBackoffMS=1000, maxBackoffMS=60000, backoffMultiplier=1.5, resetBackoff/,
    );
  });

  it('fixed-delay: so many times, each time after the delay', () => {
    const strategy = strategyOf(RestartStrategies.fixedDelayRestart(2, '3 s').configuration);
    expect(delays(strategy, 3)).to.deep.equal([3000, 3000, undefined]);
    expect(strategy.describe()).to.equal('FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=2, backoffTimeMS=3000)');
  });

  it('failure-rate: as long as failures are far enough apart', () => {
    const { configuration } = RestartStrategies.failureRateRestart(2, '10 s', '1 s');
    expect(delays(strategyOf(configuration), 5, 9000)).to.deep.equal([1000, 1000, 1000, 1000, 1000]);
    expect(delays(strategyOf(configuration), 4, 1000)).to.deep.equal([1000, 1000, undefined, undefined]);
    expect(strategyOf(configuration).describe()).to.equal(
      'FailureRateRestartBackoffTimeStrategy(failuresIntervalMS=10000,backoffTimeMS=1000,maxFailuresPerInterval=2)',
    );
  });

  it('exponential-delay: grows to a limit, and begins anew after a quiet time', () => {
    const { configuration } = RestartStrategies.exponentialDelayRestart('1 s', '5 s', 2, '60 s', 0);
    const strategy = strategyOf(configuration);
    expect(delays(strategy, 4)).to.deep.equal([1000, 2000, 4000, 5000]);
    clock.advance(60_000);
    expect(delays(strategy, 2)).to.deep.equal([1000, 2000]);
    const attempts = { 'restart-strategy.exponential-delay.attempts-before-reset-backoff': '2' };
    expect(delays(strategyOf({ ...configuration, ...attempts }), 3)).to.deep.equal([1000, 2000, undefined]);
  });

  it('exponential-delay varies the delay by chance, within the limits', () => {
    const { configuration } = RestartStrategies.exponentialDelayRestart(1000, 100_000, 2, '1 h', 0.5);
    const [, second, third] = delays(strategyOf(configuration), 3);
    expect(second).to.be.within(1000, 3000).and.not.equal(2000);
    expect(third).to.be.within(2000, 6000).and.not.equal(4000);
  });

  it('do not bring back a job whose failure would be there again', () => {
    const strategy = strategyOf(RestartStrategies.fixedDelayRestart(5, 0).configuration);
    const failure = { name: 'E', message: '', stack: '', action: undefined, blame: undefined, retriable: false };
    const cause = { ...failure, code: 'REPLAY_MISMATCH', cause: undefined };
    expect(decideRestart(strategy, { ...failure, code: 'X', cause })).to.deep.equal({ restart: false });
    expect(decideRestart(strategy, { ...failure, code: 'X', cause: undefined })).to.deep.equal({ restart: true, delayMs: 0 });
  });

  it('of other names are refused', () => {
    expect(() => strategyOf({ 'restart-strategy.type': 'sometimes' })).to.throw(UnknownRestartStrategyError, 'sometimes');
  });
});
