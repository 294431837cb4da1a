import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { Totals } from './totals.js';

/**
 * A mocha reporter that shows what the `show` reporter shows and, when the suite ends, writes its {@link Totals} to the file `totals`.
 * A failed hook counts as a failure. mocha loads reporters with require(), which takes the export of this name for the module.
 */
class SuiteReporter {
  readonly #shown: Mocha.reporters.Base;

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    const { show = 'spec', totals } = options.reporterOptions as { show?: 'spec' | 'dot'; totals: string };
    const Shown = show === 'dot' ? Mocha.reporters.Dot : Mocha.reporters.Spec;
    this.#shown = new Shown(runner, options);
    runner.once('end', () => {
      const { passes, failures } = this.#shown.stats;
      writeFileSync(totals, JSON.stringify({ passed: passes, failed: failures } satisfies Totals));
    });
  }
}

export { SuiteReporter as 'module.exports' };
