/** What the bare text of a file tells: whether it is worth parsing. */

/** Whether a text mentions torch or a library built on it. */
export const usesTorch = (text: string): boolean => /torch|transformers|lightning/.test(text);

/** Whether a file that does not use torch itself may still train what it imports. */
export const mayTrain = (text: string): boolean =>
  /requires_grad|freez|optimizer|\bparameters\(|\.(?:train|eval)\(/i.test(text);
