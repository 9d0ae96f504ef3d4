import * as fs from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import { LINE_MARK } from './line-marks.ts';
import { onTally } from './tally.ts';

/**
 * Mocha's spec reporter that also writes a tally as JSON to the file in `FREEZELINT_TALLY`, and marks its
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
    const file = process.env.FREEZELINT_TALLY;
    if (file) onTally(runner, (tally) => fs.writeFileSync(file, JSON.stringify(tally)));
  }
}
