import * as vscode from 'vscode';
import type { MessageToWebview } from '../../study-messages/messages.ts';

/** The pages that show the study state: the view in the side bar, and maybe an editor tab. Each shows the same. */
export class StudyPages {
  readonly #distribution: vscode.Uri;
  readonly #open = new Set<vscode.Webview>();

  /** @param receive is called with whatever a page sends. */
  constructor(
    extensionUri: vscode.Uri,
    private readonly receive: (data: unknown, from: vscode.Webview) => void,
  ) {
    this.#distribution = vscode.Uri.joinPath(extensionUri, 'dist');
  }

  /** Fills a web view with the page, for as long as its holder lives. */
  add(webview: vscode.Webview, holder: Pick<vscode.WebviewView, 'onDidDispose'>): void {
    webview.options = { enableScripts: true, localResourceRoots: [this.#distribution] };
    this.#open.add(webview);
    const listener = webview.onDidReceiveMessage((data: unknown) => this.receive(data, webview));
    holder.onDidDispose(() => {
      listener.dispose();
      this.#open.delete(webview);
    });
    webview.html = pageOf(webview, this.#distribution);
  }

  /** Shows something on all pages, or on all but one. */
  async show(message: MessageToWebview, except?: vscode.Webview): Promise<void> {
    const others = [...this.#open].filter((webview) => webview !== except);
    await Promise.all(others.map((webview) => webview.postMessage(message)));
  }
}

/** The empty page around the view: nothing inline, nothing remote. */
function pageOf(webview: vscode.Webview, distribution: vscode.Uri): string {
  const address = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(distribution, file)).toString();
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  const policy = `default-src 'none'; style-src ${webview.cspSource}; font-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Study</title>
  <link rel="stylesheet" href="${address('codicon.css')}">
  <link rel="stylesheet" href="${address('webview.css')}">
</head>
<body>
  <main id="root"></main>
  <script nonce="${nonce}" src="${address('webview.js')}"></script>
</body>
</html>`;
}
