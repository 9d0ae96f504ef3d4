import assert from 'node:assert/strict';
import * as v from 'valibot';
import { checkSteps } from '../../../../src/learn/exercises/check-goal.ts';
import {
  currentStep,
  freshProject,
  type ProjectAction,
  type ProjectState,
  partDone,
  projectStateSchema,
  workOnProject,
} from '../../../../src/learn/exercises/project-state.ts';
import { lint } from '../../../../src/lint.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { exercises } from '../../../exercises/content.ts';
import { projectPrograms } from '../../../exercises/programs.ts';
import { fingerprint, readRecorded } from '../../../exercises/recorded.ts';
import { testParser } from '../../python-parser.ts';
import { isMet } from './is-met.ts';

const { project } = exercises;

describe('the project', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });
  const check = (text: string) => checkSteps(lint(parser, text, { rules: {} }), project.steps);

  it('goes from freezing over unfreezing to a saved model', () => {
    assert.deepEqual(
      project.steps.map(({ id }) => id),
      ['freeze-the-backbone', 'train-the-head', 'unfreeze-gradually', 'keep-the-statistics', 'wrap', 'save'],
    );
    assert.deepEqual(project.files.map(({ name }) => name).sort(), ['README.md', 'train.py']);
  });

  it('begins with no step done, and nothing wrong', () => {
    const { steps, whole } = check(project.files.find(({ name }) => name === 'train.py')?.text ?? '');
    assert.deepEqual(
      steps.map(isMet),
      project.steps.map(() => false),
    );
    assert.ok(isMet(whole));
  });

  for (const [index, step] of project.steps.entries()) {
    it(`has the step "${step.title}" done by its solution, with those before it and none after it`, () => {
      const { steps, whole } = check(step.solution);
      assert.deepEqual(
        steps.map(isMet),
        project.steps.map((_, other) => other <= index),
      );
      assert.ok(isMet(whole));
      const lines = steps[index]?.flatMap(({ line }) => line ?? []) ?? [];
      // The mode of a module is known, but not who set it.
      assert.equal(lines.length > 0, step.id !== 'keep-the-statistics', 'the deciding line is told');
    });
  }

  it('is the same under real PyTorch', () => {
    const recorded = readRecorded();
    for (const { path, text, probe } of projectPrograms()) {
      const real = recorded.get(path);
      assert.equal(
        real?.text,
        fingerprint(text),
        `${path} is recorded; npm run test:torch -- 80000 150 --record`,
      );
      assert.equal(real.raises, null);
      const inStates = project.steps.filter(({ states }) => states.some((state) => !('saves' in state)));
      const checked = check(text);
      const rows = inStates.flatMap((step) => checked.steps[project.steps.indexOf(step)] ?? []);
      assert.deepEqual(
        rows.map(({ met }) => met),
        real.rows,
        path,
      );
      if (probe !== null) assert.equal(real.measured, true);
    }
  });

  it('sees what is saved, and whether it is all of it', () => {
    const saved = (line: string) => {
      const done = project.steps.find(({ id }) => id === 'wrap')?.solution ?? '';
      return check(`${done}\n${line}\n`).steps.at(-1)?.[0];
    };
    for (const line of [
      'torch.save(model, "model.pt")',
      'torch.save(parallel.module.state_dict(), "model.pt")',
      'torch.save({"epoch": EPOCHS, "model": model.state_dict()}, "model.pt")',
      'def keep(net, path):\n    torch.save(net.state_dict(), path)\n\n\nkeep(model, "model.pt")',
      'with open("model.pt", "wb") as file:\n    torch.save(model.state_dict(), file)',
    ]) {
      assert.equal(saved(line)?.met, true, line);
    }
    assert.equal(
      saved('torch.save(model.fc.state_dict(), "head.pt")')?.detail,
      'what is saved is not all of it',
    );
    assert.equal(saved('torch.save(optimizer.state_dict(), "optimizer.pt")')?.met, false);
    assert.equal(saved('state = model.state_dict()')?.detail, 'nothing is saved');
  });

  it('says of code that cannot be read that no step is done', () => {
    const { steps, whole } = check('import torch\nmodel = (\n');
    assert.ok(
      steps.every((rows) => rows.every(({ met, detail }) => !met && detail === 'the code cannot be read')),
    );
    assert.equal(isMet(whole), false);
  });
});

describe('what is kept of the project', () => {
  const stateAfter = (...actions: ProjectAction[]): ProjectState =>
    actions.reduce((state, action) => workOnProject(state, action, project), freshProject);
  const row = (met: boolean) => ({ met, text: 'It trains', detail: null, line: 3 });
  const checked = (done: number): ProjectAction => ({
    type: 'checked',
    steps: Object.fromEntries(project.steps.map(({ id }, index) => [id, [row(index < done)]])),
    whole: [row(true)],
  });

  it('is the folder, and how far the last check found it done', () => {
    const state = stateAfter({ type: 'chosen', folder: 'file:///project' }, checked(2));
    assert.equal(currentStep(state, project)?.id, 'unfreeze-gradually');
    assert.equal(partDone(state, project), 2 / 6);
    assert.ok(v.is(projectStateSchema, JSON.parse(JSON.stringify(state))), 'as plain JSON');
    assert.equal(workOnProject(state, { type: 'changed' }, project).isOutdated, true);
    assert.equal(partDone(workOnProject(state, checked(1), project), project), 1 / 6, 'a step can be undone');
  });

  it('forgets a problem once it is gone, and everything with the folder', () => {
    const failed = stateAfter({ type: 'failed', problem: 'not empty' });
    assert.deepEqual([failed.folder, failed.problem], [null, 'not empty']);
    const chosen = workOnProject(failed, { type: 'chosen', folder: 'file:///project' }, project);
    assert.equal(chosen.problem, null);
    assert.deepEqual(workOnProject(chosen, { type: 'leave' }, project), freshProject);
  });

  it('gives each step its hint once, and nothing for what does not fit', () => {
    const hinted = stateAfter({ type: 'hint' });
    assert.deepEqual(hinted.hints, ['freeze-the-backbone']);
    assert.equal(workOnProject(hinted, { type: 'hint' }, project), hinted);
    assert.equal(workOnProject(freshProject, { type: 'changed' }, project), freshProject);
    const done = stateAfter(checked(6));
    assert.equal(workOnProject(done, { type: 'hint' }, project), done);
  });
});
