// What the extension host loads in place of a user: it runs every compiled suite beside it.
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Rejects where a test fails, which ends the extension host with a failure. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  // Both import mocha, which is an ES module, so they are loaded at run time.
  const { default: Mocha } = await import('mocha');
  const { default: TallyReporter } = await import('../host/reporter.ts');
  const mocha = new Mocha({
    reporter: TallyReporter,
    timeout: 120_000,
    forbidOnly: true,
    forbidPending: true,
    // While one is at work on a test: only those whose titles match.
    ...(process.env.FREEZELINT_GREP ? { grep: process.env.FREEZELINT_GREP } : {}),
  });
  for (const file of fs.readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
