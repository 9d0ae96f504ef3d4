import type { Exercises, Project } from '../../learn/exercises/content.ts';
import type { GoalState } from '../../learn/exercises/goal.ts';
import {
  currentStep,
  freshProject,
  isDone,
  type ProjectState,
  partDone,
  projectActionSchema,
  projectStateSchema,
  workOnProject,
} from '../../learn/exercises/project-state.ts';
import { sentencesOf } from '../../learn/exercises/wants.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import type { CheckRowView } from '../../study-messages/practice.ts';
import { viewOfChecked } from './exercise-views.ts';
import { defineMode, type Mode } from './mode.ts';

/** *Project*: fine-tune a network step by step, in a folder of one's own. */
export function projectMode({ project }: Exercises): Mode {
  return defineMode({
    id: 'project',
    stateSchema: projectStateSchema,
    fresh: freshProject,
    actionSchema: projectActionSchema,
    act: (state, action) => workOnProject(state, action, project),
    part: (state) => partDone(state, project),
    view: (state) => viewOfProject(state, project),
  });
}

function viewOfProject(state: ProjectState, project: Project): StudyView {
  const current = currentStep(state, project);
  const { checked } = state;
  return {
    screen: 'project',
    title: project.title,
    about: project.about,
    folder: state.folder === null ? null : decodeURIComponent(state.folder.replace(/^[\w-]+:\/\//, '')),
    problem: state.problem,
    steps: project.steps.map((step) => ({
      id: step.id,
      title: step.title,
      state: isDone(state, step) ? 'done' : step === current ? 'current' : 'open',
      // The lines that decided it.
      rows: isDone(state, step) ? viewOfChecked(checked?.steps[step.id] ?? []) : [],
    })),
    current:
      current === null
        ? null
        : {
            id: current.id,
            task: current.task,
            hint: state.hints.includes(current.id) ? current.hint : null,
            rows: rowsOf(checked?.steps[current.id] ?? null, current.states),
          },
    whole: viewOfChecked(checked?.whole ?? []),
    checks: state.checks,
    isOutdated: state.isOutdated,
  };
}

function rowsOf(
  rows: Parameters<typeof viewOfChecked>[0] | null,
  states: readonly GoalState[],
): CheckRowView[] {
  if (rows !== null) return viewOfChecked(rows);
  return states
    .flatMap(sentencesOf)
    .map(({ should }) => ({ state: 'open', text: should, detail: null, line: null }));
}
