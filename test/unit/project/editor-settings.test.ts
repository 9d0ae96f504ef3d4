import assert from 'node:assert/strict';
import { editorSettings, rulesInEditor } from '../../../src/project/editor-settings.ts';
import { fakeRules } from '../lint/fake-engine.ts';

describe('the settings of an editor', () => {
  it('have their defaults where nothing is set', () => {
    assert.deepEqual(editorSettings({}), {
      enable: true,
      rules: { select: null, ignore: [], severity: {}, torchVersion: null },
      hover: true,
      codeLens: 'informative',
      inlayHints: false,
      gutterMarks: false,
    });
  });

  it('are taken as they are set', () => {
    const shown = { enable: false, hover: false, codeLens: 'always', inlayHints: true, gutterMarks: true };
    const set = {
      rules: { FRZ101: 'warning', FRZ102: 'off', FRZ408: 'default' },
      ignore: ['FRZ408'],
      torchVersion: '1.13',
    };
    assert.deepEqual(editorSettings({ ...shown, ...set }), {
      ...shown,
      rules: {
        select: null,
        ignore: ['FRZ408'],
        severity: { FRZ101: 'warning', FRZ102: 'off' },
        torchVersion: 1,
      },
    });
  });

  it('have their defaults where what is set makes no sense', () => {
    const odd = { enable: 'no', rules: [3], ignore: 'FRZ101', torchVersion: 'new', codeLens: 1, hover: null };
    assert.deepEqual(editorSettings(odd), editorSettings({}));
    assert.deepEqual(editorSettings({ rules: null }), editorSettings({}));
    assert.deepEqual(editorSettings({ rules: { FRZ101: 'fatal' } }), editorSettings({}));
  });

  it('override the project, which may leave a file out', () => {
    const project = {
      file: '/project/pyproject.toml',
      select: null,
      ignore: [],
      severity: { FRZ101: 'off', FRZ102: 'hint' },
      torchVersion: 1,
      exclude: ['old'],
      perFileIgnores: {},
    } as const;
    const set = editorSettings({ rules: { FRZ101: 'error' } });
    const at = (path: string | null) => rulesInEditor(path, project, set, fakeRules)?.configuration;
    assert.deepEqual(at('/project/train.py'), {
      rules: { FRZ101: 'error', FRZ102: 'hint' },
      torchVersion: 1,
    });
    assert.equal(at('/project/old/train.py'), undefined);
    assert.equal(rulesInEditor(null, null, editorSettings({ enable: false }), fakeRules), null);
    assert.deepEqual(rulesInEditor(null, null, set, fakeRules)?.configuration.rules, { FRZ101: 'error' });
  });
});
