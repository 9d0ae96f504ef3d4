import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser, slowDown } from '../host/browser.ts';
import { installExtension, startServer } from '../host/server.ts';
import { startWebServer } from '../host/web-server.ts';
import { comes, eventually, PATIENCE_MS, textSoon } from './eventually.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SCREENSHOTS = path.join(ROOT, 'test-results');

export interface WindowOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Files to add to the workspace before the window opens, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** The height and width of the window, in pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Dots of a screenshot for each of these pixels, in width and height; 1 where left out. */
  readonly scale?: number;
  /** Hears of the address of everything that the window asks for. */
  readonly onRequest?: (address: string) => void;
  /** Which of these get no answer. */
  readonly isRefused?: (address: string) => boolean;
  /** What VS Code takes for the language in which it is shown, though it stays English itself: `de`, `zh-cn`. */
  readonly language?: string;
}

export interface WorkbenchOptions extends WindowOptions {
  /** A packed extension to install and run instead of the one in this folder. */
  readonly vsix?: string;
  /** The folder of another extension to run instead. */
  readonly extension?: string;
}

/** One VS Code window on a copy of the sample workspace, used with pointer and keyboard as a person would. */
export class Workbench {
  readonly page: Page;
  /** The workspace's folder on disk. */
  readonly folder: string;
  /** The server's folder, in which installed extensions live. */
  readonly dataFolder: string;
  readonly #dispose: () => Promise<void>;

  private constructor(page: Page, folder: string, dataFolder: string, dispose: () => Promise<void>) {
    this.page = page;
    this.folder = folder;
    this.dataFolder = dataFolder;
    this.#dispose = dispose;
  }

  /** Opens a window on a fresh profile, with `file` in its editor. */
  static async open(file: string, options: WorkbenchOptions = {}): Promise<Workbench> {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-browser-'));
    const folder = path.join(scratch, 'sample-workspace');
    const dataFolder = path.join(scratch, 'data');
    fs.cpSync(path.join(ROOT, 'media/sample-workspace'), folder, { recursive: true });
    for (const [name, text] of Object.entries(options.files ?? {})) {
      const added = path.join(folder, name);
      fs.mkdirSync(path.dirname(added), { recursive: true });
      fs.writeFileSync(added, text);
    }
    if (options.vsix) installExtension(options.vsix, dataFolder);
    const server = await startServer({ dataFolder, settings: settingsOf(options) });
    const address = server.address({
      folder,
      file: path.join(folder, file),
      ...(options.vsix ? {} : { extension: options.extension ?? ROOT }),
    });
    const { page, dispose } = await openPage(address, options, async () => {
      await server.stop();
      fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20 });
    });
    return new Workbench(page, folder, dataFolder, dispose).#untilShown(file);
  }

  /**
   * Opens a window of VS Code for the web, where a web worker runs the extensions. The workspace is in its memory, so
   * there is no folder on disk; with null for `file`, there is no folder at all.
   */
  static async openOnTheWeb(
    file: string | null,
    options: WindowOptions & { readonly untrusted?: boolean } = {},
  ): Promise<Workbench> {
    const server = await startWebServer({
      extension: ROOT,
      workspace: file === null ? null : path.join(ROOT, 'media/sample-workspace'),
      settings: settingsOf(options),
      files: options.files ?? {},
      untrusted: options.untrusted ?? false,
    });
    const { page, dispose } = await openPage(server.address(file ?? undefined), options, server.stop);
    return new Workbench(page, '', '', dispose).#untilShown(file);
  }

  async #untilShown(file: string | null): Promise<this> {
    try {
      if (file === null) await this.page.locator('.monaco-workbench .statusbar').waitFor();
      else await this.#inEditors('.view-line').first().waitFor();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#dispose();
  }

  /** Saves what the window shows now under test-results/. */
  async screenshot(name: string): Promise<void> {
    fs.mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  }

  /**
   * Waits until VS Code has stored extension state that holds `text` where a reload finds it: in this browser's
   * database. It stores a moment after it was told to, and nothing on the page shows when.
   */
  async untilStored(text: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    // Asked again from here: Playwright's waitForFunction takes the promise itself, of whatever, for a yes.
    while (!(await this.stored()).includes(text)) {
      if (Date.now() > end) throw new Error(`VS Code has not stored "${text}": ${await this.stored()}`);
      await setTimeout(50);
    }
  }

  /** The extension's state as the browser's database has it. */
  async stored(): Promise<string> {
    return String(await this.page.evaluate(STORED));
  }

  /** Puts an earlier state into the browser's database, where a reload finds it. */
  async store(state: string): Promise<void> {
    await this.page.evaluate(withItemTable('readwrite', `.put(${JSON.stringify(state)}, ${STATE_KEY})`));
  }

  /** Reloads the window by its command, which lets VS Code store its state first, and waits until it is back. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench .statusbar').waitFor();
  }

  /** Lets VS Code believe that the person has turned to another window, or is back: a browser without a screen has only one. */
  async changeFocus(hasFocus: boolean): Promise<void> {
    await this.page.evaluate(`
      document.hasFocus = () => ${hasFocus};
      document.dispatchEvent(new Event('visibilitychange'));`);
  }

  /** The visible lines of editors, cells of notebooks included, that hold `text`. */
  line(text: string): Locator {
    // The editor draws every blank as a no-break space.
    const pattern = text.split(' ').map(escapeForPattern).join('[ \\u00a0]');
    return this.#inEditors('.view-line').filter({ hasText: new RegExp(pattern) });
  }

  squiggles(severity: 'error' | 'warning' | 'info' | 'hint'): Locator {
    return this.#inEditors(`.squiggly-${severity}`);
  }

  /** Waits until these icons are beside the line numbers, from top to bottom, by the names of their files. */
  async untilGutterMarks(place: 'file' | 'notebook', expected: readonly string[]): Promise<void> {
    const editor = place === 'file' ? '.editor-instance' : '.notebookOverlay';
    await eventually(() => this.#icons(`${editor} .glyph-margin-widgets .cgmr`), expected);
  }

  /** Waits until the rows of a view in the side bar have these icons; those of VS Code are left out. */
  async untilTreeIcons(view: string, expected: readonly string[]): Promise<void> {
    const rows = `.split-view-view:has(.pane-header[aria-label^="${view}"])`;
    await eventually(() => this.#icons(`${rows} .custom-view-tree-node-item-icon`), expected);
  }

  async #icons(selector: string): Promise<string[]> {
    const drawn = (await this.page.evaluate(`
      [...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => ({
        top: element.getBoundingClientRect().top,
        image: getComputedStyle(element).backgroundImage,
      }))`)) as { readonly top: number; readonly image: string }[];
    return drawn
      .toSorted((a, b) => a.top - b.top)
      .flatMap(({ image }) => /([a-z]+-(?:dark|light))\.svg/.exec(decodeURIComponent(image))?.[1] ?? []);
  }

  /** VS Code lays a notebook over the place where it keeps other editors. */
  #inEditors(selector: string): Locator {
    return this.page.locator(`.editor-instance ${selector}, .notebookOverlay ${selector}`);
  }

  /** Opens a file of the workspace by its name, through Go to File. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.#pick(name, name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.line('import').first().waitFor();
  }

  /** Runs a command by its title, through the command palette, and gives its answers to what it asks there. */
  async runCommand(title: string, ...answers: readonly string[]): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.#pick(`>${title}`, title);
    for (const answer of answers) await this.#pick(answer, answer);
  }

  /** Puts the cursor at the end of the line that holds `text`. */
  async clickLine(text: string): Promise<void> {
    await this.line(text).first().click();
    await this.page.keyboard.press('End');
  }

  /** Opens the quick-fix menu at the cursor, by its key or as `open` does, and gives its entries. */
  async quickFixMenu(
    open: () => Promise<void> = () => this.page.keyboard.press('Control+.'),
  ): Promise<Locator> {
    const entries = this.page.locator('.action-widget .monaco-list-row.action');
    const none = this.page.locator('.monaco-editor-overlaymessage:visible', { hasText: 'No code actions' });
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      await open();
      const isAnswered = await comes(entries.or(none));
      if (isAnswered && !(await none.isVisible())) return entries;
      // Two races inside VS Code: right after an extension started, the first request may say "No code actions
      // available", because the editor asked before it knew of the extension's provider; and the editor drops a
      // request without a word where one of its own, for the light bulb, comes before the answer.
      if (Date.now() > end) throw new Error('VS Code has no code actions here');
      await this.page.keyboard.press('Escape');
      await none.waitFor({ state: 'hidden' });
    }
  }

  /** Chooses an entry of the open quick-fix menu with the keyboard. */
  async chooseQuickFix(title: string | RegExp): Promise<void> {
    const focused = this.page.locator('.action-widget .monaco-list-row.focused');
    const entries = this.page.locator('.action-widget .monaco-list-row.action');
    const count = await entries.count();
    const wanted = focused.filter({ hasText: title });
    for (let step = 0; step < count && (await wanted.count()) === 0; step += 1) {
      await this.page.keyboard.press('ArrowDown');
    }
    await wanted.waitFor();
    await this.page.keyboard.press('Enter');
    await focused.waitFor({ state: 'detached' });
  }

  /** Lets the pointer rest on something until `shown` is there, and gives the text of that. */
  async hoverUntil(target: Locator, shown: Locator): Promise<string> {
    // A race of VS Code's own: what it draws anew under a resting pointer takes the hover with it that was to come, and
    // only a pointer that comes again brings one.
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      await this.page.mouse.move(0, 0);
      await target.hover();
      const text = await textSoon(shown);
      if (text !== null) return text;
      if (Date.now() > end) throw new Error(`No hover brings ${shown}`);
    }
  }

  /** The hover of an editor or a view that holds `text`. */
  hover(text: string): Locator {
    return this.page.locator('.monaco-hover:visible', { hasText: text });
  }

  /** Lets the pointer rest on the language status until it says `text`, and gives all that it says. */
  hoverStatus(text: string): Promise<string> {
    const shown = this.page.locator('.hover-language-status:visible', { hasText: text });
    return this.hoverUntil(this.#status(), shown);
  }

  /** Takes the pointer from the language status to the line with `text`, until nothing of it covers other things. */
  async leaveStatus(text = 'import'): Promise<void> {
    const shown = this.page.locator('.hover-language-status:visible');
    await this.line(text).first().hover();
    // A race of VS Code's own: what it draws anew just as the pointer leaves stays, until the pointer comes and goes again.
    while (!(await comes(shown, 'detached'))) {
      await this.#status().hover();
      await this.line(text).first().hover();
    }
  }

  #status(): Locator {
    return this.page.locator('.statusbar-item[id="status.languageStatus"]');
  }

  /** Saves the changed file in the editor and gives what is then on disk. */
  async save(name: string): Promise<string> {
    await this.page.locator('.tab.active.dirty', { hasText: name }).waitFor();
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active:not(.dirty)', { hasText: name }).waitFor();
    return fs.readFileSync(path.join(this.folder, name), 'utf8');
  }

  /** Opens the extension's container in the activity bar by a click on its icon. */
  async openStudyView(): Promise<FrameLocator> {
    await this.page.locator('.activitybar .action-item a[aria-label^="Freezelint"]').click();
    return this.studyView();
  }

  /** The inside of the study view. */
  studyView(): FrameLocator {
    // The page of a rule is a webview, too, of the built-in Markdown extension.
    const frame = 'iframe.webview.ready[src*="extensionId=freezelint."][src*="purpose=webviewView"]';
    return this.page.frameLocator(frame).frameLocator('#active-frame');
  }

  /** The inside of the study in an editor tab. */
  studyEditor(): FrameLocator {
    const frame = 'iframe.webview.ready[src*="extensionId=freezelint."]:not([src*="purpose=webviewView"])';
    return this.page.frameLocator(frame).frameLocator('#active-frame');
  }

  /** The rows of the Problems panel, which it opens. */
  async problems(): Promise<Locator> {
    if (!(await this.page.locator('.markers-panel').isVisible())) {
      await this.page.keyboard.press('Control+Shift+M');
    }
    return this.page.locator('.markers-panel .monaco-list-row', {
      has: this.page.locator('.marker-line'),
    });
  }

  async #pick(query: string, label: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    await input.waitFor();
    await input.fill(query);
    await this.page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: label })
      .first()
      .waitFor();
    await input.press('Enter');
    // Taken once the box is gone, or empty for the next question of the command.
    await this.page.waitForFunction(
      `(() => {
        const input = document.querySelector('.quick-input-widget .quick-input-box input');
        return !input?.checkVisibility() || input.value !== ${JSON.stringify(query)};
      })()`,
    );
  }
}

const STATE_KEY = "'freezelint.freezelint'";

/** A script that does one thing to the table in which VS Code keeps the state of extensions, and resolves with its result. */
function withItemTable(mode: 'readonly' | 'readwrite', call: string): string {
  return `new Promise((resolve, reject) => {
    const opening = indexedDB.open('vscode-web-state-db-global');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction('ItemTable', '${mode}');
      const request = transaction.objectStore('ItemTable')${call};
      transaction.onabort = () => reject(transaction.error);
      transaction.oncomplete = () => {
        database.close();
        resolve(String(request.result));
      };
    };
  })`;
}

const STORED = withItemTable('readonly', `.get(${STATE_KEY})`);

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const settingsOf = ({ settings }: WindowOptions) => ({
  'files.autoSave': 'off',
  // An editor that takes the focus when it is ready would close the box into which a test is typing.
  'workbench.quickOpen.closeOnFocusLost': false,
  ...settings,
});

/** Opens an address in a browser of its own. `cleanUp` runs once that is closed, or where it does not open. */
async function openPage(
  address: string,
  { viewport = { width: 1280, height: 800 }, scale = 1, onRequest, isRefused, language }: WindowOptions,
  cleanUp: () => Promise<void>,
): Promise<{ readonly page: Page; readonly dispose: () => Promise<void> }> {
  let context: BrowserContext | undefined;
  const dispose = async () => {
    await context?.browser()?.close();
    await cleanUp();
  };
  try {
    const browser = await launchBrowser();
    context = await browser.newContext({ viewport, deviceScaleFactor: scale });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    if (language) await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${language}';`);
    if (isRefused) {
      await context.route(
        (address) => isRefused(address.href),
        (route) => route.abort(),
      );
    }
    await slowDown(page);
    if (onRequest) page.on('request', (request) => onRequest(request.url()));
    await page.goto(address);
    return { page, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
