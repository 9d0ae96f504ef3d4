/** The exercises of quizzes/ as data: what the build puts into one file, and what the study view reads. */
import * as v from 'valibot';
import { parse } from 'yaml';
import { goalSchema, goalStateSchema } from './goal.ts';

const textSchema = v.pipe(v.string(), v.trim(), v.minLength(1));
/** Code, with its last line end. */
const programSchema = v.pipe(v.string(), v.minLength(1));
const codeSchema = v.pipe(v.string(), v.regex(/^FRZ\d{3}$/, 'a rule is named by its code, as in FRZ101'));
const levelSchema = v.picklist(['beginner', 'intermediate', 'advanced']);
const sourceSchema = v.pipe(
  v.string(),
  v.regex(/^(case:[a-z]\d{2}|https:\/\/\S+)$/, 'a source is a case, as in case:a01, or an https address'),
);

const descriptionEntries = {
  title: textSchema,
  level: levelSchema,
  /** What to do, in Markdown. */
  task: textSchema,
  sources: v.pipe(v.array(sourceSchema), v.minLength(1)),
};

const tryEntries = {
  ...descriptionEntries,
  rules: v.optional(v.array(codeSchema), []),
  hint: textSchema,
  /** What to take away, once it is done. */
  learned: textSchema,
  goal: goalSchema,
};

/** A try.yaml. */
const tryFileSchema = v.strictObject({ format: v.literal('freezelint-try/1'), ...tryEntries });

const challengeEntries = {
  ...descriptionEntries,
  /** The rule that finds the bug. */
  rule: codeSchema,
  /** What was measured, and in which function the bug is: the first two hints. */
  symptom: textSchema,
  where: textSchema,
  /** What to take away, once it is solved. */
  learned: textSchema,
  /** The lines of start.py that may be marked as the bug, from 1. */
  bug: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1))), v.minLength(1)),
  /** What PyTorch answers to probe.py after each program, or the opening of what it raises. */
  measured: v.strictObject({ start: v.unknown(), solution: v.unknown() }),
  /** The rule of the bug has to be silent as well. */
  goal: goalSchema,
};

/** A challenge.yaml. */
const challengeFileSchema = v.strictObject({
  format: v.literal('freezelint-challenge/1'),
  ...challengeEntries,
});

const programEntries = {
  /** The name of its folder. */
  id: textSchema,
  start: programSchema,
  solution: programSchema,
};

export const trySchema = v.strictObject({ ...programEntries, ...tryEntries });

export const challengeSchema = v.strictObject({ ...programEntries, ...challengeEntries });

const stepEntries = {
  id: v.pipe(v.string(), v.regex(/^[a-z]+(-[a-z]+)*$/)),
  title: textSchema,
  task: textSchema,
  hint: textSchema,
  sources: v.pipe(v.array(sourceSchema), v.minLength(1)),
  states: v.array(goalStateSchema),
};

const projectEntries = {
  title: textSchema,
  /** What it is, in Markdown. */
  about: textSchema,
};

/** The project.yaml. */
const projectFileSchema = v.strictObject({
  format: v.literal('freezelint-project/1'),
  ...projectEntries,
  steps: v.array(v.strictObject(stepEntries)),
});

/** The guided project: files that it begins with, and steps, each with the code as it may be after it. */
export const projectSchema = v.strictObject({
  ...projectEntries,
  files: v.array(v.strictObject({ name: textSchema, text: v.string() })),
  steps: v.pipe(v.array(v.strictObject({ ...stepEntries, solution: programSchema })), v.minLength(1)),
});

/** Everything to practise on. */
export const exercisesSchema = v.strictObject({
  tries: v.array(trySchema),
  challenges: v.array(challengeSchema),
  project: projectSchema,
});

export type Try = v.InferOutput<typeof trySchema>;
export type Project = v.InferOutput<typeof projectSchema>;
export type ProjectStep = Project['steps'][number];
export type Challenge = v.InferOutput<typeof challengeSchema>;
export type Exercises = v.InferOutput<typeof exercisesSchema>;

/** A file of quizzes/, by its path there: `tries/freeze-all/start.py`. */
export interface ContentFile {
  readonly path: string;
  readonly text: string;
}

/** The folders of quizzes/ that hold exercises. */
export const FAMILIES: readonly string[] = ['tries', 'challenges', 'project'];

/**
 * Reads all exercises, in the order that their files give by `order.yaml`.
 * @throws where something is missing or wrong, with file and key.
 */
export function compileExercises(files: readonly ContentFile[]): Exercises {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const textOf = (path: string): string => {
    const text = texts.get(path);
    if (text === undefined) throw new Error(`quizzes/${path} is missing`);
    return text;
  };
  const read = <T>(path: string, schema: v.GenericSchema<unknown, T>): T => {
    const parsed = v.safeParse(schema, parse(textOf(path)));
    if (parsed.success) return parsed.output;
    const faults = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
    throw new Error(`quizzes/${path}: ${faults.join('; ')}`);
  };
  const idsIn = (family: string): readonly string[] => {
    const ids = read(`${family}/order.yaml`, v.array(textSchema));
    const folders = new Set(
      files.flatMap(({ path }) => (path.startsWith(`${family}/`) ? (path.split('/').at(-2) ?? []) : [])),
    );
    for (const name of ['alternatives', family]) folders.delete(name);
    const unlisted = [...folders].filter((folder) => !ids.includes(folder));
    if (unlisted.length > 0) throw new Error(`quizzes/${family}/order.yaml lacks ${unlisted.join(', ')}`);
    return ids;
  };
  const program = (folder: string) => ({
    start: textOf(`${folder}/start.py`),
    solution: textOf(`${folder}/solution.py`),
  });
  const { format: _, steps, ...project } = read('project/project.yaml', projectFileSchema);
  return {
    project: {
      ...project,
      files: files.flatMap(({ path, text }) =>
        path.startsWith('project/files/') ? [{ name: path.slice('project/files/'.length), text }] : [],
      ),
      steps: steps.map((step) => ({ ...step, solution: textOf(`project/steps/${step.id}.py`) })),
    },
    tries: idsIn('tries').map((id) => {
      const { format, ...entries } = read(`tries/${id}/try.yaml`, tryFileSchema);
      return { id, ...program(`tries/${id}`), ...entries };
    }),
    challenges: idsIn('challenges').map((id) => {
      const { format, ...entries } = read(`challenges/${id}/challenge.yaml`, challengeFileSchema);
      return { id, ...program(`challenges/${id}`), ...entries };
    }),
  };
}
