import assert from 'node:assert/strict';
import {
  ConfigurationError,
  findConfiguration,
  readConfiguration,
} from '../../../src/project/configuration.ts';
import { fakeRules } from '../lint/fake-engine.ts';

describe('the table [tool.freezelint]', () => {
  const read = (...lines: string[]) => readConfiguration('/p/pyproject.toml', lines.join('\n'), fakeRules);
  const complaint = (...lines: string[]): string => {
    try {
      read(...lines);
    } catch (error) {
      assert.ok(error instanceof ConfigurationError, String(error));
      return error.message;
    }
    return assert.fail('no complaint');
  };

  it('is read with all its keys', () => {
    const found = read(
      '[tool.freezelint]',
      'select = ["FRZ1", "no-mild"]',
      'ignore = ["FRZ102"]',
      'exclude = ["old/"]',
      '[tool.freezelint.severity]',
      'FRZ101 = "warning"',
    );
    assert.deepEqual(found, {
      file: '/p/pyproject.toml',
      select: ['FRZ1', 'no-mild'],
      ignore: ['FRZ102'],
      severity: { FRZ101: 'warning' },
      exclude: ['old/'],
    });
  });

  it('may be empty', () => {
    assert.deepEqual(read('[tool.freezelint]'), {
      file: '/p/pyproject.toml',
      select: null,
      ignore: [],
      severity: {},
      exclude: [],
    });
  });

  it('is absent from a file without it, also where that file is broken', () => {
    assert.equal(read('[tool.ruff]', 'select = ["E"]'), null);
    assert.equal(read('not toml at all'), null);
    assert.equal(read('[tool.other]', 'name = "freezelint"'), null);
  });

  it('complains about unknown keys, with file, line and key', () => {
    assert.equal(
      complaint('[tool.freezelint]', '', 'selct = ["FRZ101"]'),
      '/p/pyproject.toml:3: tool.freezelint.selct: there is no such key; known are select, ignore, severity, exclude',
    );
  });

  it('complains about wrong types', () => {
    assert.equal(
      complaint('[tool.other]', 'select = 1', '[tool.freezelint]', 'select = "FRZ101"'),
      '/p/pyproject.toml:4: tool.freezelint.select: must be a list of strings',
    );
    assert.equal(
      complaint('[tool.freezelint]', 'ignore = [101]'),
      '/p/pyproject.toml:2: tool.freezelint.ignore: must be a list of strings',
    );
    assert.equal(
      complaint('[tool.freezelint]', 'severity = "error"'),
      '/p/pyproject.toml:2: tool.freezelint.severity: must be a table of rule codes',
    );
  });

  it('complains about unknown severities', () => {
    assert.equal(
      complaint('[tool.freezelint.severity]', 'FRZ101 = "error"', 'FRZ102 = "fatal"'),
      '/p/pyproject.toml:3: tool.freezelint.severity.FRZ102: ' +
        'must be "error", "warning", "information", "hint" or "off"',
    );
  });

  it('complains about unknown rules, at the line that names them', () => {
    assert.equal(
      complaint('[tool.freezelint]', 'select = [', '  "FRZ101",', '  "FRZ999",', ']'),
      '/p/pyproject.toml:4: tool.freezelint.select: no rule "FRZ999"',
    );
    assert.equal(
      complaint('[tool.freezelint.severity]', 'FRZ999 = "off"'),
      '/p/pyproject.toml:2: tool.freezelint.severity: no rule "FRZ999"',
    );
  });

  it('complains about broken TOML', () => {
    assert.match(complaint('[tool.freezelint]', 'select = ['), /^\/p\/pyproject\.toml:2: /);
  });
});

describe('the configuration of a folder', () => {
  const files = (content: Record<string, string>) => ({
    read: async (path: string) => content[path] ?? null,
  });
  const table = '[tool.freezelint]\nignore = ["FRZ101"]\n';

  it('comes from the nearest pyproject.toml that has the table', async () => {
    const tree = files({
      '/a/pyproject.toml': table,
      '/a/b/pyproject.toml': '[tool.freezelint]\n',
      '/a/b/c/pyproject.toml': '[project]\n',
    });
    assert.equal((await findConfiguration(tree, '/a/b/c/d', fakeRules))?.file, '/a/b/pyproject.toml');
    assert.equal((await findConfiguration(tree, '/a/x/', fakeRules))?.file, '/a/pyproject.toml');
  });

  it('may come from the root folder', async () => {
    assert.ok(await findConfiguration(files({ '/pyproject.toml': table }), '/a/b', fakeRules));
    assert.ok(await findConfiguration(files({ 'C:/pyproject.toml': table }), 'C:/a/b', fakeRules));
  });

  it('is null where there is none', async () => {
    assert.equal(await findConfiguration(files({}), '/a/b', fakeRules), null);
  });
});
