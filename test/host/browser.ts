import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Thrown where no browser is found; the message tells the user which command to run. */
export class NoBrowserError extends Error {}

const ON_PATH = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const MACOS_APPLICATIONS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** How long the browser may take to start, which it does in a second on an idle machine. */
const START_LIMIT_MS = 180_000;

/** Starts a Chrome, Edge or Chromium, without a window unless asked otherwise. */
export async function launchBrowser({ headless = true } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    headless,
    timeout: START_LIMIT_MS,
    args: [
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-gpu',
    ],
  });
}

/** Makes a page as many times slower as `FREEZELINT_SLOWDOWN` says: what passes only on a fast machine fails then. */
export async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env.FREEZELINT_SLOWDOWN ?? 1);
  if (rate === 1) return;
  await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate });
}

/**
 * The browser to test in: `$CHROMIUM`, else an installed Chrome, Chromium or Edge, else (as root on Debian or
 * Ubuntu) one that apt installs now.
 * @throws NoBrowserError naming the command to run.
 */
export function findBrowser(say: (line: string) => void = console.error): string {
  const named = process.env.CHROMIUM;
  if (named) {
    if (fs.existsSync(named)) return named;
    throw new NoBrowserError(`$CHROMIUM is ${named}, and there is no such file.`);
  }
  return installedBrowser() ?? browserFromApt(say);
}

function installedBrowser(): string | undefined {
  return candidates().find((program) => fs.existsSync(program));
}

function candidates(): string[] {
  const { HOME = '', ProgramFiles, LOCALAPPDATA } = process.env;
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', path.join(HOME, 'Applications')].flatMap((folder) =>
        MACOS_APPLICATIONS.map((application) => path.join(folder, application)),
      );
    case 'win32':
      return [ProgramFiles, process.env['ProgramFiles(x86)'], LOCALAPPDATA].flatMap((folder) =>
        folder ? WINDOWS_PROGRAMS.map((program) => path.join(folder, program)) : [],
      );
    default:
      return ON_PATH.flatMap((program) =>
        (process.env.PATH ?? '')
          .split(path.delimiter)
          .filter(Boolean)
          .map((folder) => path.join(folder, program)),
      );
  }
}

function browserFromApt(say: (line: string) => void): string {
  const advice = howToInstall();
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  if (!root || !isDebianOrUbuntu()) throw new NoBrowserError(advice);
  say('No browser found: installing chromium with apt (apt-get update && apt-get install chromium),');
  say('a download of about 100 MB.');
  const options = {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const;
  try {
    execFileSync('apt-get', ['update', '-q'], options);
    execFileSync(
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-liberation'],
      options,
    );
  } catch (error) {
    throw new NoBrowserError(`apt could not install chromium. ${advice}`, { cause: error });
  }
  const browser = installedBrowser();
  if (!browser || !runs(browser)) {
    // Ubuntu's package only fetches a snap, which needs a running snapd.
    throw new NoBrowserError(`apt installed chromium, but it does not run here. ${advice}`);
  }
  return browser;
}

function runs(browser: string): boolean {
  try {
    execFileSync(browser, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isDebianOrUbuntu(): boolean {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(fs.readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

function howToInstall(): string {
  const command =
    process.platform === 'darwin'
      ? 'brew install --cask google-chrome'
      : process.platform === 'win32'
        ? 'winget install Google.Chrome'
        : isDebianOrUbuntu()
          ? 'sudo apt-get update && sudo apt-get install chromium'
          : 'install the package chromium with your package manager';
  return `These tests need Chrome, Edge or Chromium. Run: ${command}\nOr set CHROMIUM to the path of one.`;
}
