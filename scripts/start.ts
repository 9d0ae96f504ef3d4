// npm start [-- --server]: opens VS Code with the extension, built before this runs, on a copy of the sample workspace.
import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { startServer } from '../test/host/server.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SAMPLE_FILE = 'train.py';
const SAMPLE_TEXT = 'model.requires_grad = False';

interface Sample {
  readonly folder: string;
  readonly file: string;
  /** One-based line of the first planted bug. */
  readonly line: number;
}

/** A copy, so that trying the fixes out leaves the project as it is. */
function copySample(): Sample {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-')), 'sample-workspace');
  fs.cpSync(path.join(ROOT, 'media/sample-workspace'), folder, { recursive: true });
  const file = path.join(folder, SAMPLE_FILE);
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return { folder, file, line: lines.findIndex((line) => line.includes(SAMPLE_TEXT)) + 1 };
}

/**
 * The command of an installed desktop VS Code that can run this extension, or undefined. Not every `code` is one:
 * in a remote or container terminal it only talks to the window outside, and the tunnel program has the same name.
 */
function desktopCommand(): string | undefined {
  if (process.env.VSCODE_IPC_HOOK_CLI || !hasDisplay()) return undefined;
  // VS Code does not run as root without further flags.
  if (process.platform === 'linux' && process.getuid?.() === 0) return undefined;
  return ['code', 'code-insiders', 'codium'].find((command) => {
    const [major = 0, minor = 0] = versionOf(command);
    return major > 1 || (major === 1 && minor >= 100);
  });
}

/** The version that a desktop VS Code prints alone on its first line; empty for anything else. */
function versionOf(command: string): number[] {
  try {
    const printed = execFileSync(command, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
      shell: process.platform === 'win32',
    });
    return (/^(\d+)\.(\d+)\.\d+\S*\r?\n/.exec(printed) ?? []).slice(1).map(Number);
  } catch {
    return [];
  }
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return !process.env.SSH_CONNECTION;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function openDesktop(command: string, sample: Sample): void {
  const args = ['--new-window', `--extensionDevelopmentPath=${ROOT}`, sample.folder];
  args.push('--goto', `${sample.file}:${sample.line}`);
  // code is code.cmd on Windows, which only a shell starts; it then takes the arguments as one line of text.
  const windows = process.platform === 'win32';
  spawn(command, windows ? args.map((argument) => `"${argument}"`) : args, {
    stdio: 'inherit',
    shell: windows,
  });
  console.log(`\nA VS Code window titled "[Extension Development Host]" opens (by the command ${command}).`);
  explain(sample);
}

async function openServer(sample: Sample): Promise<void> {
  const dataFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-data-'));
  const server = await startServer({ dataFolder });
  let stopping = false;
  const stop = async () => {
    // A terminal sends Ctrl+C to us, and npm passes it on a second time.
    if (stopping) return;
    stopping = true;
    await server.stop();
    for (const folder of [dataFolder, path.dirname(sample.folder)]) {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    console.log('Stopped.');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

  const address = server.address({ ...sample, extension: ROOT });
  const opened = hasDisplay() && openInBrowser(address);
  console.log(`\nVS Code is running${opened ? ' and opens in your browser' : '. Open this in a browser'}:\n`);
  console.log(`  ${address}\n`);
  console.log('The address holds a secret token: only those who have it get in. Ctrl+C stops VS Code.');
  explain(sample);
}

function openInBrowser(address: string): boolean {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open'];
  try {
    const child = spawn(command as string, [...args, address], { stdio: 'ignore', detached: true });
    child.on('error', () => console.log(`(No browser came up: ${command} is missing.)`));
    child.unref();
    return true;
  } catch {
    return false;
  }
}

function explain(sample: Sample): void {
  console.log(`
Sample file: ${sample.file}, line ${sample.line}
  1. Line ${sample.line}, "${SAMPLE_TEXT}", is underlined: it freezes nothing. Point at it to read why.
  2. Click the line and press Ctrl+. (Cmd+. on macOS), then Enter: the fix freezes the parameters.
  3. Click the Freezelint icon in the bar on the left: cards and questions about freezing layers.`);
}

const sample = copySample();
const command = process.argv.includes('--server') ? undefined : desktopCommand();
if (command) openDesktop(command, sample);
else await openServer(sample);
