import type { Refused } from '../analysis/events.ts';
import type { Comprehension, Expression, Module, Span, Statement } from '../python/syntax.ts';
import { boundNames, children, type SyntaxNode, walk } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import { certainRefusals, methodAt } from './iterations.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { callAt, enclosing, quoted, sameSpan, textOf } from './syntax-context.ts';

export const namedParametersNotUnpacked: Rule = {
  code: 'FRZ203',
  name: 'named-parameters-not-unpacked',
  severity: 'error',
  summary: '`named_parameters()` gives pairs and `parameters()` does not; a loop that mixes them up raises.',
  documentation: {
    whatItDoes:
      'Reports an attribute of the pair of name and parameter that `named_parameters()` gives, as in ' +
      '`for p in model.named_parameters(): p.requires_grad = False`, and the opposite, `for name, p in ' +
      'model.parameters()`. The same for `named_children()` and `named_modules()`, in comprehensions, and in what ' +
      '`filter` and `map` call.',
    whyItMatters:
      "The first raises `AttributeError: 'tuple' object has no attribute 'requires_grad'`, also below " +
      '`enumerate`. The second takes the parameter itself apart, row by row: `ValueError: too many values to unpack ' +
      '(expected 2)`, or, where a parameter happens to have two rows, names that hold rows.',
    example: `from torchvision import models

model = models.resnet18()
for p in model.named_parameters():
    p.requires_grad = False
`,
    useInstead: `from torchvision import models

model = models.resnet18()
for _, p in model.named_parameters():
    p.requires_grad = False
`,
    whenNotToUse: 'Where every parameter has exactly two rows and a loop takes them apart on purpose.',
    knownProblems:
      'Silent where it is not certain that the object is a Module. `p[1]` on a pair is right and never reported.',
    fixSafety:
      'Safe: the line raises today, and the repaired loop does what its body says. Where the two names of a loop over ' +
      '`parameters()` do not look like a name and a parameter, the fix is a suggestion.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.named_parameters',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const pairs = certainRefusals(module, trace, 'pair').filter((event) => ownerOf(module, event) !== null);
    for (const uses of groupBySpan(pairs, (event) => binderOf(module, event)?.target ?? event.made)) {
      yield notUnpacked(module, uses);
    }
    for (const [event] of groupBySpan(certainRefusals(module, trace, 'item'), ({ span }) => span)) {
      if (event.use !== 'perhapsUnpack' || namesOfPair(module, event.span)) yield unpacked(module, event);
    }
  },
};

// ---------------------------------------------------------------------------- pairs used whole

/** The code of the pair whose attribute is used. */
function ownerOf(module: Module, { at, span }: Refused): Expression | null {
  if (at?.kind === 'attribute') return at.object;
  return callAt(module, span)?.args[0]?.value ?? null;
}

interface Binder {
  /** The variable in the target of the loop. */
  readonly target: Expression;
  /** Everything in which it holds the pair. */
  readonly scope: SyntaxNode;
}

/** The loop or comprehension that binds the variable which holds the pair; null where something else does. */
function binderOf(module: Module, event: Refused): Binder | null {
  const owner = ownerOf(module, event);
  if (owner?.kind !== 'name') return null;
  for (const node of [...enclosing(module, event.span)].reverse()) {
    for (const target of targetsOf(node)) {
      const variable = [...walk(target)].find((part) => part.kind === 'name' && part.id === owner.id);
      if (variable) return { target: variable as Expression, scope: node };
    }
    if (node.kind === 'lambda' || node.kind === 'functionDefinition') return null;
  }
  return null;
}

function targetsOf(node: Statement | Expression | Comprehension): readonly Expression[] {
  if (node.kind === 'for') return [node.target];
  return node.kind === 'comprehension' ? node.clauses.map(({ target }) => target) : [];
}

function notUnpacked(module: Module, uses: readonly [Refused, ...Refused[]]): Finding {
  const [first] = uses;
  const owner = ownerOf(module, first);
  const attribute = first.at?.kind === 'attribute' ? first.at.name : 'requires_grad';
  const pair = owner ? quoted(module, owner) : '';
  const made = methodAt(module, first.made);
  const source = made ? `\`${quoted(module, made)}()\`` : `\`${first.method}()\``;
  const fix = unpack(module, uses) ?? takeSecond(module, uses);
  return {
    span: first.span,
    message: `\`${pair}\` is a pair of a name and a ${member(first)}, as ${source} gives them; a tuple has no \`${attribute}\`, so this raises AttributeError.`,
    related: [{ message: 'gives pairs', span: first.made }],
    fixes: [fix],
  };
}

const member = ({ method }: Refused): string => (method === 'named_parameters' ? 'parameter' : 'module');

/** Takes the pairs apart in the loop: `for _, p in ...`; null where the loop also uses the pair as such. */
function unpack(module: Module, uses: readonly [Refused, ...Refused[]]): Fix | null {
  const binder = binderOf(module, uses[0]);
  if (binder?.target.kind !== 'name') return null;
  const { target, scope } = binder;
  if ([...walk(scope)].some((node) => node !== target && usesWhole(module, node, target.id, target)))
    return null;
  const inUse = new Set([...module.text.matchAll(/\b_\w*\b|\bname\w*\b/g)].map(([word]) => word));
  const free = ['_', 'name', '_name', '_name_'].find((name) => !inUse.has(name)) ?? '_';
  const isPlain = targetsOf(scope as Statement).some((whole) => sameSpan(whole, target));
  const content = isPlain ? `${free}, ${target.id}` : `(${free}, ${target.id})`;
  return {
    message: `Unpack the name and the ${member(uses[0])}`,
    applicability: 'safe',
    edits: [{ span: target, content }],
  };
}

/** Whether a node uses the variable other than for an attribute. */
function usesWhole(module: Module, node: SyntaxNode, name: string, target: Span): boolean {
  const isSetting = node.kind === 'call' && textOf(module, node.callee) === 'setattr';
  if (node.kind === 'attribute' || isSetting) return false;
  return [...children(node)].some(
    (child) => child.kind === 'name' && child.id === name && !sameSpan(child, target),
  );
}

const BINDS = /^(?:for|comprehension|lambda|functionDefinition)$/;

/** Takes the second of the pair wherever an attribute of it is used. */
function takeSecond(module: Module, uses: readonly [Refused, ...Refused[]]): Fix {
  const places = groupBySpan(uses, ({ span }) => span).map(([event]) => ownerOf(module, event));
  const edits = places.flatMap((owner): Edit[] =>
    owner ? [{ span: { start: owner.end, end: owner.end }, content: '[1]' }] : [],
  );
  // A function may be called with parameters elsewhere.
  const owner = places.find((place) => place !== null);
  const isLocal = owner && [...enclosing(module, owner)].reverse().find(({ kind }) => BINDS.test(kind));
  const applicability = isLocal?.kind === 'functionDefinition' ? 'suggestion' : 'safe';
  return { message: `Use the ${member(uses[0])} of the pair`, applicability, edits };
}

// ------------------------------------------------------------------------- what is no pair, taken apart

/** Whether the two names of a loop are those of a name and what it names. */
function namesOfPair(module: Module, target: Span): boolean {
  const node = enclosing(module, target).findLast((one) => sameSpan(one, target));
  const [first, second] = node ? boundNames(node as Expression) : [];
  return first !== undefined && second !== undefined && /^(?:_+|n|nm|k|key|\w*name\w*)$/i.test(first);
}

function unpacked(module: Module, event: Refused): Finding {
  const made = methodAt(module, event.made);
  const source = quoted(module, event.made);
  const isParameter = event.method === 'parameters';
  const content = `named_${event.method}`;
  const consequence = isParameter
    ? 'this takes each parameter apart row by row and raises ValueError unless it has exactly two'
    : 'this iterates over a module and raises TypeError';
  return {
    span: event.span,
    message: `\`${source}\` gives no names, so ${consequence}; names and ${isParameter ? 'parameters' : 'modules'} come from \`${content}()\`.`,
    related: [{ message: 'gives no names', span: event.made }],
    fixes: made
      ? [
          {
            message: `Loop over ${content}()`,
            applicability: namesOfPair(module, event.span) && event.use === 'unpack' ? 'safe' : 'suggestion',
            edits: [{ span: made.nameSpan, content }],
          },
        ]
      : [],
  };
}
