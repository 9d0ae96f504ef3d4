import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { screenshotOnFailure } from '../browser/screenshot-on-failure.ts';
import { Workbench } from '../browser/workbench.ts';
import { npm } from '../host/npm.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** All that may ship. A file that is not on this list is either forgotten here or packed by mistake. */
const MAY_SHIP = [
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^\.vsixmanifest$/,
  /^dist\/(extension|extension-web|features)\.cjs$/,
  /^dist\/(webview\.js|webview\.css|(decks|exercises|lessons|predictions)\.json)$/,
  /^dist\/(tree-sitter-python|web-tree-sitter)\.wasm$/,
  /^dist\/codicon\.(css|ttf)$/,
  /^media\/icons\/[a-z-]+\.(svg|png)$/,
  /^media\/walkthrough\/[a-z-]+\.svg$/,
  /^media\/sample-workspace\/train\.py$/,
  /^media\/snippets\/[a-z-]+\.json$/,
  /^media\/screenshots\/[a-z-]+\.png$/,
];

/** What the extension cannot work without. */
const MUST_SHIP = [
  'package.json',
  'package.nls.json',
  'media/icons/freezelint.svg',
  'media/sample-workspace/train.py',
  'media/snippets/python.json',
  'media/walkthrough/open-sample.svg',
  'readme.md',
  'LICENSE.txt',
  'dist/extension-web.cjs',
  'dist/extension.cjs',
  'dist/features.cjs',
  'dist/webview.js',
  'dist/webview.css',
  'dist/decks.json',
  'dist/exercises.json',
  'dist/lessons.json',
  'dist/predictions.json',
  'dist/tree-sitter-python.wasm',
  'dist/web-tree-sitter.wasm',
];

describe('The packed extension', function () {
  // Packing makes a production build first.
  this.timeout(600_000);
  let scratch: string;
  let vsix: string;
  let workbench: Workbench | undefined;

  before(async () => {
    scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-package-'));
    vsix = path.join(scratch, 'freezelint.vsix');
    npm(['run', 'package', '--', '--out', vsix], ROOT);
    workbench = await Workbench.open('train.py', { vsix });
  });
  after(async () => {
    await workbench?.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  });
  screenshotOnFailure(() => workbench);

  it('holds what it needs and nothing else', () => {
    const extensions = path.join(workbench!.dataFolder, 'extensions');
    const [installed] = fs
      .readdirSync(extensions)
      .filter((name) => name.startsWith('freezelint.freezelint-'));
    assert.ok(installed, 'it is installed');
    const folder = path.join(extensions, installed);
    const files = fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
    assert.deepEqual(
      files.filter((file) => !MAY_SHIP.some((pattern) => pattern.test(file))),
      [],
      'files that should not ship',
    );
    assert.deepEqual(
      MUST_SHIP.filter((file) => !files.includes(file)),
      [],
      'files that are missing',
    );
  });

  it('stays small', () => {
    const megabytes = fs.statSync(vsix).size / 1e6;
    assert.ok(megabytes < 1.5, `${megabytes.toFixed(2)} MB`);
  });

  it('finds the bug of the sample workspace once installed', async () => {
    await workbench!.squiggles('error').first().waitFor({ state: 'attached' });
  });

  it('opens its study view once installed', async () => {
    const study = await workbench!.openStudyView();
    await study.getByRole('button').first().waitFor();
  });
});
