import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { simulate } from '../../../../src/learn/visualize/simulate.ts';
import {
  type Answer,
  BLOCKS,
  type Block,
  type Simulation,
  type SimulationAction,
  simulationActionSchema,
  simulationSchema,
} from '../../../../src/learn/visualize/simulation.ts';
import { disagreements, randomSequence, readBlock } from '../../../visualize/action-sequences.ts';

const recordedFile = path.resolve(import.meta.dirname, '../../../visualize/recorded.jsonl');
const recorded = fs
  .readFileSync(recordedFile, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { seed: number; steps: [string | null, ...string[]][] });

const run = (start: Simulation, actions: readonly SimulationAction[]): Simulation =>
  actions.reduce(simulate, start);

describe('the simulation of six blocks', () => {
  it('does after every recorded action what PyTorch did', () => {
    for (const { seed, steps } of recorded) {
      const real = steps.map(([raises, ...blocks]) => ({ raises, blocks: blocks.map(readBlock) }));
      assert.deepEqual(disagreements(randomSequence(seed), real), [], `seed ${seed}`);
    }
  });

  it('is recorded with every exception that it can name, and with every kind of gradient', () => {
    const text = fs.readFileSync(recordedFile, 'utf8');
    const parts = [
      "name 'loss' is",
      'element 0',
      'a second time',
      'modified by an inplace',
      'empty parameter list',
      // A frozen block that moves by what is left of its gradient, one that moves by zeros, one whose statistics move.
      '"-HMV-w-"',
      '"-HM0-w-"',
      '"--M---s"',
    ];
    assert.deepEqual(
      parts.filter((part) => !text.includes(part)),
      [],
    );
  });

  it('notices when PyTorch does something else', () => {
    const [first] = recorded;
    assert.ok(first);
    const real = first.steps.map(([raises, ...blocks]) => ({
      raises,
      blocks: blocks.map((block) => readBlock(block.replace('T', '-'))),
    }));
    assert.notDeepEqual(disagreements(randomSequence(first.seed), real), []);
  });

  it('stays within the format in which it is stored', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { start, actions } = randomSequence(seed);
      for (const action of actions) assert.ok(v.is(simulationActionSchema, action));
      assert.deepEqual(v.parse(simulationSchema, run(start, actions)), run(start, actions));
    }
  });

  it('claims of blocks it does not know only what holds whatever they are', () => {
    const answers = fc.constantFrom<Answer>('yes', 'no', 'unknown');
    const unknowns = fc.array(fc.record({ trainable: answers, held: answers, training: answers }), {
      minLength: BLOCKS,
      maxLength: BLOCKS,
    });
    fc.assert(
      fc.property(fc.nat(5000), unknowns, fc.nat(), (seed, given, choice) => {
        const { start, actions } = randomSequence(seed);
        let bit = 0;
        const decide = (answer: Answer): Answer => {
          if (answer !== 'unknown') return answer;
          bit += 1;
          return (choice >> (bit % 30)) & 1 ? 'yes' : 'no';
        };
        const blocks = start.blocks.map((block, index) => ({ ...block, ...given[index] }));
        let vague: Simulation = { ...start, blocks };
        let real: Simulation = {
          ...start,
          blocks: blocks.map((block) => ({
            ...block,
            trainable: decide(block.trainable),
            held: decide(block.held),
            training: decide(block.training),
          })),
        };
        for (const action of actions) {
          vague = simulate(vague, action);
          // What cannot be decided is not done.
          if (vague.outcome.kind === 'undecided') continue;
          real = simulate(real, action);
          assert.equal(real.outcome.kind, vague.outcome.kind, JSON.stringify(action));
          for (const [index, block] of vague.blocks.entries()) {
            assert.deepEqual(contradictions(block, real.blocks[index] as Block), [], JSON.stringify(action));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cannot tell whether backward() raises while the only block that may train is unknown', () => {
    const { start } = randomSequence(1);
    const blocks = start.blocks.map(
      (block, index): Block => ({ ...block, trainable: index === 5 ? 'unknown' : 'no' }),
    );
    const after = run({ ...start, blocks }, [{ type: 'forward' }, { type: 'backward' }]);
    assert.deepEqual(after.outcome, { kind: 'undecided', of: 'backward' });
  });
});

/** Where a block that is known contradicts what is claimed of it while it is not. */
function contradictions(vague: Block, real: Block): string[] {
  const found: string[] = [];
  for (const key of ['trainable', 'held', 'training', 'momentum', 'gradient'] as const) {
    if (vague[key] !== 'unknown' && vague[key] !== real[key]) found.push(key);
  }
  if (vague.moves > real.moves || vague.possibleMoves < real.moves) found.push('moves');
  if (vague.drifts > real.drifts || vague.possibleDrifts < real.drifts) found.push('drifts');
  return found;
}
