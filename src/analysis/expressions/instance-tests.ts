/** `isinstance(value, type)` */
import { isInstance } from '../../torch/module-classes.ts';
import { canonicalName } from '../../torch/names.ts';
import { ancestry, isModulePath } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import type { Value } from '../state/values.ts';

/** `isinstance(value, type)`; null where nobody can tell. */
export function isInstanceOf(run: Interpreter, value: Value, type: Value): boolean | null {
  const types = type.kind === 'tuple' ? type.items : [type];
  let answer: boolean | null = false;
  for (const option of types) {
    const verdict = isInstanceOfOne(run, value, option);
    if (verdict === true) return true;
    if (verdict === null) answer = null;
  }
  return answer;
}

const TENSOR_TYPES = new Set(['torch.Tensor', 'torch.nn.Parameter', 'torch.nn.parameter.Parameter']);

function isInstanceOfOne(run: Interpreter, value: Value, type: Value): boolean | null {
  if (value.kind === 'parameter' || value.kind === 'someParameter') {
    if (type.kind === 'external')
      return TENSOR_TYPES.has(canonicalName(type.path)) ? true : isModulePath(type.path) ? false : null;
    return type.kind === 'class' ? false : null;
  }
  if (value.kind === 'constant') {
    if (type.kind !== 'external') return type.kind === 'class' ? false : null;
    const kind = { string: 'str', boolean: 'bool', number: 'int' }[typeof value.value as 'string'];
    if (type.path === `builtins.${kind}`) return typeof value.value === 'number' ? null : true;
    if (TENSOR_TYPES.has(canonicalName(type.path)) || isModulePath(type.path)) return false;
    return type.path.startsWith('builtins.') && !/builtins\.(int|float|object)$/.test(type.path)
      ? false
      : null;
  }
  // A range is kept as a tuple of numbers, and what `id()` gives as one that begins with a constant.
  const [head] = value.kind === 'tuple' ? value.items : [];
  const isTuple = value.kind === 'tuple' && (value.pairOf || (head && head.kind !== 'constant'));
  if (isTuple && type.kind === 'external') {
    return type.path === 'builtins.tuple' ? true : type.path === 'builtins.object' ? null : false;
  }
  const object = run.object(value);
  if (object?.kind === 'list') {
    if (type.kind !== 'external' || !type.path.startsWith('builtins.')) return false;
    // Sets and queues are kept like lists.
    return object.isList ? type.path === 'builtins.list' || type.path === 'builtins.object' : null;
  }
  if (value.kind === 'tuple' && type.kind === 'external' && type.path === 'builtins.list') return false;
  if (object?.kind === 'dictionary') return type.kind === 'external' ? type.path === 'builtins.dict' : false;
  if (object?.kind !== 'module') return null;
  if (object.generic) {
    const name =
      type.kind === 'external' ? canonicalName(type.path) : type.kind === 'class' ? type.info.name : null;
    if (name === 'torch.nn.Module') return true;
    return name === null
      ? null
      : run.iterated.decide(object.generic.atom, {
          kind: 'other',
          text: `isinstance ${name} below ${object.generic.of}`,
          after: '',
        });
  }
  if (type.kind === 'class') {
    if (!object.info) return object.certain && object.library ? false : null;
    if ([...ancestry(object.info)].includes(type.info)) return true;
    return object.opaque && !object.certain ? null : false;
  }
  if (type.kind !== 'external') return null;
  const wanted = canonicalName(type.path);
  if (TENSOR_TYPES.has(wanted)) return object.certain ? false : null;
  if (object.info) {
    for (const ancestor of ancestry(object.info)) {
      if (typeof ancestor !== 'string') continue;
      const verdict = isInstance(ancestor, wanted);
      if (verdict !== false) return verdict;
    }
    return false;
  }
  if (wanted === 'torch.nn.Module') return object.certain ? true : null;
  return object.library ? isInstance(object.library, wanted) : null;
}
