import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { format } from 'node:util';
import { launchBrowser, slowDown } from './browser.ts';
import { LINE_MARK, TALLY_MARK } from './line-marks.ts';
import { startServer } from './server.ts';
import { workspaceOfTwoFolders } from './two-folders.ts';
import { startWebServer } from './web-server.ts';

/** A suite that takes longer hangs: the whole run takes one or two minutes on two cores that do nothing else. */
const RUN_LIMIT_MS = 1_200_000;

export interface ExtensionHostRun {
  /** Root folder of the extension under test. */
  readonly extension: string;
  /** The compiled suite: a script exporting `run()`. */
  readonly tests: string;
  /** Opened as a copy, so tests may edit it, beside an empty folder. */
  readonly workspace: string;
  /** The file to which the number of passed and failed tests goes. */
  readonly tally: string;
  /** Receives every line the suite prints. */
  readonly print: (line: string) => void;
  /** Where a screenshot goes when the run dies. */
  readonly screenshotFolder: string;
}

/**
 * Runs a mocha suite inside the Node extension host of a real VS Code, in a browser window.
 * @returns true where every test passed.
 * @throws when the window crashes or the suite gives no result in twenty minutes.
 */
export async function runInExtensionHost(run: ExtensionHostRun): Promise<boolean> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-vscode-'));
  const folder = workspaceOfTwoFolders(run.workspace, scratch);
  const server = await startServer({
    dataFolder: path.join(scratch, 'data'),
    environment: { FREEZELINT_MARK_LINES: '1', FREEZELINT_TALLY: run.tally },
  });
  try {
    return await runInWindow(
      server.address({ folder, extension: run.extension, tests: run.tests }),
      run,
      'extension-host',
    );
  } finally {
    await server.stop();
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20 });
  }
}

/**
 * Runs a mocha suite inside a web worker extension host: VS Code without anything but a browser, as on vscode.dev.
 * @returns true where every test passed.
 * @throws when the window crashes or the suite gives no result in twenty minutes.
 */
export async function runInWebExtensionHost(run: ExtensionHostRun): Promise<boolean> {
  const server = await startWebServer({ ...run, twoFolders: true });
  try {
    return await runInWindow(server.address(), run, 'web-extension-host');
  } finally {
    await server.stop();
  }
}

async function runInWindow(address: string, run: ExtensionHostRun, name: string): Promise<boolean> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await slowDown(page);
    const unmarked: string[] = [];
    // VS Code calls these two while it runs an extension's tests: one for each line that anything in the
    // extension host prints (all of one type, hence the mark on ours), one with the exit code.
    await page.exposeFunction('codeAutomationLog', (_type: string, parts: unknown[]) => {
      const line = format(...parts);
      if (line.startsWith(LINE_MARK)) run.print(line.slice(LINE_MARK.length));
      else if (line.startsWith(TALLY_MARK)) fs.writeFileSync(run.tally, line.slice(TALLY_MARK.length));
      else unmarked.push(line);
    });
    const exitCode = new Promise<number>((resolve, reject) => {
      page.once('crash', () => reject(new Error('the VS Code window crashed')));
      const limit = setTimeout(
        () => reject(new Error(`no result within ${RUN_LIMIT_MS / 1000} s`)),
        RUN_LIMIT_MS,
      );
      page.exposeFunction('codeAutomationExit', (code: number) => {
        clearTimeout(limit);
        resolve(code);
      });
    });
    try {
      await page.goto(address, { timeout: RUN_LIMIT_MS });
      const passed = (await exitCode) === 0;
      if (!passed) for (const line of unmarked) run.print(`[extension host] ${line}`);
      return passed;
    } catch (error) {
      for (const line of unmarked) run.print(`[extension host] ${line}`);
      const screenshot = path.join(run.screenshotFolder, `${name}.png`);
      await page.screenshot({ path: screenshot }).catch(() => undefined);
      throw error;
    }
  } finally {
    await browser.close();
  }
}
