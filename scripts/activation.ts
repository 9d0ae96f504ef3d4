// npm run activation [-- RUNS]: what activating the packed extension costs, as VS Code itself measures it (Developer:
// Show Running Extensions: loading the code and calling activate), each time in a fresh window on the sample workspace.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Workbench } from '../test/browser/workbench.ts';
import { npm } from '../test/host/npm.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const runs = Number(process.argv[2] ?? 5);

/** Milliseconds of the extension host, which is closed afterwards. */
async function activationTime(workbench: Workbench): Promise<number> {
  try {
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await workbench.runCommand('Developer: Show Running Extensions');
    const extension = workbench.page.locator('.runtime-extensions-editor .extension', {
      hasText: 'Freezelint',
    });
    const time = extension.locator('.activation-time');
    await time.waitFor();
    const [, milliseconds] = /(\d+)\s*ms/.exec((await time.textContent()) ?? '') ?? [];
    return Number(milliseconds);
  } finally {
    await workbench.close();
  }
}

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-activation-'));
try {
  const vsix = path.join(scratch, 'freezelint.vsix');
  // Leaves the production build in dist/, which the window of the web runs.
  npm(['run', 'package', '--', '--out', vsix], ROOT);
  for (const [host, open] of [
    ['Node extension host', () => Workbench.open('train.py', { vsix })],
    ['web worker extension host', () => Workbench.openOnTheWeb('train.py')],
  ] as const) {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await activationTime(await open()));
    console.log(`${host}: ${times.join(', ')} ms`);
  }
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
