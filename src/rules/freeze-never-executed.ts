import type { CallForgotten, IteratorDropped, Receiver } from '../analysis/events.ts';
import { LineIndex } from '../python/positions.ts';
import type { Comprehension, Expression, FunctionDefinition, Lambda, Module } from '../python/syntax.ts';
import { boundNames } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import { agreedReceiver } from './receivers.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import {
  enclosing,
  isShown,
  isUndecorated,
  namesInUse,
  quoted,
  receiverText,
  standsAlone,
  statementAround,
  textOf,
} from './syntax-context.ts';

export const freezeNeverExecuted: Rule = {
  code: 'FRZ107',
  name: 'freeze-never-executed',
  severity: 'error',
  summary: 'A `map` or generator that nothing consumes, or a method without `()`, freezes nothing.',
  documentation: {
    whatItDoes:
      'Reports statements that only look as if they froze something: a `map`, a `filter`, a generator expression or a ' +
      'call of a generator function that would set `requires_grad` if anything took its items, and a method that is ' +
      'named without being called: `model.eval`, `model.train`, `model.requires_grad_`, `model.freeze_backbone`.',
    whyItMatters:
      'Nothing of it runs, and nothing is said. After `map(lambda p: p.requires_grad_(False), model.parameters())` all ' +
      'parameters are trainable as before; after `model.eval` the model is in train mode, and after ' +
      '`model.freeze_backbone` the backbone trains on.',
    example: `from torchvision import models

model = models.resnet18()
map(lambda p: p.requires_grad_(False), model.parameters())
model.eval
`,
    useInstead: `from torchvision import models

model = models.resnet18()
for p in model.parameters():
    p.requires_grad_(False)
model.eval()
`,
    whenNotToUse: 'In code for Python 2, whose `map` runs at once.',
    knownProblems:
      'A lazy iterator that is kept in a variable and never used is not found, nor is a helper that nothing calls. ' +
      'Methods of classes out of sight are left alone, as they may be properties, but for `eval` and `requires_grad_`, ' +
      'which give a warning; so is a name inside `try`, which may ask whether there is such a method.',
    fixSafety:
      'Behavioural: the code then runs, so other parameters train than before, or the mode changes. For ' +
      '`requires_grad_`, whose call without an argument means True, and on unknown objects the fixes are suggestions. None where the method ' +
      'needs arguments.',
    references: [
      'https://docs.python.org/3/library/functions.html#map',
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval',
    ],
  },

  *check({ module, trace, cells }: RuleContext): Iterable<Finding> {
    const dropped = trace.eventsOf('iteratorDropped').filter(isFreeze);
    for (const [first] of groupBySpan(dropped, ({ expression }) => expression)) {
      yield {
        span: first.expression,
        message: `${whyLazy(module, first)}, so nothing of it runs and the flags stay as they are.`,
        fixes: [consume(module, first.expression)],
      };
    }
    for (const executions of groupBySpan(trace.eventsOf('callForgotten'), ({ expression }) => expression)) {
      const [first] = executions;
      if (mayProbe(module, first.expression) || isShown({ module, cells }, first.expression)) continue;
      if (executions.every(isOwnFreeze)) yield onOwn(module, first);
      else if (executions.some(({ definition, receiver }) => definition || !receiver)) continue;
      else {
        const methods = executions.flatMap(({ receiver }) => (receiver ? [{ receiver }] : []));
        const agreed = agreedReceiver(trace, methods);
        if (agreed) yield* onLibrary(module, first, agreed.kind === 'module');
        else if (methods.every(isOpen)) yield* onUnknown(module, first);
      }
    }
  },
};

/** Whether taking the items would set flags; a decorator may do so. */
const isFreeze = ({ setsFlags, definition }: IteratorDropped): boolean =>
  setsFlags && (definition === null || (isUndecorated(definition) && !isAsync(definition)));

const isAsync = (definition: FunctionDefinition | Lambda): boolean =>
  definition.kind === 'functionDefinition' && definition.isAsync;

function whyLazy(module: Module, { expression, definition }: IteratorDropped): string {
  if (definition) {
    return `\`${quoted(module, expression)}\` only makes a generator, as the function contains \`yield\`, and nothing iterates over it`;
  }
  if (expression.kind === 'comprehension') return 'Nothing iterates over this generator expression';
  const name = expression.kind === 'call' ? quoted(module, expression.callee) : 'this iterator';
  return `\`${name}\` is lazy, and nothing takes its items`;
}

/** A `for` loop in place of a lazy iterator, or `list(...)` around what does not fit into one. */
function consume(module: Module, expression: Expression): Fix {
  const lines = asLoop(module, expression);
  const statement = statementAround(module, expression);
  if (!lines || !statement || !standsAlone(module, statement)) {
    const content = `list(${inner(module, expression)})`;
    return {
      message: 'Take all items with list()',
      applicability: 'behavioural',
      edits: [{ span: expression, content }],
    };
  }
  const index = new LineIndex(module.text);
  const indentation = index.indentationAt(statement.start);
  const content = lines
    .map((line, depth) => `${depth === 0 ? '' : indentation}${index.indentUnit.repeat(depth)}${line}`)
    .join('\n');
  return { message: 'Use a for loop', applicability: 'behavioural', edits: [{ span: statement, content }] };
}

/** The source without the parentheses of a generator expression, which `list()` brings itself. */
function inner(module: Module, expression: Expression): string {
  const text = textOf(module, expression);
  return expression.kind === 'comprehension' && text.startsWith('(') ? text.slice(1, -1) : text;
}

/** The headers of the loop and its body, each a level deeper than the one before; null where it does not fit. */
function asLoop(module: Module, expression: Expression): readonly string[] | null {
  const lines =
    expression.kind === 'comprehension'
      ? comprehensionLines(module, expression)
      : expression.kind === 'call'
        ? mapLines(module, expression)
        : null;
  return lines?.every((line) => !line.includes('\n')) ? lines : null;
}

function comprehensionLines(module: Module, { clauses, element }: Comprehension): readonly string[] | null {
  const inUse = namesInUse(module, element);
  const lines: string[] = [];
  for (const { target, iterable, conditions, isAsync } of clauses) {
    if (isAsync || boundNames(target).some((name) => inUse.has(name))) return null;
    lines.push(`for ${textOf(module, target)} in ${textOf(module, iterable)}:`);
    for (const condition of conditions) lines.push(`if ${textOf(module, condition)}:`);
  }
  return [...lines, textOf(module, element)];
}

/** `map(f, items)` with one iterable. */
function mapLines(module: Module, call: Expression & { kind: 'call' }): readonly string[] | null {
  const [mapping, items, ...more] = call.args;
  if (call.callee.kind !== 'name' || call.callee.id !== 'map' || !mapping || !items) return null;
  if (more.length > 0 || mapping.form !== 'positional' || items.form !== 'positional') return null;
  const inUse = namesInUse(module, call);
  const { value } = mapping;
  if (value.kind !== 'lambda') {
    if (inUse.has('item')) return null;
    return [`for item in ${textOf(module, items.value)}:`, `${receiverText(module, value)}(item)`];
  }
  const [parameter, ...others] = value.parameters;
  if (!parameter || others.length > 0 || parameter.form !== 'normal' || inUse.has(parameter.name))
    return null;
  return [`for ${parameter.name} in ${textOf(module, items.value)}:`, textOf(module, value.body)];
}

/** Whether the place may be there to find out whether the attribute exists. */
const mayProbe = (module: Module, expression: Expression): boolean =>
  enclosing(module, expression).some(
    (node) =>
      (node.kind === 'try' && node.handlers.length > 0) ||
      (node.kind === 'with' &&
        /raises|suppress|warns/i.test(node.items.map(({ context }) => textOf(module, context)).join())),
  );

const nameOf = (expression: Expression): string =>
  expression.kind === 'attribute' ? expression.name : expression.kind === 'name' ? expression.id : '';

/** A function of the program that freezes, going by what it does or by what it is called. */
const isOwnFreeze = ({ expression, definition, setsFlags }: CallForgotten): boolean =>
  definition !== null && isUndecorated(definition) && (setsFlags || /freez|thaw/i.test(nameOf(expression)));

function onOwn(module: Module, { expression, definition, receiver }: CallForgotten): Finding {
  const what = receiver ? 'method' : 'function';
  const fixes = definition && takesNothing(definition, receiver !== null) ? [call(expression, '()')] : [];
  return {
    span: expression,
    message: `Without parentheses \`${quoted(module, expression)}\` only names the ${what}, which never runs here: nothing is frozen or unfrozen.`,
    fixes,
  };
}

/** Whether a function can be called with `()`. */
function takesNothing({ parameters }: FunctionDefinition | Lambda, isBound: boolean): boolean {
  return parameters
    .slice(isBound ? 1 : 0)
    .every(({ form, defaultValue }) => defaultValue !== null || form === 'star' || form === 'doubleStar');
}

/** Something that may be a module for all the program shows. */
const isOpen = ({ receiver }: { readonly receiver: Receiver }): boolean =>
  receiver.what === 'module' && !receiver.ownAttribute;

/** Nothing has a reason to name these two without calling them; `train` may be a part of a data set. */
function* onUnknown(module: Module, event: CallForgotten): Iterable<Finding> {
  if (!/^(?:eval|requires_grad_)$/.test(nameOf(event.expression))) return;
  for (const finding of onLibrary(module, event, true)) {
    const fixes = finding.fixes?.map((fix): Fix => ({ ...fix, applicability: 'suggestion' }));
    yield { ...finding, severity: 'warning', fixes: fixes ?? [] };
  }
}

function* onLibrary(module: Module, { expression }: CallForgotten, isModule: boolean): Iterable<Finding> {
  if (expression.kind !== 'attribute') return;
  const object = quoted(module, expression.object);
  const stays = (what: string): string =>
    `Without parentheses \`${quoted(module, expression)}\` only names the method, which never runs: ${what}.`;
  if (expression.name === 'requires_grad_') {
    const flags = isModule
      ? `the parameters of \`${object}\` keep their flags`
      : `\`${object}\` keeps its flag`;
    yield {
      span: expression,
      message: stays(flags),
      fixes: [
        { ...call(expression, '(False)'), applicability: 'suggestion' },
        { ...call(expression, '(True)'), applicability: 'suggestion' },
      ],
    };
  }
  if (!isModule || !/^(?:eval|train)$/.test(expression.name)) return;
  yield {
    span: expression,
    message: stays(`\`${object}\` keeps its mode`),
    fixes: [call(expression, '()')],
  };
}

function call(expression: Expression, args: string): Fix {
  const { end } = expression;
  return {
    message: `Call ${nameOf(expression)}${args}`,
    applicability: 'behavioural',
    edits: [{ span: { start: end, end }, content: args }],
  };
}
