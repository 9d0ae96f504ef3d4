import * as v from 'valibot';
import type { Project, ProjectStep } from './content.ts';
import { rowSchema } from './practice-state.ts';

const rowsSchema = v.array(rowSchema);

/** What is kept of the project; its code is in the learner's folder. */
export const projectStateSchema = v.strictObject({
  /** The address of the folder; null before one is chosen. */
  folder: v.nullable(v.string()),
  /** Why the last folder could not be used, or what is wrong with this one; null where nothing is. */
  problem: v.nullable(v.string()),
  /** What the last check said of each step, by its id, and of the whole program; null before the first. */
  checked: v.nullable(v.strictObject({ steps: v.record(v.string(), rowsSchema), whole: rowsSchema })),
  /** Whether the code has changed since. */
  isOutdated: v.boolean(),
  checks: v.number(),
  /** The steps whose hint was asked for. */
  hints: v.array(v.string()),
});

export type ProjectState = v.InferOutput<typeof projectStateSchema>;

export const freshProject: ProjectState = {
  folder: null,
  problem: null,
  checked: null,
  isOutdated: false,
  checks: 0,
  hints: [],
};

export const projectActionSchema = v.variant('type', [
  v.strictObject({ type: v.literal('chosen'), folder: v.string() }),
  v.strictObject({ type: v.literal('failed'), problem: v.string() }),
  v.strictObject({ type: v.literal('leave') }),
  v.strictObject({ type: v.literal('hint') }),
  v.strictObject({ type: v.literal('changed') }),
  v.strictObject({
    type: v.literal('checked'),
    steps: v.record(v.string(), rowsSchema),
    whole: rowsSchema,
  }),
]);

export type ProjectAction = v.InferOutput<typeof projectActionSchema>;

/** The state after an action; the same object where it does not fit. */
export function workOnProject(state: ProjectState, action: ProjectAction, project: Project): ProjectState {
  switch (action.type) {
    case 'chosen':
      return { ...freshProject, folder: action.folder };
    case 'failed':
      return { ...state, problem: action.problem };
    case 'leave':
      return freshProject;
    case 'hint': {
      const step = currentStep(state, project);
      return step === null || state.hints.includes(step.id)
        ? state
        : { ...state, hints: [...state.hints, step.id] };
    }
    case 'changed':
      return state.checked === null || state.isOutdated ? state : { ...state, isOutdated: true };
    case 'checked': {
      const { steps, whole } = action;
      return {
        ...state,
        problem: null,
        checked: { steps, whole },
        isOutdated: false,
        checks: state.checks + 1,
      };
    }
  }
}

/** Whether the last check saw a step done. */
export function isDone({ checked }: ProjectState, { id }: ProjectStep): boolean {
  const rows = checked?.steps[id];
  return rows?.every(({ met }) => met) ?? false;
}

/** The first step that is not done; null where all are. */
export function currentStep(state: ProjectState, { steps }: Project): ProjectStep | null {
  return steps.find((step) => !isDone(state, step)) ?? null;
}

/** How much of the project is done, from 0 to 1. */
export function partDone(state: ProjectState, { steps }: Project): number {
  return steps.filter((step) => isDone(state, step)).length / steps.length;
}
