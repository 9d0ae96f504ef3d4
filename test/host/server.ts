import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { vscodeServerFolder } from './server-package.ts';

/** Settings every window of this host starts with: nothing that phones home, pops up or blocks the page. */
export const USER_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'chat.commandCenter.enabled': false,
};

/** How long the server may take to listen (it takes well under a second on an idle machine). */
const START_LIMIT_MS = 180_000;

export interface ServerOptions {
  /** Holds user data, logs and installed extensions; a fresh folder is a fresh VS Code. */
  readonly dataFolder: string;
  /** Merged over the settings above. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment, which the extension host inherits. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Window {
  /** Absolute path of the folder to open, or of a `.code-workspace` file. */
  readonly folder: string;
  /** Absolute path of a file to open in it. */
  readonly file?: string;
  /** One-based line to reveal in that file. */
  readonly line?: number;
  /** Root folder of an extension to run from source; without it only installed extensions run. */
  readonly extension?: string;
  /** A CommonJS module whose `run()` the extension host calls instead of waiting for a user. */
  readonly tests?: string;
}

export interface VSCodeServer {
  readonly port: number;
  /** The address of a VS Code window; it holds the connection token, so whoever has it is let in. */
  address(window: Window): string;
  stop(): Promise<void>;
}

/**
 * Starts the VS Code server on 127.0.0.1, on a port the system picks, behind a random connection token.
 * @throws when it does not listen within three minutes; the message holds what it printed.
 */
export async function startServer(options: ServerOptions): Promise<VSCodeServer> {
  const { dataFolder } = options;
  const userFolder = path.join(dataFolder, 'data', 'User');
  fs.mkdirSync(userFolder, { recursive: true });
  fs.writeFileSync(
    path.join(userFolder, 'settings.json'),
    JSON.stringify({ ...USER_SETTINGS, ...options.settings }, null, 2),
  );
  const token = randomBytes(24).toString('hex');
  // By file and not by flag: other users of the machine can read the arguments of a process.
  const tokenFile = path.join(dataFolder, 'connection-token');
  fs.writeFileSync(tokenFile, token, { mode: 0o600 });

  const server = spawn(
    process.execPath,
    [
      serverProgram(),
      ...['--host', '127.0.0.1', '--port', '0', '--connection-token-file', tokenFile],
      ...['--server-data-dir', dataFolder, '--telemetry-level', 'off'],
      ...['--accept-server-license-terms', '--disable-workspace-trust'],
    ],
    {
      env: serverEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, so that Ctrl+C reaches only the parent, which then stops it in order.
      detached: process.platform !== 'win32',
    },
  );
  // However this process ends, the server and its extension hosts end with it.
  const killTree = () => kill(server, 'SIGKILL');
  process.once('exit', killTree);
  server.once('exit', () => process.removeListener('exit', killTree));

  const port = await listeningPort(server, path.join(dataFolder, 'server.log'));
  return {
    port,
    address: (window) => windowAddress(port, token, window),
    stop: () => stop(server),
  };
}

/** Installs a packed extension into the server data in `dataFolder`. */
export function installExtension(vsix: string, dataFolder: string): void {
  execFileSync(
    process.execPath,
    [serverProgram(), '--install-extension', vsix, '--server-data-dir', dataFolder],
    { env: serverEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

function serverProgram(): string {
  return path.join(vscodeServerFolder(), 'out', 'server-main.js');
}

function serverEnvironment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  // An empty gallery keeps VS Code from asking an extension marketplace.
  const environment: NodeJS.ProcessEnv = { ...process.env, EXTENSIONS_GALLERY: '{}', ...added };
  // Set where we ourselves run in a terminal of VS Code; the server would take them for its own.
  for (const name of Object.keys(environment)) {
    if (name.startsWith('VSCODE_') || name === 'ELECTRON_RUN_AS_NODE') delete environment[name];
  }
  // npm hands its own loader options down; they are not meant for the server.
  delete environment.NODE_OPTIONS;
  return environment;
}

async function listeningPort(server: ChildProcess, logFile: string): Promise<number> {
  const log = fs.createWriteStream(logFile);
  let printed = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      kill(server, 'SIGKILL');
      reject(new Error(`The VS Code server did not listen within ${START_LIMIT_MS / 1000} s.\n${printed}`));
    }, START_LIMIT_MS);
    const read = (chunk: Buffer) => {
      log.write(chunk);
      if (printed.length < 100_000) printed += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(printed)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', reject);
    server.once('exit', (code) => {
      clearTimeout(timer);
      log.end();
      reject(new Error(`The VS Code server ended with exit code ${code}.\n${printed}`));
    });
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  kill(server, 'SIGTERM');
  const timer = setTimeout(() => kill(server, 'SIGKILL'), 5000);
  await exited;
  clearTimeout(timer);
  kill(server, 'SIGKILL');
}

/** Signals the server together with its children (extension hosts, file watchers). */
function kill(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined) return;
  try {
    if (process.platform === 'win32') {
      execFileSync('taskkill', ['/pid', String(server.pid), '/t', '/f'], { stdio: 'ignore' });
    } else {
      process.kill(-server.pid, signal);
    }
  } catch {
    // Already gone.
  }
}

function windowAddress(port: number, token: string, window: Window): string {
  const remote = (file: string) => `vscode-remote://127.0.0.1:${port}${uriPath(file)}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (window.extension) payload.push(['extensionDevelopmentPath', remote(window.extension)]);
  if (window.tests) payload.push(['extensionTestsPath', remote(window.tests)]);
  if (window.file) {
    const place = window.line === undefined ? '' : `:${window.line}`;
    payload.push(['openFile', remote(window.file) + place]);
    if (window.line !== undefined) payload.push(['gotoLineMode', 'true']);
  }
  const address = new URL(`http://127.0.0.1:${port}/`);
  address.searchParams.set('tkn', token);
  const kind = window.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  address.searchParams.set(kind, uriPath(window.folder));
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

/** The path part of a file's URI: on Windows `/c:/code`, elsewhere the path itself. */
function uriPath(file: string): string {
  const absolute = path.resolve(file);
  return process.platform === 'win32' ? `/${absolute.replaceAll('\\', '/')}` : absolute;
}
