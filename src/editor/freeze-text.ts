/** Statements that freeze and unfreeze, written as the file writes them already. */
import { LineIndex } from '../python/positions.ts';
import type { Expression, Module } from '../python/syntax.ts';
import { boundNames, type SyntaxNode, walk } from '../python/walk.ts';
import { flagLoop, statementsAround } from '../rules/fix-text.ts';
import { loopVariables, textOf } from '../rules/syntax-context.ts';

/** How a file sets flags: a loop over parameters that assigns the flag or calls its method, or one call on the module. */
export type FreezeForm = 'assign in a loop' | 'call in a loop' | 'call on the module';

/** The form that a file uses most; the loop with an assignment where it uses none. */
function freezeForm(module: Module): FreezeForm {
  const nodes = module.body.flatMap((statement) => [...walk(statement)]);
  const parameters = new Set(
    nodes.flatMap((node) =>
      node.kind === 'for' && /parameters\(/.test(textOf(module, node.iterable))
        ? boundNames(node.target)
        : [],
    ),
  );
  const isParameter = (object: Expression): boolean => object.kind === 'name' && parameters.has(object.id);
  const counts = { 'assign in a loop': 0, 'call in a loop': 0, 'call on the module': 0 };
  for (const node of nodes) {
    if (node.kind === 'assignment') {
      const [target] = node.targets;
      const isFlag = target?.kind === 'attribute' && target.name === 'requires_grad';
      if (isFlag && isParameter(target.object)) counts['assign in a loop']++;
    } else if (node.kind === 'call' && node.callee.kind === 'attribute') {
      const { name, object } = node.callee;
      if (name === 'requires_grad_') counts[isParameter(object) ? 'call in a loop' : 'call on the module']++;
    }
  }
  const forms = Object.keys(counts) as FreezeForm[];
  return forms.reduce((best, form) => (counts[form] > counts[best] ? form : best));
}

/** Code beyond this column would be wrapped by most formatters. */
const LONGEST_LINE = 88;

/** Lines that freeze or unfreeze modules, given as expressions, at an offset of a file; not indented. */
export function flagLines(
  module: Module,
  offset: number,
  owners: readonly string[],
  trainable: boolean,
): readonly string[] {
  const form = freezeForm(module);
  const value = trainable ? 'True' : 'False';
  const [only, ...more] = owners;
  if (only === undefined) return [];
  if (form === 'call on the module') return owners.map((owner) => `${owner}.requires_grad_(${value})`);
  const variable = freeName(module, offset, loopVariables(module));
  const loop = (owner: string): readonly string[] => {
    const [header = '', body = ''] = flagLoop(module, owner, variable, trainable);
    if (form === 'assign in a loop') return [header, body];
    return [header, body.replace(/\.requires_grad = .*/, `.requires_grad_(${value})`)];
  };
  if (more.length === 0) return loop(only);
  const { indentUnit } = new LineIndex(module.text);
  const layer = freeName(module, offset, ['layer', 'part', 'module', 'layer_to_set'], variable);
  const header = `for ${layer} in (${owners.join(', ')}):`;
  const headers =
    header.length <= LONGEST_LINE
      ? [header]
      : [`for ${layer} in (`, ...owners.map((owner) => `${indentUnit}${owner},`), '):'];
  return [...headers, ...loop(layer).map((line) => `${indentUnit}${line}`)];
}

/** The first of some names that means nothing else here: a loop would write over it. */
export function freeName(
  module: Module,
  offset: number,
  candidates: readonly string[],
  ...taken: readonly string[]
): string {
  const bound = new Set(taken);
  for (const around of statementsAround(module, offset)) {
    if (around.kind === 'for') for (const name of boundNames(around.target)) bound.add(name);
  }
  for (const statement of module.body) {
    for (const node of walk(statement)) for (const name of boundOtherwise(node)) bound.add(name);
  }
  return candidates.find((name) => !bound.has(name)) ?? `${candidates.at(-1)}_`;
}

/** Names that are bound by anything but a loop, whose variable nobody needs after it. */
function boundOtherwise(node: SyntaxNode): readonly string[] {
  switch (node.kind) {
    case 'assignment':
      return node.targets.flatMap(boundNames);
    case 'annotatedAssignment':
    case 'augmentedAssignment':
    case 'namedExpression':
      return boundNames(node.target);
    case 'with':
      return node.items.flatMap(({ target }) => (target ? boundNames(target) : []));
    case 'functionDefinition':
      return [node.name, ...node.parameters.map(({ name }) => name)];
    case 'classDefinition':
      return [node.name];
    case 'import':
      return node.names.map(({ path, alias }) => alias ?? path.split('.')[0] ?? '');
    case 'importFrom':
      return (node.names ?? []).map(({ name, alias }) => alias ?? name);
    default:
      return [];
  }
}
