// npm test [-- SUITE…]: every suite, or those named, one after the other. Ends with the suites, each with the tests
// that failed in it (who sees only the end of a long log still learns which), and one line, `N passed, N failed`.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { compileSuite, compileWebSuite } from '../test/host/compiled-suite.ts';
import { runInExtensionHost, runInWebExtensionHost } from '../test/host/extension-host.ts';
import type { Tally } from '../test/host/tally.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const TEST_RESULTS = path.join(ROOT, 'test-results');

const RUN = {
  extension: ROOT,
  workspace: path.join(ROOT, 'media/sample-workspace'),
  print: console.log,
  screenshotFolder: TEST_RESULTS,
};

interface Suite {
  readonly title: string;
  /** Runs it; a suite of mocha's leaves its counts in the file `tally`. */
  run(tally: string): Promise<boolean>;
  /** A check passes or fails as one; mocha counts its tests. */
  readonly counts: 'as one' | 'tests';
  /** A suite that cannot mean anything once this one failed. */
  readonly needs?: SuiteName;
}

type SuiteName =
  | 'typecheck'
  | 'lint'
  | 'build'
  | 'unit'
  | 'server'
  | 'vscode'
  | 'web'
  | 'browser'
  | 'package';

const SUITES: Readonly<Record<SuiteName, Suite>> = {
  typecheck: {
    title: 'Types (tsc)',
    counts: 'as one',
    run: async () =>
      (await node([program('typescript', 'tsc'), '--noEmit'])) &&
      (await node([program('typescript', 'tsc'), '--noEmit', '-p', 'src/webview'])),
  },
  lint: {
    title: 'Style (biome)',
    counts: 'as one',
    run: () => node([program('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', '.']),
  },
  build: {
    title: 'Build',
    counts: 'as one',
    run: () => node(['--import', 'tsx', 'scripts/build.ts']),
  },
  unit: {
    title: 'Unit tests',
    counts: 'tests',
    run: (tally) => mocha([], tally),
  },
  server: {
    title: 'The built language server',
    counts: 'tests',
    needs: 'build',
    run: (tally) => {
      const tests = ['--no-config', '--import=tsx', '--timeout=120000', 'test/unit/server/*.test.ts'];
      return mocha(tests, tally, { FREEZELINT_BUILT: '1' });
    },
  },
  vscode: {
    title: 'Inside the extension host of a real VS Code',
    counts: 'tests',
    needs: 'build',
    run: async (tally) => runInExtensionHost({ ...RUN, tests: await compileSuite(), tally }),
  },
  web: {
    title: 'Inside the web worker extension host of a real VS Code',
    counts: 'tests',
    needs: 'build',
    run: async (tally) => runInWebExtensionHost({ ...RUN, tests: await compileWebSuite(), tally }),
  },
  browser: {
    title: 'Pointer and keyboard in a real VS Code',
    counts: 'tests',
    needs: 'build',
    run: (tally) => mocha(['--config', 'test/browser/.mocharc.json'], tally),
  },
  package: {
    title: 'The packed extension, installed',
    counts: 'tests',
    run: (tally) => mocha(['--config', 'test/package/.mocharc.json'], tally),
  },
};

async function main(names: readonly SuiteName[]): Promise<void> {
  fs.mkdirSync(TEST_RESULTS, { recursive: true });
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-test-'));
  const failedSuites = new Set<SuiteName>();
  const summary: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const name of names) {
    const suite = SUITES[name];
    console.log(`\n== ${suite.title}`);
    const started = Date.now();
    const tally =
      suite.needs && failedSuites.has(suite.needs)
        ? notRun(`not run, because ${suite.needs} failed`)
        : await runSuite(suite, path.join(scratch, `${name}.json`));
    passed += tally.passed;
    failed += tally.failed;
    if (tally.failed > 0) failedSuites.add(name);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    summary.push(`${tally.failed > 0 ? 'FAILED' : 'ok    '} ${suite.title}, ${seconds} s`);
    for (const failure of tally.failures) summary.push(`       ${stripVTControlCharacters(failure)}`);
  }
  fs.rmSync(scratch, { recursive: true, force: true });
  console.log(`\n${summary.join('\n')}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** A suite that crashes, runs no test or fails without saying which test counts as one failure. */
async function runSuite(suite: Suite, tallyFile: string): Promise<Tally> {
  let succeeded: boolean;
  try {
    succeeded = await suite.run(tallyFile);
  } catch (error) {
    return notRun(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  if (suite.counts === 'as one')
    return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, failures: [] };
  if (!fs.existsSync(tallyFile)) return notRun('it ended without a result');
  const tally = JSON.parse(fs.readFileSync(tallyFile, 'utf8')) as Tally;
  if (tally.passed + tally.failed === 0) return notRun('it ran no test');
  if (!succeeded && tally.failed === 0) return { ...tally, failed: 1 };
  return tally;
}

function notRun(reason: string): Tally {
  console.error(reason);
  return { passed: 0, failed: 1, failures: [reason.split('\n', 1)[0] ?? ''] };
}

function mocha(
  args: readonly string[],
  tally: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const reporter = path.join(ROOT, 'test/host/reporter.ts');
  return node([program('mocha', 'mocha'), '--reporter', reporter, ...args], {
    ...environment,
    FREEZELINT_TALLY: tally,
  });
}

/** Runs a Node program in the project's root, its output streamed to ours; true where it exits with 0. */
function node(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** The JavaScript file behind a command of an installed package; `.bin` holds shell scripts on Windows. */
function program(packageName: string, command: string): string {
  const folder = path.join(ROOT, 'node_modules', packageName);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : bin[command];
  if (!file) throw new Error(`${packageName} has no command ${command}`);
  return path.join(folder, file);
}

function chosenSuites(args: readonly string[]): SuiteName[] {
  const known = Object.keys(SUITES) as SuiteName[];
  const unknown = args.filter((name) => !known.includes(name as SuiteName));
  if (unknown.length > 0) throw new Error(`No suite ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return args.length > 0 ? (args as SuiteName[]) : known;
}

await main(chosenSuites(process.argv.slice(2)));
