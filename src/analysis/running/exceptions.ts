/** Exceptions of the program that is run: the one that certainly ends it, and those that may come or be caught. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import type { State } from '../state/state.ts';
import type { Handler } from './handlers.ts';
import type { Part } from './part.ts';

/** An exception that the program certainly raises and does not catch. */
export interface Raised {
  readonly at: Span;
  readonly error: string;
  readonly state: State;
}

export class Exceptions implements Part {
  readonly #run: Interpreter;
  /** What the enclosing tries may catch, innermost last. */
  handlers: Handler[] = [];
  /** True once something ran that may raise for all the analysis knows; a try body without such runs to its end. */
  mayHaveRaised = false;
  /** The first exception that certainly ends the program, with what was known then. */
  raised: Raised | null = null;

  constructor(run: Interpreter) {
    this.#run = run;
  }

  /**
   * Something may raise `error` here: unless that is caught, no later exception is certain to be the first. With `at`,
   * the cases of the undecided tests before may tell.
   */
  doubt(error: string, at: Span | null = null): void {
    this.mayHaveRaised = true;
    const handler = this.handlers.at(-1);
    if (handler) handler.doubts.push(error);
    else {
      this.#run.certainty.doubtTheRest();
      if (at && !this.#run.dead) this.#run.undecidedTests.noteException(at, error, this.#run.state);
    }
  }

  /** Notes an exception that PyTorch raises here; the linter reads on as if it had been mended. */
  note(at: Span, error: string): void {
    if (this.#run.dead || this.raised) return;
    if (this.handlers.length === 0 && this.#run.certainty.isReached) {
      this.raised = { at, error, state: this.#run.state.fork() };
      this.#endFunctions();
      // What follows matters to the linter, not to one of several cases.
      if (this.#run.undecidedTests.assumed.size > 0) this.#run.steps.allow(0);
    }
    // On some paths the program ends here, so no later exception ends it on all of them.
    else {
      const { mayHaveRaised } = this;
      this.doubt(error, at);
      // A handler gets the very state below.
      if (this.handlers.length > 0) this.mayHaveRaised = mayHaveRaised;
    }
    // An enclosing try may catch it, with what was known until then.
    this.handlers.at(-1)?.caught.push(this.#run.state.fork());
  }

  /** Ends the present paths in an exception that an enclosing try may catch. */
  raise(at: Span, error: string): void {
    if (this.#run.dead) return;
    this.note(at, error);
    if (this.handlers.length === 0) for (const frame of this.#run.frames) frame.lostPaths = true;
    else if (this.raised) this.handlers.at(-1)?.caught.push(this.#run.state.fork());
    this.#run.dead = true;
  }

  /** Raises where a `try` around it waits for the exception; else reads on as if the line had been mended. */
  refuse(at: Span, error: string): void {
    if (this.handlers.at(-1)?.catches(error)) this.raise(at, error);
    else this.note(at, error);
  }

  /** An exception leaves every function that runs. */
  #endFunctions(): void {
    const { watch } = this.#run;
    if (!watch) return;
    for (const { definition, scopes } of this.#run.frames) {
      if (definition?.kind === 'functionDefinition') watch.end(this.#run, definition, scopes);
    }
    watch.ended = true;
  }

  startAlone(): void {
    this.handlers = [];
    this.raised = null;
  }

  checkpoint(): () => void {
    const { raised } = this;
    const lengths = this.handlers.map(({ caught, doubts }) => [caught.length, doubts.length] as const);
    return () => {
      this.raised = raised;
      this.handlers.length = lengths.length;
      for (const [index, { caught, doubts }] of this.handlers.entries()) {
        [caught.length, doubts.length] = lengths[index] ?? [0, 0];
      }
    };
  }

  setAside(): () => void {
    const { handlers, mayHaveRaised } = this;
    this.handlers = [];
    return () => Object.assign(this, { handlers, mayHaveRaised });
  }
}
