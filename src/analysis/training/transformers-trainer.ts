/**
 * The Trainer of transformers. Making one changes nothing about the model; `trainer.train()` builds the optimizer over
 * what is trainable then (`create_optimizer`), and puts the model into train mode before each step (`training_step`;
 * transformers' source, trainer.py; catalogue h03).
 */
import type { Call, Span } from '../../python/syntax.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { parametersOf } from '../modules/module-parts.ts';
import { switchMode } from '../modules/module-state.ts';
import { settleAtOptimizer, settleStep } from '../obligations/moments.ts';
import { MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { Item } from '../state/heap.ts';
import { type CallArguments, constant, isNone, NONE, type Value } from '../state/values.ts';

const TRAINER = /^transformers\.(?:Seq2Seq)?Trainer$/;

/** `Trainer(...)`; null for anything else. */
export function makeTransformersTrainer(
  run: Interpreter,
  name: string,
  args: CallArguments,
  at: Span,
): Value | null {
  if (!TRAINER.test(name)) return null;
  const model = args.positional[0] ?? args.keywords.get('model');
  const others = [...args.positional, ...args.keywords.values()].filter((value) => value !== model);
  forgetWhatIsReachable(run, others, at);
  // Code of the program's own may do as it likes: a callback, another optimizer, a model made later.
  const own = ['optimizers', 'callbacks', 'model_init', 'optimizer_cls_and_kwargs'];
  const isPlain =
    args.complete &&
    args.positional.length <= 2 &&
    own.every((key) => isNone(args.keywords.get(key) ?? NONE));
  if (!model || !isPlain) {
    if (model) forgetWhatIsReachable(run, model, at);
    return null;
  }
  const attributes = new Map([['model', model]]);
  return run.allocate(at, { kind: 'instance', info: null, library: name, attributes, complete: true });
}

/** `trainer.train()` of such a Trainer; false for anything else. */
export function trainWithTransformers(
  run: Interpreter,
  trainer: Value,
  args: CallArguments,
  at: Call | Span,
): boolean {
  const object = run.object(trainer);
  if (object?.kind !== 'instance' || !object.library || !TRAINER.test(object.library)) return false;
  const model = object.attributes.get('model');
  const module = model ? run.object(model) : null;
  const call = 'kind' in at && at.kind === 'call' ? at : null;
  if (model?.kind !== 'reference' || module?.kind !== 'module' || !call) return false;
  run.emit({ kind: 'fit', span: at });
  const items = parametersOf(run, model.id).flatMap(({ atom, multiplicity }): Item[] => {
    const { bits } = run.state.flag(atom);
    if (bits === MAY_BE_FROZEN) return [];
    const isSure = bits === MAY_BE_TRAINABLE;
    return [{ value: { kind: 'parameter', atom }, multiplicity: isSure ? multiplicity : 'maybe' }];
  });
  const parameters = run.allocate(at, { kind: 'list', items, complete: true }, ':parameters');
  const entries = [{ key: constant('params'), value: parameters, multiplicity: 'one' as const }];
  const group = run.allocate(at, { kind: 'dictionary', entries, complete: true }, ':group');
  const groups = run.allocate(
    at,
    { kind: 'list', items: [{ value: group, multiplicity: 'one' }], complete: true },
    ':groups',
  );
  const optimizer = run.allocate(
    at,
    {
      kind: 'optimizer',
      info: null,
      className: 'AdamW',
      groups: groups.id,
      built: at,
      parametersArgument: null,
      call,
      movesOnZeroGradient: false,
      attributes: new Map(),
    },
    ':optimizer',
  );
  settleAtOptimizer(run, optimizer.id, items.length === 0, at);
  switchMode(run, model.id, module, 'train', true, at);
  settleStep(run, optimizer.id, at);
  forgetWhatIsReachable(run, [trainer, ...args.positional, ...args.keywords.values()], at);
  return true;
}
