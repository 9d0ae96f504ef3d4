import * as fs from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import { LINE_MARK } from './line-marks.ts';

/** What one suite did, as `scripts/test.ts` sums it up. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Mocha's spec reporter that also writes a {@link Tally} as JSON to the file in `FREEZELINT_TALLY`, and marks its
 * lines where `FREEZELINT_MARK_LINES` is set.
 */
export default class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    if (process.env.FREEZELINT_MARK_LINES) {
      Mocha.reporters.Base.useColors = false;
      Mocha.reporters.Base.consoleLog = (...parts) => {
        for (const line of format(...parts).split('\n')) console.log(LINE_MARK + line);
      };
    }
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.FREEZELINT_TALLY;
      if (!file) return;
      const tally: Tally = { passed: runner.stats?.passes ?? 0, failed: runner.failures };
      fs.writeFileSync(file, JSON.stringify(tally));
    });
  }
}
