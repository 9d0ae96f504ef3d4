import { TALLY_MARK } from '../../host/line-marks.ts';
import { onTally } from '../../host/tally.ts';

/** Runs all suites that were loaded; rejects where a test fails, which ends the extension host with a failure. */
export async function run(): Promise<void> {
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    onTally(runner, (tally) => console.log(TALLY_MARK + JSON.stringify(tally)));
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
