/** `parameter.name`, read. */
import type { Interpreter } from '../interpreter.ts';
import { noteRead } from '../observations/unread-writes.ts';
import { atomsIn, boolean, constant, external, UNKNOWN, type Value } from '../state/values.ts';
import { tensor } from './graphs.ts';

/** An attribute of one or some Parameters: its flag as it is now, its data, its shape where that is known. */
export function parameterAttribute(
  run: Interpreter,
  value: Value & { kind: 'parameter' | 'someParameter' },
  name: string,
): Value {
  const atoms = atomsIn(value);
  if (name === 'requires_grad') {
    const flags = atoms.flatMap((atom) => run.atoms.leaves(atom)).map((leaf) => run.state.flag(leaf).bits);
    const bits = flags.reduce((all, one) => all | one, 0);
    noteRead(run, atoms);
    return boolean(bits === 1 ? false : bits === 2 ? true : null);
  }
  if (name === 'data') return { kind: 'tensor', origin: 'data', of: value };
  if ((name === 'shape' || name === 'ndim') && value.kind === 'parameter') {
    const shape = run.atoms.shapeOf(value.atom);
    if (!shape) return UNKNOWN;
    return name === 'ndim' ? constant(shape.length) : { kind: 'tuple', items: shape.map(constant) };
  }
  if (name === 'grad') return tensor('gradient', undefined);
  if (name === 'is_leaf') return constant(true);
  if (name === '__class__') return external('torch.nn.Parameter');
  return { kind: 'method', receiver: value, name };
}
