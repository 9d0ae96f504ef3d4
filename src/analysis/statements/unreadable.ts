/** What syntax that could not be read may have done. */
import type { Span } from '../../python/syntax.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { UNKNOWN, type Value } from '../state/values.ts';

/** What a name is seldom bound to twice: nothing would be known of a file in which `x = nn.` is being typed. */
const named: ReadonlySet<Value['kind']> = new Set(['namespace', 'external', 'class', 'function']);

/** The code may use and bind every name in it, and raise whatever it likes. */
export function runUnreadable(run: Interpreter, at: Span): void {
  run.exceptions.mayHaveRaised = true;
  const names = new Set(run.sourceOf(at).match(/(?<![\w.])[^\W\d]\w*/gu));
  for (const name of names) {
    const value = run.variables.lookup(name);
    if (value === null) continue;
    forgetWhatIsReachable(run, value, at);
    if (!named.has(value.kind)) run.variables.assign(name, UNKNOWN);
  }
}
