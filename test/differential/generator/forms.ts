/**
 * Longer forms that real programs are made of: trainers, context managers, closures, decorators, generators, match
 * statements, containers of parts. Each defines what it needs and uses it at once.
 */
import { BLOCK_FORMS } from './block-forms.ts';
import { CLASS_FORMS } from './class-forms.ts';
import { COLLECTION_FORMS } from './collection-forms.ts';
import { TOP_LEVEL_FORMS } from './top-level-forms.ts';
import type { Model, Scene } from './writer.ts';

const ANYWHERE = [...BLOCK_FORMS, ...COLLECTION_FORMS];
const AT_TOP = [...TOP_LEVEL_FORMS, ...CLASS_FORMS];

/** Writes one of the forms; those that bind new variables only where they certainly run. */
export function writeForm(scene: Scene, model: Model): void {
  const { random, out } = scene;
  const [idiom, write] = random.pick(scene.depth > 0 ? ANYWHERE : [...ANYWHERE, ...AT_TOP]);
  out.use(idiom);
  for (const line of write(scene, model).split('\n')) out.line(line);
}
