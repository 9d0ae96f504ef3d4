import type { ConcreteNode } from './concrete-tree.ts';
import { lowerExpression } from './lower-expressions.ts';
import { childAfter, type Lowering, namedChildren } from './lowering.ts';
import type { Parameter } from './syntax.ts';

/** The parameters of a `def` or a `lambda`; the bare `/` and `*` only decide the others' form. */
export function lowerParameters(lowering: Lowering, list: ConcreteNode | undefined): Parameter[] {
  let parameters: Parameter[] = [];
  let form: 'normal' | 'keywordOnly' = 'normal';
  for (const child of list === undefined ? [] : namedChildren(list)) {
    if (child.type === 'positional_separator') {
      parameters = parameters.map((parameter) =>
        parameter.form === 'normal' ? { ...parameter, form: 'positionalOnly' } : parameter,
      );
    } else if (child.type === 'keyword_separator') {
      form = 'keywordOnly';
    } else {
      const parameter = lowerParameter(lowering, child, form);
      if (parameter === null) {
        // Python 2 could unpack a tuple in place of a parameter.
        lowering.reject(child);
        continue;
      }
      parameters.push(parameter);
      if (parameter.form === 'star') {
        form = 'keywordOnly';
      }
    }
  }
  return parameters;
}

function lowerParameter(
  lowering: Lowering,
  node: ConcreteNode,
  plainForm: 'normal' | 'keywordOnly',
): Parameter | null {
  if (node.type === 'tuple_pattern') {
    return null;
  }
  const wrapped = node.type === 'identifier' || node.type.endsWith('_splat_pattern');
  const declared = wrapped ? node : namedChildren(node)[0];
  const identifier = declared?.type === 'identifier' ? declared : declared && namedChildren(declared)[0];
  if (declared === undefined || identifier?.type !== 'identifier' || declared.type === 'tuple_pattern') {
    return null;
  }
  const form =
    declared.type === 'list_splat_pattern'
      ? 'star'
      : declared.type === 'dictionary_splat_pattern'
        ? 'doubleStar'
        : plainForm;
  const annotation = wrapped ? undefined : childAfter(node, ':');
  const value = wrapped ? undefined : childAfter(node, '=');
  return {
    form,
    name: lowering.identifier(identifier),
    annotation: annotation === undefined ? null : lowerExpression(lowering, annotation, node),
    defaultValue: value === undefined ? null : lowerExpression(lowering, value, node),
    start: node.start,
    end: node.end,
  };
}
