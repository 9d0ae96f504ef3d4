import assert from 'node:assert/strict';
import {
  noSettings,
  type RuleSettings,
  rulesMeant,
  selectRules,
} from '../../../src/project/rule-selection.ts';
import { fakeRules } from '../lint/fake-engine.ts';

describe('a rule selector', () => {
  const codes = (selector: string) => rulesMeant(selector, fakeRules).map(({ code }) => code);

  it('means a rule by code or name, in any case', () => {
    assert.deepEqual(codes('FRZ101'), ['FRZ101']);
    assert.deepEqual(codes('frz101'), ['FRZ101']);
    assert.deepEqual(codes('no-mild'), ['FRZ408']);
  });

  it('means all rules whose code starts so', () => {
    assert.deepEqual(codes('FRZ1'), ['FRZ101', 'FRZ102']);
    assert.deepEqual(codes('FRZ'), ['FRZ101', 'FRZ102', 'FRZ408']);
    assert.deepEqual(codes('ALL'), ['FRZ101', 'FRZ102', 'FRZ408']);
  });

  it('means nothing else', () => {
    for (const selector of ['', 'F', 'FRZ9', 'FRZ1011', 'no', 'constructor'])
      assert.deepEqual(codes(selector), []);
  });
});

describe('the selection of rules', () => {
  const settings = (changes: Partial<RuleSettings>): RuleSettings => ({ ...noSettings, ...changes });
  const rules = (...layers: Partial<RuleSettings>[]) =>
    selectRules(layers.map(settings), fakeRules).configuration.rules;

  it('leaves every rule at its default where nothing is set', () => {
    assert.deepEqual(rules({}), {});
  });

  it('turns off what is ignored and what is not selected', () => {
    assert.deepEqual(rules({ select: ['FRZ1'], ignore: ['FRZ102'] }), { FRZ102: 'off', FRZ408: 'off' });
  });

  it('runs a rule that is off by default where it is selected, by itself or with others, or given a severity', () => {
    const optional = fakeRules.map((rule) =>
      rule.code === 'FRZ102' ? { ...rule, isOffByDefault: true as const } : rule,
    );
    const chosen = (...layers: Partial<RuleSettings>[]) =>
      selectRules(layers.map(settings), optional).configuration.rules.FRZ102;
    assert.equal(chosen({}), undefined);
    assert.equal(chosen({ select: ['ALL'] }), 'on');
    assert.equal(chosen({ select: ['FRZ102'], severity: { FRZ102: 'hint' } }), 'hint');
    assert.equal(chosen({ severity: { FRZ102: 'error' } }), 'error');
    assert.equal(chosen({ select: ['FRZ102'] }, { ignore: ['FRZ102'] }), 'off');
    assert.equal(chosen({ select: ['FRZ102'] }, { select: ['FRZ101'] }), 'off');
  });

  it('tells which rules were asked for', () => {
    const { selected } = selectRules([settings({ select: ['FRZ408'] })], fakeRules);
    assert.deepEqual([...selected], ['FRZ408']);
  });

  it('sets severities by selector, the later one winning', () => {
    assert.deepEqual(rules({ severity: { FRZ1: 'hint', FRZ101: 'warning' } }), {
      FRZ101: 'warning',
      FRZ102: 'hint',
    });
  });

  it('does not bring a rule back by its severity', () => {
    assert.deepEqual(rules({ select: ['FRZ408'], severity: { FRZ101: 'error' } }), {
      FRZ101: 'off',
      FRZ102: 'off',
    });
  });

  it('starts afresh at a later select, which beats an earlier ignore', () => {
    assert.deepEqual(rules({ select: ['FRZ1'], ignore: ['FRZ408'] }, { select: ['FRZ408'] }), {
      FRZ101: 'off',
      FRZ102: 'off',
    });
  });

  it('keeps earlier severities at a later select', () => {
    assert.equal(rules({ severity: { FRZ101: 'warning' } }, { select: ['ALL'] }).FRZ101, 'warning');
  });
});
