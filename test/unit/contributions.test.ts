import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

interface Setting {
  readonly default: unknown;
  readonly order?: number;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly properties?: Readonly<Record<string, Setting>>;
}

describe('What the manifest adds to VS Code', () => {
  let contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
  let tests: string;
  before(async () => {
    ({ contributes } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf-8')));
    const folder = path.join(root, 'test/vscode');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
    tests = (await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf-8')))).join('');
  });

  /** Whether a test in the extension host names it, with or without the prefix. */
  const isTested = (name: string): boolean =>
    tests.includes(`'${name}'`) || tests.includes(`'${name.replace('freezelint.', '')}'`);

  it('is tested in a real extension host: every command', () => {
    const untested = contributes.commands.map(({ command }) => command).filter((name) => !isTested(name));
    assert.deepEqual(untested, []);
  });

  it('is tested by suites that need no Node, as they run in the web host, too', () => {
    assert.doesNotMatch(tests, /\b(?:Buffer|process|__dirname)\b|from 'node:(?!assert\/strict')/);
  });

  it('is tested there: every setting but those of the study view, which only its own window shows', () => {
    const names = Object.keys(contributes.configuration.properties);
    const others = names.filter((name) => !name.startsWith('freezelint.study.'));
    assert.deepEqual(
      others.filter((name) => !isTested(name)),
      [],
    );
  });

  it('has an order for every setting', () => {
    const orders = Object.values(contributes.configuration.properties).map(({ order }) => order);
    assert.ok(orders.every((order) => typeof order === 'number'));
    assert.equal(new Set(orders).size, orders.length);
  });

  it('describes every setting in Markdown, and every value of one that is chosen from a list', () => {
    const check = (name: string, setting: Setting): void => {
      assert.ok(setting.markdownDescription && !setting.description, name);
      const described = setting.markdownEnumDescriptions ?? setting.enumDescriptions ?? [];
      assert.equal(described.length, setting.enum?.length ?? 0, name);
      for (const [inner, value] of Object.entries(setting.properties ?? {})) check(`${name} ${inner}`, value);
    };
    for (const [name, setting] of Object.entries(contributes.configuration.properties)) check(name, setting);
  });

  it('is quiet until it is asked for more', () => {
    const defaults = Object.entries(contributes.configuration.properties).map(([name, setting]) => [
      name.replace('freezelint.', ''),
      setting.default,
    ]);
    assert.deepEqual(Object.fromEntries(defaults), {
      enable: true,
      rules: {},
      ignore: [],
      torchVersion: '',
      hover: true,
      codeLens: 'informative',
      inlayHints: false,
      gutterMarks: false,
      'study.newPerDay': 10,
      'study.dueBadge': false,
      'study.learnFromMistakes': false,
    });
  });
});
