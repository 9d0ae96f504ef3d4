/** Which modules ran with gradients being recorded, and which only without. */
import type { ClassDefinition, Span } from '../../python/syntax.ts';
import { findMember } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import type { AtomId } from '../state/atoms.ts';
import type { ModuleObject } from '../state/heap.ts';
import type { ObjectId } from '../state/values.ts';
import { atomsBelow, knownModulesBelow } from './module-parts.ts';

export interface Pass {
  /** Whether it ran where gradients were recorded, or may have been. */
  withGradients: boolean;
  /** The calls that ran it without, each under what turned gradients off. */
  readonly without: Map<Span, Span>;
}

interface ModulePass extends Pass {
  /** The parameters that ran, in so far as the module itself decides how: a class with a forward() of its own does. */
  readonly atoms: ReadonlySet<AtomId>;
}

export class Passes {
  /** By the module that was called. */
  readonly #modules = new Map<ObjectId, ModulePass>();
  readonly #called = new Set<ObjectId>();
  /** By the class whose method calls it, and the attribute that holds it. */
  readonly #attributes = new Map<ClassDefinition, Map<string, Pass>>();

  note(run: Interpreter, id: ObjectId, object: ModuleObject, at: Span): void {
    if (run.dead) return;
    this.#called.add(id);
    if (object.certain) {
      let pass = this.#modules.get(id);
      if (!pass) {
        const ownsForward = object.info !== null && findMember(object.info, 'forward') !== null;
        const atoms = new Set(ownsForward ? [] : atomsBelow(run, id).may);
        pass = { withGradients: false, without: new Map(), atoms };
        this.#modules.set(id, pass);
      }
      add(run, pass, at);
    }
    for (const { definition, name } of holders(run, id)) {
      const passes = this.#attributes.get(definition) ?? new Map<string, Pass>();
      this.#attributes.set(definition, passes);
      const pass = passes.get(name) ?? { withGradients: false, without: new Map() };
      passes.set(name, pass);
      add(run, pass, at);
    }
  }

  /** Whether the program calls an object, which may be a module or anything else. */
  wasCalled(id: ObjectId): boolean {
    return this.#called.has(id);
  }

  /** How a module ran that the program called by itself. */
  of(id: ObjectId): Pass | undefined {
    return this.#modules.get(id);
  }

  /** How methods of a class run the module in one of its attributes. */
  ofAttribute(definition: ClassDefinition, name: string): Pass | undefined {
    return this.#attributes.get(definition)?.get(name);
  }

  /** Whether any of these parameters ran where gradients may have been recorded. */
  ranWithGradients(run: Interpreter, atoms: readonly AtomId[]): boolean {
    const leaves = atoms.flatMap((atom) => run.atoms.leaves(atom));
    return [...this.#modules.values()].some(
      (pass) =>
        pass.withGradients &&
        [...pass.atoms].some((atom) => run.atoms.leaves(atom).some((leaf) => leaves.includes(leaf))),
    );
  }
}

function add(run: Interpreter, pass: Pass, at: Span): void {
  const { mode, since } = run.state.gradients;
  if ((mode === 'off' || mode === 'inference') && since) pass.without.set(at, since);
  else pass.withGradients = true;
}

/** The attributes of the instances whose methods are running that hold a module, or a module around it. */
function* holders(
  run: Interpreter,
  id: ObjectId,
): Generator<{ readonly definition: ClassDefinition; readonly name: string }> {
  const around = new Set<ObjectId>();
  for (let next: ObjectId | null = id; next !== null && !around.has(next); ) {
    around.add(next);
    const object = run.state.heap.get(next);
    next = object?.kind === 'module' ? (object.parent?.id ?? null) : null;
  }
  for (const { self } of run.frames) {
    const owner = self ? run.object(self) : null;
    if (owner?.kind !== 'module' || !owner.info) continue;
    for (const [name, options] of owner.children) {
      const holds = options.some(
        (child) => child !== null && knownModulesBelow(run, child).some((below) => around.has(below)),
      );
      if (holds) yield { definition: owner.info.definition, name };
    }
  }
}
