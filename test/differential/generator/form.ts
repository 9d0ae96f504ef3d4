/** What a longer form is, and what forms of every kind write. */
import type { Model, Scene } from './writer.ts';

export type Form = readonly [idiom: string, write: (scene: Scene, model: Model) => string];

/** A setting of the program, true or false for all that anybody knows. */
export const setting = ({ random, flags }: Scene): string => (flags.length > 0 ? random.pick(flags) : 'True');

export const flag = ({ random }: Scene): string => random.pick(['False', 'False', 'True']);
