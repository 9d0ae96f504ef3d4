/** Places of the program at which the analysis keeps what it knows, each time it gets there. */
import type { FunctionDefinition, Lambda, Statement } from '../../python/syntax.ts';
import { forgetFlags } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { isImported } from '../program.ts';
import type { State } from '../state/state.ts';
import type { ScopeId } from '../state/values.ts';

export interface Place {
  /** Just before or just after a statement, or where a function returns. */
  readonly at: 'before' | 'after' | 'end';
  readonly node: Statement;
}

/** What to keep while a program is analysed. */
export interface WatchList {
  readonly places?: readonly Place[];
  /** Keeps what is known before and after every statement of the file. */
  readonly everyStatement?: boolean;
  /** Keeps what each function and method knows at its end. */
  readonly functionEnds?: boolean;
}

/** One time that a place was reached. */
export interface Sighting extends Place {
  readonly state: State;
  /** Lexical scopes, innermost last. */
  readonly scopes: readonly ScopeId[];
  /** The function whose scope the innermost is; null for the top level and for class bodies. */
  readonly inside: FunctionDefinition | Lambda | null;
}

/** Collects the sightings of one analysis. States share what they have in common, so keeping one is cheap. */
export class Watch {
  readonly sightings: Sighting[] = [];
  /** True once an exception has certainly ended the program: no function that is called later is ever called. */
  ended = false;
  readonly #everyStatement: boolean;
  readonly #before: ReadonlySet<Statement>;
  readonly #after: ReadonlySet<Statement>;
  readonly #functionEnds: boolean;

  constructor({ places = [], everyStatement = false, functionEnds = false }: WatchList) {
    this.#everyStatement = everyStatement;
    const at = (when: Place['at']) =>
      new Set(places.flatMap((place) => (place.at === when ? [place.node] : [])));
    this.#before = at('before');
    this.#after = at('after');
    this.#functionEnds = functionEnds;
  }

  before(run: Interpreter, node: Statement): void {
    if (this.#isWatched(node, this.#before)) this.#see(run, 'before', node, run.scopes);
  }

  after(run: Interpreter, node: Statement): void {
    if (!run.dead && this.#isWatched(node, this.#after)) this.#see(run, 'after', node, run.scopes);
  }

  /** A function returns, or an exception that ends the program leaves it. */
  end(run: Interpreter, node: FunctionDefinition, scopes: readonly ScopeId[]): void {
    if (this.#functionEnds && !this.ended && !isImported(node)) this.#see(run, 'end', node, scopes);
  }

  /** What restores what was kept so far. */
  checkpoint(): () => void {
    const { length } = this.sightings;
    const { ended } = this;
    return () => {
      this.sightings.length = length;
      this.ended = ended;
    };
  }

  #isWatched(node: Statement, places: ReadonlySet<Statement>): boolean {
    return places.has(node) || (this.#everyStatement && !isImported(node));
  }

  #see(run: Interpreter, at: Place['at'], node: Statement, scopes: readonly ScopeId[]): void {
    if (run.isMuted) return;
    const isGenerator = run.frames.some(({ collector }) => collector !== null);
    const last = this.sightings.at(-1)?.state;
    const state = !isGenerator && last?.isForkOf(run.state) ? last : run.state.fork();
    // Who takes the items of a generator runs between them, which the analysis sees all at once.
    if (isGenerator) forgetAll(run, state);
    const inside = at === 'end' ? (node as FunctionDefinition) : (run.frames.at(-1)?.definition ?? null);
    this.sightings.push({ at, node, state, scopes: [...scopes], inside });
  }
}

/** Makes unknown in a state whatever its variables reach. */
function forgetAll(run: Interpreter, state: State): void {
  const present = run.state;
  run.state = state;
  forgetFlags(run, state.variables.values());
  run.state = present;
}
