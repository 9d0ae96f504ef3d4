import type { Goal, GoalState, ModelState, OptimizerState, SavedState, Time } from './goal.ts';

/** One thing that a state of a goal asks for: a line of the checklist. */
export type Want =
  | { readonly kind: 'flag'; readonly pattern: string; readonly wanted: 'frozen' | 'trainable' }
  | { readonly kind: 'mode'; readonly pattern: string; readonly wanted: 'eval' | 'train' }
  | { readonly kind: 'shape'; readonly parameter: string; readonly wanted: readonly number[] }
  | { readonly kind: 'class'; readonly wanted: string };

export type OptimizerWant =
  | { readonly kind: 'held'; readonly pattern: string; readonly wanted: boolean }
  | { readonly kind: 'steps' };

/** What of a model is asked for, in the order of the checklist. */
export function wantsOfModel(state: ModelState): readonly Want[] {
  const flags = (['frozen', 'trainable'] as const).flatMap((wanted) =>
    state[wanted].map((pattern) => ({ kind: 'flag', pattern, wanted }) as const),
  );
  const modes = (['eval', 'train'] as const).flatMap((wanted) =>
    state[wanted].map((pattern) => ({ kind: 'mode', pattern, wanted }) as const),
  );
  const shapes = Object.entries(state.shapes).map(
    ([parameter, wanted]) => ({ kind: 'shape', parameter, wanted }) as const,
  );
  const classes = state.class === undefined ? [] : [{ kind: 'class', wanted: state.class } as const];
  return [...classes, ...flags, ...modes, ...shapes];
}

/** What of an optimizer is asked for, in the order of the checklist. */
export function wantsOfOptimizer(state: OptimizerState): readonly OptimizerWant[] {
  const held = (patterns: readonly string[], wanted: boolean) =>
    patterns.map((pattern) => ({ kind: 'held', pattern, wanted }) as const);
  return [
    ...held(state.holds, true),
    ...held(state.lacks, false),
    ...(state.steps ? [{ kind: 'steps' } as const] : []),
  ];
}

/** What a want says where it is met, and where it is not. */
export interface Sentences {
  readonly is: string;
  readonly should: string;
}

export function sentencesOfModel({ model, at }: ModelState, want: Want): Sentences {
  switch (want.kind) {
    case 'flag': {
      const what = selected(want.pattern, model);
      const trains = want.wanted === 'trainable';
      return {
        is: sentence(at, `${what} ${trains ? 'trains' : 'is frozen'}`),
        should: sentence(at, `${what} should ${trains ? 'train' : 'be frozen'}`),
      };
    }
    case 'mode':
      return forms(at, selected(want.pattern, model), ['is', 'should be'], `in ${want.wanted} mode`);
    case 'shape':
      return forms(
        at,
        `\`${want.parameter}\``,
        ['has', 'should have'],
        `the shape [${want.wanted.join(', ')}]`,
      );
    case 'class':
      return forms(at, `\`${model}\``, ['is', 'should be'], `a \`${want.wanted}\``);
  }
}

export function sentencesOfOptimizer({ optimizer, of, at }: OptimizerState, want: OptimizerWant): Sentences {
  const subject = `\`${optimizer}\``;
  if (want.kind === 'steps') {
    return { is: sentence('end', `${subject} steps`), should: sentence('end', `${subject} should step`) };
  }
  const what = selected(want.pattern, of);
  return want.wanted
    ? forms(at, subject, ['holds', 'should hold'], what)
    : forms(at, subject, ['does', 'should'], `not hold ${what}`);
}

export function sentencesOfSaved({ saves }: SavedState): Sentences {
  return forms('end', `\`${saves}\``, ['is', 'should be'], 'written to a file');
}

export const RUNS: Sentences = {
  is: 'The program runs to its end',
  should: 'The program should run to its end',
};
export const IS_CLEAN: Sentences = {
  is: 'Freezelint finds nothing wrong',
  should: 'Freezelint should find nothing wrong',
};

/** The checklist of a goal before anything is checked. */
export function describeGoal({ states }: Goal): readonly string[] {
  return [...states.flatMap(sentencesOf), RUNS, IS_CLEAN].map(({ should }) => should);
}

/** What one state asks for, in words. */
export function sentencesOf(state: GoalState): readonly Sentences[] {
  if ('saves' in state) return [sentencesOfSaved(state)];
  return 'model' in state
    ? wantsOfModel(state).map((want) => sentencesOfModel(state, want))
    : wantsOfOptimizer(state).map((want) => sentencesOfOptimizer(state, want));
}

function forms(at: Time, subject: string, [is, should]: readonly [string, string], rest: string): Sentences {
  return {
    is: sentence(at, `${subject} ${is} ${rest}`),
    should: sentence(at, `${subject} ${should} ${rest}`),
  };
}

const WHEN: Readonly<Record<Time, string>> = {
  end: '',
  'first step': 'at the first step ',
  'last step': 'at the last step ',
};

function sentence(at: Time, text: string): string {
  const whole = `${WHEN[at]}${text}`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

function selected(pattern: string, model: string): string {
  if (pattern === 'rest') return 'everything else';
  if (pattern === '*') return `all of \`${model}\``;
  if (pattern === '.') return `\`${model}\``;
  if (/^[A-Z]/.test(pattern)) return `every \`${pattern}\``;
  return model === 'model' ? `\`${pattern}\`` : `\`${model}.${pattern}\``;
}
