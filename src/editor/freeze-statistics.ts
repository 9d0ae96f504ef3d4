/** *Freeze BatchNorm Statistics Too*: eval mode for the frozen parts that have BatchNorm layers. */

import { childStep } from '../analysis/observations/names.ts';
import type { FreezeNode } from '../analysis/places/freeze-tree.ts';
import type { Statement } from '../python/syntax.ts';
import { dottedName, walk } from '../python/walk.ts';
import { evalLines, functionAround, insertAfter, statementsAround } from '../rules/fix-text.ts';
import type { Edit } from '../rules/rule.ts';
import type { FreezeContext, KnownModel } from './freeze-context.ts';
import { withLineEnding } from './insertion-point.ts';

/** The largest wholly frozen parts of a model that have BatchNorm layers, as expressions. */
function frozenWithStatistics({ name, tree }: KnownModel): readonly string[] {
  const parts: string[] = [];
  const visit = (node: FreezeNode, expression: string): void => {
    if (!hasStatistics(node)) return;
    if (node.verdict === 'frozen') parts.push(expression);
    else for (const child of node.children) visit(child, `${expression}${childStep(node, child.name)}`);
  };
  visit(tree, name);
  return parts;
}

const hasStatistics = ({ className, children }: FreezeNode): boolean =>
  /^(?:Sync)?BatchNorm/.test(className) || children.some(hasStatistics);

/**
 * Puts the frozen parts into eval mode: right after the next `train()` of the model in the same function, which would
 * undo it, else at the cursor. Null where nothing frozen has statistics.
 */
export function freezeStatistics(context: FreezeContext, model: KnownModel): Edit | null {
  const { module, point } = context;
  const parts = frozenWithStatistics(model);
  if (parts.length === 0) return null;
  const lines = evalLines(module, parts);
  const train = nextTrain(context, model.name);
  return train ? withLineEnding(module, insertAfter(module, train, lines)) : point.insert(lines);
}

function nextTrain({ module, point }: FreezeContext, model: string): Statement | null {
  const scope = functionAround(module, point.offset);
  for (const statement of scope ? [scope] : module.body) {
    for (const node of walk(statement)) {
      if (node.kind !== 'call' || node.start < point.offset) continue;
      if (
        dottedName(node.callee) !== `${model}.train` ||
        node.args.some(({ value }) => value.kind === 'boolean' && !value.value)
      )
        continue;
      const around = statementsAround(module, node.start).at(-1);
      if (around?.kind === 'expressionStatement' && functionAround(module, node.start) === scope)
        return around;
    }
  }
  return null;
}
