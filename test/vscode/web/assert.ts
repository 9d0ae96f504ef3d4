// What the suites use of Node's assert, where there is no Node.
import { assert } from 'chai';

function ok(value: unknown, message?: string): asserts value {
  assert.ok(value, message);
}

export default {
  ok,
  equal: assert.strictEqual,
  notEqual: assert.notStrictEqual,
  deepEqual: assert.deepEqual,
  match: assert.match,
  doesNotMatch: assert.notMatch,
};
