/** What a program gives for requires_grad: PyTorch takes a bool and nothing that is merely true or false (catalogue b01). */
import type { Call, Expression, Span } from '../../python/syntax.ts';
import type { FlagRefused } from '../events.ts';
import { IDENTITY_TAG, truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { describeReceiver } from '../observations/receivers.ts';
import type { CallArguments, Value } from '../state/values.ts';

/** Python's name for the type of a value that is certainly no bool; null for a bool and where it is not known. */
function typeOtherThanBool(run: Interpreter, value: Value): string | null {
  switch (value.kind) {
    case 'constant':
      if (typeof value.value === 'string') return 'str';
      if (typeof value.value === 'number') return Number.isInteger(value.value) ? 'int' : 'float';
      return value.value === null ? 'NoneType' : null;
    case 'atomName':
      return value.transform === '' ? 'str' : null;
    case 'tuple': {
      const [first] = value.items;
      return first?.kind === 'constant' && first.value === IDENTITY_TAG ? 'int' : 'tuple';
    }
    case 'union': {
      const types = value.options.map((option) => typeOtherThanBool(run, option));
      return types.includes(null) ? null : [...new Set(types)].join(' or ');
    }
    case 'reference': {
      const object = run.object(value);
      if (object?.kind === 'list') return 'list';
      if (object?.kind === 'dictionary') return 'dict';
      return object?.kind === 'instance' && OBJECT_TYPES.has(object.library) ? object.library : null;
    }
    default:
      return null;
  }
}

const OBJECT_TYPES: ReadonlySet<string | null> = new Set(['re.Match', 'numpy.bool_']);

/** The flag that is meant by what is given for it; null where that is not known. */
export function flagMeant(run: Interpreter, value: Value): boolean | null {
  if (value.kind === 'constant' && typeof value.value === 'string') {
    return /^(?:true|false)$/i.test(value.value) ? /^true$/i.test(value.value) : null;
  }
  // `~True`, where `not True` is meant.
  if (value.kind === 'constant' && value.value === -2) return false;
  if (value.kind === 'tuple') {
    const [only, ...others] = value.items;
    return only && others.length === 0 ? flagMeant(run, only) : null;
  }
  const isBool = value.kind === 'constant' && typeof value.value === 'boolean';
  return isBool || typeOtherThanBool(run, value) !== null ? truthOf(run, value) : null;
}

/** The value that a call of `requires_grad_` gives; undefined where it gives none. */
export const flagGiven = ({ positional, keywords }: CallArguments): Value | undefined =>
  positional[0] ?? keywords.get('requires_grad') ?? keywords.get('mode');

/** The argument of `requires_grad_(...)`: True where it is left out, null where it is unknown. */
export function flagArgument(run: Interpreter, args: CallArguments): boolean | null {
  const value = flagGiven(args);
  if (!value) return args.complete ? true : null;
  return flagMeant(run, value);
}

/** The code of what a call gives for the flag: its first argument, or the one called `requires_grad`. */
export function flagCode(at: Call | Span): Expression | null {
  if (!('kind' in at) || at.kind !== 'call') return null;
  const [first] = at.args;
  const named = at.args.find(({ name }) => name === 'requires_grad');
  return (named ?? (first?.form === 'positional' ? first : undefined))?.value ?? null;
}

/** Notes a value for the flag of a Parameter, a Tensor or a Module that PyTorch refuses. */
export function noteFlagValue(
  run: Interpreter,
  form: FlagRefused['form'],
  on: Value,
  value: Value | undefined,
  code: Expression | null,
  at: Span,
): void {
  const type = value ? typeOtherThanBool(run, value) : null;
  if (!value || type === null) return;
  const receiver = describeReceiver(run, on, 'requires_grad');
  if (code) run.emit({ kind: 'flagRefused', span: at, form, receiver, value, type, code });
  const error = form === 'assignment' ? 'RuntimeError' : 'TypeError';
  if (isReached(run, on)) run.exceptions.note(at, error);
  else run.exceptions.doubt(error);
}

/** Whether there certainly is a parameter whose flag is set: a class of parameters may turn out to be empty. */
function isReached(run: Interpreter, on: Value): boolean {
  if (on.kind === 'tensor') return false;
  if (on.kind !== 'reference') return on.kind === 'parameter' && !run.atoms.isClass(on.atom);
  const { must } = atomsBelow(run, on.id);
  return run.object(on)?.kind === 'module' && must.some((atom) => !run.atoms.isClass(atom));
}
