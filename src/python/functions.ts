import type { FunctionDefinition, Lambda, Module, Statement } from './syntax.ts';
import { boundNames, walk } from './walk.ts';

/** Every function and method of a program under its qualified name, such as `Trainer.__init__`, in source order. */
export function functionsByName(module: Module): ReadonlyMap<string, readonly FunctionDefinition[]> {
  const found = new Map<string, FunctionDefinition[]>();
  const visit = (statements: readonly Statement[], prefix: string): void => {
    for (const statement of statements) {
      if (statement.kind === 'functionDefinition') {
        const name = `${prefix}${statement.name}`;
        found.set(name, [...(found.get(name) ?? []), statement]);
        visit(statement.body, `${name}.`);
      } else if (statement.kind === 'classDefinition') {
        visit(statement.body, `${prefix}${statement.name}.`);
      } else for (const block of blocksOf(statement)) visit(block, prefix);
    }
  };
  visit(module.body, '');
  return found;
}

/** The blocks of a compound statement in source order; none of a simple one. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
    case 'for':
    case 'while':
      return [statement.body, statement.orelse];
    case 'with':
    case 'functionDefinition':
    case 'classDefinition':
      return [statement.body];
    case 'try':
      return [
        statement.body,
        ...statement.handlers.map(({ body }) => body),
        statement.orelse,
        statement.finalbody,
      ];
    case 'match':
      return statement.cases.map(({ body }) => body);
    default:
      return [];
  }
}

const locals = new WeakMap<FunctionDefinition, ReadonlySet<string>>();

/** The names that statements of a function bind, which Python takes for its own from the first line on. */
export function localNames(definition: FunctionDefinition): ReadonlySet<string> {
  let names = locals.get(definition);
  if (!names) {
    names = new Set(boundBy(definition.body));
    locals.set(definition, names);
  }
  return names;
}

function* boundBy(statements: readonly Statement[]): Generator<string> {
  for (const statement of statements) {
    if (statement.kind === 'assignment') for (const target of statement.targets) yield* boundNames(target);
    if (statement.kind === 'for') yield* boundNames(statement.target);
    if (statement.kind === 'functionDefinition' || statement.kind === 'classDefinition') yield statement.name;
    else for (const block of blocksOf(statement)) yield* boundBy(block);
  }
}

/** The names that a function mentions as variables, nested functions too. */
export function namesIn(definition: FunctionDefinition | Lambda): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of walk(definition)) if (node.kind === 'name') names.add(node.id);
  return names;
}
