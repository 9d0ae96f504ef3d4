import * as v from 'valibot';

/**
 * What a pattern selects: a path with everything below it (`layer4`), with `*` for any text (`*.bias`); all layers of a
 * class (`BatchNorm2d`); `rest` for what no other pattern of the same state selects; `.` for the module itself.
 */
const patternSchema = v.pipe(v.string(), v.regex(/^(\.|[\w*]+(\.[\w*]+)*)$/, 'a pattern is as in layer1.*'));
const patternsSchema = v.optional(v.array(patternSchema), []);

const nameSchema = v.pipe(v.string(), v.regex(/^\w+(\.\w+)*$/, 'a variable is as in model'));

/** When a state has to hold: at the end of the program, or just before the first or the last optimizer step. */
const timeSchema = v.optional(v.picklist(['end', 'first step', 'last step']), 'end');

const modelStateSchema = v.strictObject({
  /** The variable that holds the model. */
  model: nameSchema,
  at: timeSchema,
  frozen: patternsSchema,
  trainable: patternsSchema,
  /** Modules whose last mode is eval() or train(). */
  eval: patternsSchema,
  train: patternsSchema,
  /** Shapes of parameters. */
  shapes: v.optional(v.record(v.string(), v.array(v.number())), {}),
  /** The class of the object in the variable, such as DataParallel. */
  class: v.optional(v.string()),
});

const optimizerStateSchema = v.strictObject({
  /** The variable that holds the optimizer. */
  optimizer: nameSchema,
  /** The model that the patterns select in. */
  of: v.optional(nameSchema, 'model'),
  at: timeSchema,
  holds: patternsSchema,
  lacks: patternsSchema,
  /** Whether it has to step at all. */
  steps: v.optional(v.boolean(), false),
});

const codeSchema = v.pipe(v.string(), v.regex(/^FRZ\d{3}$/, 'a rule is named by its code, as in FRZ101'));

const savedStateSchema = v.strictObject({
  /** The variable of a model that is to be written to a file with all of its parameters. */
  saves: nameSchema,
});

export const goalStateSchema = v.union([modelStateSchema, optimizerStateSchema, savedStateSchema]);

/** What a program has to reach, however it is spelt. It also has to run to its end, without an error or a warning. */
export const goalSchema = v.strictObject({
  states: v.array(goalStateSchema),
  /** Rules that must not report anything, besides those of errors and warnings. */
  without: v.optional(v.array(codeSchema), []),
});

export type Goal = v.InferOutput<typeof goalSchema>;
export type GoalState = Goal['states'][number];
export type ModelState = v.InferOutput<typeof modelStateSchema>;
export type OptimizerState = v.InferOutput<typeof optimizerStateSchema>;
export type SavedState = v.InferOutput<typeof savedStateSchema>;
export type Time = ModelState['at'];
