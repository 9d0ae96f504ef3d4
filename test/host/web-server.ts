import { once } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import sirv from 'sirv';
import { USER_SETTINGS } from './server.ts';
import { webBuildFolder } from './web-package.ts';

/** Where workspaces are in the window: the scheme and authority that github.dev has, too. */
const FOLDER = { scheme: 'vscode-vfs', authority: 'github', path: '/freezelint' };
const TWO_FOLDERS = 'test.code-workspace';

/**
 * The page is at a name below localhost, which browsers look up at 127.0.0.1, and what VS Code isolates at names below
 * that one. To the browser they are one site, so it lets the webviews have their service worker.
 */
const HOST = 'vscode.localhost';

export interface WebServerOptions {
  /** Root folder of the extension under test. */
  readonly extension: string;
  /**
   * Opened as files in the window's memory: whatever happens to them there, this folder stays as it is. With null, the
   * window has no folder.
   */
  readonly workspace: string | null;
  /** More files of that folder: their texts, by their paths in it. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether an empty folder is in the workspace, too. */
  readonly twoFolders?: boolean;
  /** Opens the workspace as one that the user does not trust. */
  readonly untrusted?: boolean;
  /** A CommonJS module below `extension` whose `run()` the extension host calls instead of waiting for a user. */
  readonly tests?: string;
  /** Merged over the settings every window of this host starts with. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface WebServer {
  /** The address of a window, with a file of the workspace in its editor. */
  address(file?: string): string;
  stop(): Promise<void>;
}

/**
 * Serves VS Code as vscode.dev does: static files, and no extension host but a web worker of the page. Listens on
 * 127.0.0.1, on a port the system picks.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const memoryFiles = await memoryFilesExtension(options);
  const folders = new Map([
    ['build', serveFolder(webBuildFolder())],
    ['extension', serveFolder(options.extension)],
    ['memory-files', serveFolder(memoryFiles)],
  ]);

  const server = http.createServer((request, response) => {
    // Whoever is isolated reads from the page's origin.
    response.setHeader('Access-Control-Allow-Origin', '*');
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://any');
    if (pathname === '/') {
      return sendPage(response, pageOf(String(request.headers.host), searchParams.get('file'), options));
    }
    const [, folder = '', ...rest] = pathname.split('/');
    const serve = folders.get(folder) ?? notFound;
    request.url = `/${rest.join('/')}${search}`;
    serve(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address(file) {
      const address = new URL(`http://${HOST}:${port}/`);
      if (file) address.searchParams.set('file', file);
      return address.href;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      fs.rmSync(memoryFiles, { recursive: true, force: true });
    },
  };
}

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const notFound: Answer = (_, response) => {
  response.writeHead(404).end();
};

function serveFolder(folder: string): Answer {
  const serve = sirv(folder, { dev: true });
  return (request, response) => serve(request, response, () => notFound(request, response));
}

function sendPage(response: http.ServerResponse, html: string): void {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
}

/** What a site like vscode.dev does with the web build of VS Code: hands it a configuration. */
function pageOf(host: string, file: string | null, options: WebServerOptions): string {
  const at = (path: string) => ({ scheme: 'http', authority: host, path });
  const tests = options.tests && path.relative(options.extension, options.tests).replaceAll('\\', '/');
  const webviews = `http://{{uuid}}.${host}/build/out/vs/workbench/contrib/webview/browser/pre/`;
  const configuration = {
    enableWorkspaceTrust: Boolean(options.untrusted),
    configurationDefaults: { ...USER_SETTINGS, ...options.settings },
    productConfiguration: {
      enableTelemetry: false,
      webviewContentExternalBaseUrlTemplate: webviews,
    },
    additionalBuiltinExtensions: [at('/memory-files')],
    developmentOptions: {
      extensions: [at('/extension')],
      ...(tests ? { extensionTestsPath: at(`/extension/${tests}`) } : {}),
    },
  };
  const folder = options.workspace && path.basename(options.workspace);
  const { scheme, authority, path: parent } = FOLDER;
  const payload = file === null ? [] : [['openFile', `${scheme}://${authority}${parent}/${folder}/${file}`]];
  const opened = { ...FOLDER, path: `${parent}/${options.twoFolders ? TWO_FOLDERS : folder}` };
  const kind = options.twoFolders ? 'workspaceUri' : 'folderUri';
  const script = `
    import { create, URI } from '/build/out/vs/workbench/workbench.web.main.internal.js';
    create(document.body, {
      ...${forScript(configuration)},
      workspaceProvider: {
        workspace: ${folder === null ? 'undefined' : `{ ${kind}: URI.from(${forScript(opened)}) }`},
        payload: ${forScript(payload)},
        trusted: ${!options.untrusted},
        open: async () => false,
      },
    });`;
  return `<!DOCTYPE html>
<html>
<head>
  <meta charset="utf-8">
  <link rel="stylesheet" href="/build/out/vs/workbench/workbench.web.main.internal.css">
</head>
<body aria-label="">
  <script>globalThis._VSCODE_FILE_ROOT = new URL('/build/out/', location).href;</script>
  <script src="/build/out/nls.messages.js"></script>
  <script type="module">${script}</script>
</body>
</html>`;
}

/** A value as JavaScript that cannot end the element it stands in. */
const forScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** The folder of an extension that has the files of the workspace in memory; to be deleted after use. */
async function memoryFilesExtension({ workspace, files = {} }: WebServerOptions): Promise<string> {
  const source = path.join(import.meta.dirname, 'memory-files');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-memory-files-'));
  fs.copyFileSync(path.join(source, 'package.json'), path.join(folder, 'package.json'));
  await esbuild.build({
    entryPoints: [path.join(source, 'extension.ts')],
    outfile: path.join(folder, 'extension.js'),
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const texts = workspace === null ? [] : textsBelow(workspace);
  for (const [name, text] of Object.entries(files)) {
    texts.push([`${FOLDER.path}/${path.basename(workspace ?? '')}/${name}`, text]);
  }
  const folders = [{ path: path.basename(workspace ?? '') }, { path: 'second' }];
  texts.push([`${FOLDER.path}/${TWO_FOLDERS}`, JSON.stringify({ folders })]);
  // Folders exist in the window as far as files are in them.
  texts.push([`${FOLDER.path}/second/.gitkeep`, '']);
  fs.writeFileSync(path.join(folder, 'workspace.json'), JSON.stringify(Object.fromEntries(texts)));
  return folder;
}

/** The paths in the window and the texts of all files below a folder. */
function textsBelow(root: string): [path: string, text: string][] {
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(path.dirname(root), file).replaceAll('\\', '/');
      return [`${FOLDER.path}/${name}`, fs.readFileSync(file, 'utf8')];
    });
}
