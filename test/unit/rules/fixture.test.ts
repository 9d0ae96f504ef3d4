import assert from 'node:assert/strict';
import { readFixture } from './fixture.ts';

const markdown = `# a-rule

## Reports

A program that shows it:

\`\`\`python
import torch
p.flag(False)
#^^^^^ FRZ206
# ^^^^ FRZ101 (hint): part of the message
# ^^^^ see FRZ403
x = 1  # expect: FRZ305, FRZ408 (warning)
\`\`\`

\`\`\`python fixed
import torch
\`\`\`

\`\`\`python fixed: 2
pass
\`\`\`

## Stays silent

Nothing here.

\`\`\`python
import torch
\`\`\`
`;

describe('a fixture file', () => {
  it('gives its programs without the expectations, with names and fixed texts', () => {
    const [first, second, ...rest] = readFixture(markdown);
    assert.deepEqual(rest, []);
    assert.equal(first?.title, 'A program that shows it');
    assert.equal(first?.text, 'import torch\np.flag(False)\nx = 1\n');
    assert.deepEqual(
      [...(first?.fixed ?? [])],
      [
        [1, 'import torch\n'],
        [2, 'pass\n'],
      ],
    );
    assert.equal(second?.isSilent, true);
  });

  it('gives exact ranges for carets, severities and messages', () => {
    const [program] = readFixture(markdown);
    assert.ok(program);
    const read = program.expectations.map(({ code, what, span, line, severity, message }) => [
      code,
      what,
      span && program.text.slice(span.start, span.end),
      line,
      severity,
      message,
    ]);
    assert.deepEqual(read, [
      ['FRZ206', 'finding', 'p.flag', 2, null, ''],
      ['FRZ101', 'finding', 'flag', 2, 'hint', 'part of the message'],
      ['FRZ403', 'related', 'flag', 2, null, ''],
      ['FRZ305', 'finding', null, 3, null, ''],
      ['FRZ408', 'finding', null, 3, 'warning', ''],
    ]);
  });

  it('complains about what it does not understand', () => {
    const program = (body: string, heading = 'Reports') =>
      `## ${heading}\n\nText.\n\n\`\`\`python\n${body}\n\`\`\`\n`;
    assert.throws(() => readFixture(program('import torch')), /Stays silent/);
    assert.throws(() => readFixture(program('x = 1  # expect: FRZ101', 'Stays silent')), /Stays silent/);
    assert.throws(() => readFixture(program('x\n# ^^^ FRZ1')), /line 7: cannot read/);
    assert.throws(() => readFixture(program('x  # expect: all')), /line 6: cannot read "all"/);
    assert.throws(() => readFixture(program('x\n# ^ FRZ101 (grave)')), /no severity "grave"/);
    assert.throws(() => readFixture('```python\nx = 1'), /line 1: this fence never ends/);
  });
});
