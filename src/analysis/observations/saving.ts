/** What a program writes to files: `torch.save` and its sisters. */
import type { Span } from '../../python/syntax.ts';
import { reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import type { AtomId } from '../state/atoms.ts';
import type { CallArguments, Value } from '../state/values.ts';
import { nameOf, namesInSight } from './names.ts';

const SAVING = new Set(['torch.save', 'safetensors.torch.save_file', 'safetensors.torch.save_model']);

/** Notes which modules are saved with all of their parameters, where a library function is called that saves. */
export function noteSaved(run: Interpreter, name: string, args: CallArguments, span: Span): void {
  const [given] = args.positional;
  if (!SAVING.has(name) || given === undefined) return;
  const saved = atomsIn(run, given);
  const modules = namesInSight(run).flatMap(({ name: inSight, id }) => {
    if (run.state.heap.get(id)?.kind !== 'module') return [];
    const { may } = atomsBelow(run, id);
    const atoms = may.flatMap((atom) => run.atoms.leaves(atom));
    if (atoms.length === 0 || !atoms.every((atom) => saved.has(atom))) return [];
    const global = nameOf(run, id, ['global']);
    return global === null || global === inSight ? [inSight] : [inSight, global];
  });
  run.emit({ kind: 'stateSaved', span, modules });
}

/** The parameters that a value holds: itself, in modules, or as the copies of a `state_dict()`. */
function atomsIn(run: Interpreter, value: Value): ReadonlySet<AtomId> {
  const { objects, atoms } = reachableFrom(run, [value]);
  const found = new Set(atoms);
  for (const id of objects) {
    const object = run.state.heap.get(id);
    if (object?.kind !== 'dictionary') continue;
    for (const { value: entry } of object.entries) {
      if (entry.kind !== 'tensor' || entry.origin !== 'stateDict' || !entry.of) continue;
      for (const atom of reachableFrom(run, [entry.of]).atoms) found.add(atom);
    }
  }
  return found;
}
