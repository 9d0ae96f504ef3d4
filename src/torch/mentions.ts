/** What the bare text of a file tells: whether it is worth parsing. */

/** Whether a text mentions torch or a library built on it. */
export const usesTorch = (text: string): boolean => /torch|transformers|lightning/.test(text);

/** Whether a file that does not use torch itself may still train what it imports. */
export const mayTrain = (text: string): boolean =>
  /requires_grad|freez|optimizer|\bparameters\(|\.(?:train|eval)\(/i.test(text);

/**
 * Whether a file can have anything to report: it mentions torch or a library built on it, or it freezes, trains or
 * hands around what files that do so give it. `program` has the files that it imports.
 */
export function concernsTorch(text: string, program: Texts = ALONE): boolean {
  if (usesTorch(text)) return true;
  return mayTrain(text) && [...program.files.values()].some((file) => usesTorch(file.text));
}

interface Texts {
  readonly files: ReadonlyMap<string, { readonly text: string }>;
}

const ALONE: Texts = { files: new Map() };
