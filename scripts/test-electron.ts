// npm run test:electron: the suites of test/vscode/ in a desktop VS Code, which @vscode/test-electron downloads.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { compileSuite } from '../test/host/compiled-suite.ts';
import { workspaceOfTwoFolders } from '../test/host/two-folders.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-electron-'));
try {
  const workspace = workspaceOfTwoFolders(path.join(ROOT, 'media/sample-workspace'), scratch);
  await runTests({
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: await compileSuite(),
    // Other installed extensions would add diagnostics and quick fixes of their own.
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
  });
} finally {
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
