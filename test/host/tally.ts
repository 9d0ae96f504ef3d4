/** What one suite did, as `scripts/test.ts` sums it up. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** A line for each failed test or hook: its full title, what its error says, and where in test/ that was. */
  readonly failures: readonly string[];
}

/** In characters; some messages hold whole pages. They are printed in full where the test fails. */
const MESSAGE_LIMIT = 300;

/** Calls `done` with the tally of a run of mocha's once that run has ended. To be called before it starts. */
export function onTally(runner: Mocha.Runner, done: (tally: Tally) => void): void {
  const failures: string[] = [];
  runner.on('fail', (test, error: unknown) => failures.push(`${test.fullTitle()}: ${inOneLine(error)}`));
  runner.once('end', () => done({ passed: runner.stats?.passes ?? 0, failed: runner.failures, failures }));
}

function inOneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.replaceAll(/\s+/g, ' ').trim().slice(0, MESSAGE_LIMIT);
  const place = /\btest\/[^\s():]+:\d+/.exec(error.stack ?? '')?.[0];
  return place ? `${message} (${place})` : message;
}
