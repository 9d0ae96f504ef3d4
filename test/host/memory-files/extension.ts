import * as vscode from 'vscode';
import { MemoryFiles } from './memory-files.ts';

/** Fills the workspace with the files that the web server (test/host/web-server.ts) lists. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const files = new MemoryFiles();
  const listed = await vscode.workspace.fs.readFile(
    vscode.Uri.joinPath(context.extensionUri, 'workspace.json'),
  );
  const workspace = JSON.parse(new TextDecoder().decode(listed)) as Record<string, string>;
  for (const [path, text] of Object.entries(workspace)) {
    const uri = vscode.Uri.from({ scheme: 'vscode-vfs', path });
    const folders = path.split('/').slice(1, -1);
    folders.forEach((_, index) => {
      const folder = uri.with({ path: `/${folders.slice(0, index + 1).join('/')}` });
      try {
        files.stat(folder);
      } catch {
        files.createDirectory(folder);
      }
    });
    files.writeFile(uri, new TextEncoder().encode(text));
  }
  context.subscriptions.push(
    vscode.workspace.registerFileSystemProvider('vscode-vfs', files, { isCaseSensitive: true }),
  );
}
