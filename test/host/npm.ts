import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import * as path from 'node:path';

/** Runs the user's npm, with the user's registry and proxy settings, in `folder`; returns its standard output. */
export function npm(args: readonly string[], folder: string): string {
  const options: ExecFileSyncOptionsWithStringEncoding = {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  };
  const running = process.env.npm_execpath;
  if (running && path.basename(running).startsWith('npm')) {
    return execFileSync(process.execPath, [running, ...args], options);
  }
  // npm is npm.cmd on Windows, which Node only starts through a shell; no argument here needs quoting.
  return execFileSync('npm', [...args], { ...options, shell: process.platform === 'win32' });
}
