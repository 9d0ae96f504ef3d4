import * as v from 'valibot';
import type { ModeId } from '../../learn/modes.ts';
import type { PredictionsInEditor } from '../../learn/predict/predict.ts';
import type { ModelInEditor } from '../../learn/visualize/visualize.ts';
import type { StudyView } from '../../study-messages/messages.ts';

/** What the ways to learn may ask about the Python file or notebook that the learner used last. */
export interface EditorInSight {
  /** Its model at the cursor. */
  model(): ModelInEditor;
  /** Questions about it. */
  predictions(): PredictionsInEditor;
}

/** What an action or a view depends on besides what is stored. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Any integer, to shuffle by. */
  readonly seed: number;
  /** How many new items a day brings. */
  readonly newPerDay: number;
  /** Only where an action asks for it. */
  readonly editor?: EditorInSight | undefined;
}

/** A way to learn: what it keeps, what an action does to that, and what it shows of it. */
export interface ModeDefinition<State, Action> {
  readonly id: ModeId;
  /** What is stored, as plain JSON. */
  readonly stateSchema: v.GenericSchema<unknown, State>;
  readonly fresh: State;
  readonly actionSchema: v.GenericSchema<unknown, Action>;
  /** Whether an action needs what the editor has. */
  asksEditor?(action: Action): boolean;
  /** The state after an action; the same object where the action does not fit the moment. */
  act(state: State, action: Action, moment: Moment): State;
  view(state: State, moment: Moment): StudyView;
  /** How far the learner got, from 0 to 1. */
  part(state: State): number;
  /** The Python on the screen that may be put into an editor; null where there is none. */
  code?(state: State): string | null;
  /** The whole program around that Python, to be opened; where left out, it is the same. */
  program?(state: State): string | null;
}

/** A way to learn whose state and actions come from outside: from the store and from the page. */
export interface Mode {
  readonly id: ModeId;
  /** Whether the stored state can be read; a mode that was never opened has none. */
  isReadable(stored: unknown): boolean;
  asksEditor(action: unknown): boolean;
  act(stored: unknown, action: unknown, moment: Moment): unknown;
  view(stored: unknown, moment: Moment): StudyView;
  part(stored: unknown): number;
  code(stored: unknown): string | null;
  program(stored: unknown): string | null;
}

/** The mode with its state and its actions checked where they come in; what is not one of them changes nothing. */
export function defineMode<State, Action>(definition: ModeDefinition<State, Action>): Mode {
  const { id, stateSchema, fresh, actionSchema } = definition;
  const read = (stored: unknown): State => {
    const parsed = v.safeParse(stateSchema, stored);
    return parsed.success ? parsed.output : fresh;
  };
  const code = (stored: unknown) => definition.code?.(read(stored)) ?? null;
  return {
    id,
    isReadable: (stored) => stored === undefined || v.is(stateSchema, stored),
    asksEditor: (action) => {
      const parsed = v.safeParse(actionSchema, action);
      return parsed.success && definition.asksEditor?.(parsed.output) === true;
    },
    act: (stored, action, moment) => {
      const parsed = v.safeParse(actionSchema, action);
      if (!parsed.success) return stored;
      const state = read(stored);
      const next = definition.act(state, parsed.output, moment);
      return next === state ? stored : next;
    },
    view: (stored, moment) => definition.view(read(stored), moment),
    part: (stored) => definition.part(read(stored)),
    code,
    program: (stored) => (definition.program === undefined ? code(stored) : definition.program(read(stored))),
  };
}
