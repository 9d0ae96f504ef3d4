/** Classes whose `__init__` Python writes from their fields: dataclasses and named tuples. */
import type { ClassDefinition, Span } from '../../python/syntax.ts';
import { dottedName } from '../../python/walk.ts';
import type { Interpreter } from '../interpreter.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import { type CallArguments, type ClassInfo, NO_ARGUMENTS, type Value } from '../state/values.ts';
import { invoke } from './functions.ts';
import { ancestry, memberOf } from './python-classes.ts';

const DATACLASS = /(?:^|\.)(?:dataclass|attrs|attr\.s|define|frozen)$/;

const hasFields = (info: ClassInfo): boolean =>
  [...ancestry(info)].some((ancestor) =>
    typeof ancestor === 'string'
      ? ancestor === 'typing.NamedTuple' || ancestor === 'pydantic.BaseModel'
      : ancestor.definition.decorators.some((decorator) =>
          DATACLASS.test(dottedName(decorator.kind === 'call' ? decorator.callee : decorator) ?? ''),
        ),
  );

/** The fields in the order of the constructor's arguments: those of base classes first. */
function fieldsOf(info: ClassInfo): readonly string[] {
  const names = new Set<string>();
  for (const ancestor of [...ancestry(info)].reverse()) {
    if (typeof ancestor === 'string') continue;
    for (const name of annotatedNames(ancestor.definition)) names.add(name);
  }
  return [...names];
}

function* annotatedNames(definition: ClassDefinition): Generator<string> {
  for (const statement of definition.body) {
    if (statement.kind === 'annotatedAssignment' && statement.target.kind === 'name') {
      yield statement.target.id;
    }
  }
}

/** Gives an instance what its fields get, then runs `__post_init__`; false where the class has no such fields. */
export function initialiseFields(
  run: Interpreter,
  info: ClassInfo,
  instance: Value,
  args: CallArguments,
  at: Span,
): boolean {
  const object = run.object(instance);
  if (object?.kind !== 'instance' || instance.kind !== 'reference' || !hasFields(info)) return false;
  const attributes = new Map(object.attributes);
  const positional = [...args.positional];
  for (const name of fieldsOf(info)) {
    const given = positional.shift() ?? args.keywords.get(name);
    const value = given ?? (args.complete ? defaultOf(run, info, name, at) : null);
    if (value) attributes.set(name, value);
    else if (!args.complete) attributes.set(name, plantUnknown(run, run.identity(at, `:${name}`)));
  }
  run.state.heap.set(instance.id, { ...object, attributes });
  const after = memberOf(run, info, '__post_init__')?.value;
  if (after?.kind === 'function') invoke(run, { ...after, self: instance }, NO_ARGUMENTS, at);
  return true;
}

/** `name: int = 3`, `names: list = field(default_factory=list)`; null where a field has none. */
function defaultOf(run: Interpreter, info: ClassInfo, name: string, at: Span): Value | null {
  const member = memberOf(run, info, name)?.value ?? null;
  if (member?.kind !== 'partial' || member.callee.kind !== 'external') return member;
  const { keywords } = member.args;
  const factory = keywords.get('default_factory') ?? keywords.get('factory');
  if (!factory) return keywords.get('default') ?? null;
  return run.within(`field ${name}`, () => run.call(factory, NO_ARGUMENTS, at));
}
