import assert from 'node:assert/strict';
import {
  ConfigurationError,
  findConfiguration,
  isExcluded,
  readConfiguration,
  settingsFor,
} from '../../../src/project/configuration.ts';
import { noSettings, selectRules } from '../../../src/project/rule-selection.ts';
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
      'torch-version = "1.13"',
      '[tool.freezelint.severity]',
      'FRZ101 = "warning"',
      '[tool.freezelint.per-file-ignores]',
      '"tests/*" = ["FRZ1"]',
    );
    assert.deepEqual(found, {
      file: '/p/pyproject.toml',
      select: ['FRZ1', 'no-mild'],
      ignore: ['FRZ102'],
      severity: { FRZ101: 'warning' },
      torchVersion: 1,
      exclude: ['old/'],
      perFileIgnores: { 'tests/*': ['FRZ1'] },
    });
  });

  it('may be empty', () => {
    assert.deepEqual(read('[tool.freezelint]'), {
      file: '/p/pyproject.toml',
      select: null,
      ignore: [],
      severity: {},
      torchVersion: null,
      exclude: [],
      perFileIgnores: {},
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
      '/p/pyproject.toml:3: tool.freezelint.selct: there is no such key; known are ' +
        'select, ignore, severity, per-file-ignores, exclude, torch-version',
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

  it('complains about versions of PyTorch that are none', () => {
    for (const value of ['"two"', 'true', '"2.x"', '[2]']) {
      assert.equal(
        complaint('[tool.freezelint]', `torch-version = ${value}`),
        '/p/pyproject.toml:2: tool.freezelint.torch-version: must be a version such as "2.1"',
      );
    }
  });

  it('complains about files without a list of rules, and about unknown rules in one', () => {
    assert.equal(
      complaint('[tool.freezelint.per-file-ignores]', '"a.py" = []', '"b.py" = "FRZ101"'),
      '/p/pyproject.toml:3: tool.freezelint.per-file-ignores.b.py: must be a list of strings',
    );
    assert.equal(
      complaint('[tool.freezelint]', 'per-file-ignores = {"a.py" = ["FRZ101"],', '"b.py" = ["E501"]}'),
      '/p/pyproject.toml:3: tool.freezelint.per-file-ignores.b.py: no rule "E501"',
    );
  });

  it('is told from other mentions of its name and its keys, when a mistake is placed', () => {
    assert.equal(
      complaint(
        '[project]',
        'name = "freezelint-demo"',
        'ignore = 1',
        '[tool.freezelint]',
        'per-file-ignores = {}',
        'ignore = 2',
      ),
      '/p/pyproject.toml:6: tool.freezelint.ignore: must be a list of strings',
    );
    assert.equal(
      complaint('[tool]', 'freezelint = {ignore = 1}'),
      '/p/pyproject.toml:2: tool.freezelint.ignore: must be a list of strings',
    );
  });

  it('complains about broken TOML', () => {
    assert.match(complaint('[tool.freezelint]', 'select = ['), /^\/p\/pyproject\.toml:2: /);
  });
});

describe('the settings for a file', () => {
  const project = readConfiguration(
    '/p/pyproject.toml',
    [
      '[tool.freezelint]',
      'ignore = ["FRZ408"]',
      'exclude = ["old/", "*_pb2.py"]',
      'torch-version = 1.13',
      '[tool.freezelint.per-file-ignores]',
      '"tests/**" = ["FRZ101"]',
      '"!src/**" = ["FRZ102"]',
    ].join('\n'),
    fakeRules,
  );
  const off = (path: string, overriding = noSettings) =>
    Object.keys(selectRules(settingsFor(path, project, overriding), fakeRules).configuration.rules);

  it('leave out what the project ignores in it, whatever else selects it', () => {
    assert.deepEqual(off('/p/src/a.py'), ['FRZ408']);
    assert.deepEqual(off('/p/src/tests/a.py'), ['FRZ408'], 'a pattern with a slash starts at the folder');
    assert.deepEqual(off('/p/tests/deep/a.py').sort(), ['FRZ101', 'FRZ102', 'FRZ408']);
    assert.deepEqual(off('/p/a.py').sort(), ['FRZ102', 'FRZ408']);
    assert.deepEqual(off('/p/tests/a.py', { ...noSettings, select: ['ALL'] }).sort(), ['FRZ101', 'FRZ102']);
  });

  it('are those that override the project where there is no project', () => {
    assert.deepEqual(settingsFor('/p/a.py', null, noSettings), [noSettings]);
  });

  it('give the version of PyTorch to assume, the strongest source last', () => {
    const version = (overriding: typeof noSettings) =>
      selectRules(settingsFor('/p/a.py', project, overriding), fakeRules).configuration.torchVersion;
    assert.equal(version(noSettings), 1);
    assert.equal(version({ ...noSettings, torchVersion: 2 }), 2);
    assert.equal(selectRules([noSettings], fakeRules).configuration.torchVersion, undefined);
  });

  it('do not matter where the project excludes it', () => {
    assert.ok(isExcluded('/p/old/a.py', project));
    assert.ok(isExcluded('/p/src/old/a.py', project));
    assert.ok(isExcluded('/p/src/a_pb2.py', project));
    assert.ok(!isExcluded('/p/Old/a.py', project));
    assert.ok(!isExcluded('/p/src/a.py', project));
    assert.ok(!isExcluded('/elsewhere/old/a.py', project));
    assert.ok(!isExcluded('/p/old/a.py', null));
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
