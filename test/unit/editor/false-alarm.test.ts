import assert from 'node:assert/strict';
import { falseAlarmReport, snippetOf } from '../../../src/editor/false-alarm.ts';
import { lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';

const PROGRAM = `"""A long story about flowers."""
import json
import torch
from torch import nn
from torchvision import models

SECRET = "not for everybody"


def unrelated():
    return json.loads("{}")


def build():
    return models.resnet18()


model = build()
model.requires_grad = False
model.fc = nn.Linear(512, 5)
print(unrelated())
`;

describe('A report of a false alarm', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const reported = (text: string, code: string) => {
    const result = lint(parser, text, { rules: {} });
    const problem = result?.problems.find((each) => each.code === code);
    assert.ok(result && problem, code);
    return { result, problem };
  };

  it('keeps of the file what the finding needs', () => {
    const { result, problem } = reported(PROGRAM, 'FRZ101');
    const snippet = snippetOf(parser, result.module, problem, undefined);
    assert.match(snippet, /^def build\(\):\n {4}return models\.resnet18\(\)$/m);
    assert.match(snippet, /^model\.requires_grad = False$/m);
    assert.match(snippet, /^from torchvision import models\n\ndef build/m);
    assert.doesNotMatch(snippet, /SECRET|flowers|json/);
    assert.ok(lint(parser, snippet, { rules: {} })?.problems.some(({ code }) => code === 'FRZ101'));
  });

  it('puts no blank line where there was none', () => {
    const text =
      'import torch\nimport json\nfrom torchvision import models\nmodel = models.resnet18()\nname = "x"\nmodel.requires_grad = False\n';
    const { result, problem } = reported(text, 'FRZ101');
    assert.equal(
      snippetOf(parser, result.module, problem, undefined),
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n',
    );
  });

  it('keeps the decorators and what a function around the finding calls', () => {
    const text = `import torch
from torchvision import models

OTHER = 1


def head():
    return torch.nn.Linear(512, 2)


@torch.no_grad()
def build():
    model = models.resnet18()
    model.fc = head()
    model.requires_grad = False
    return model
`;
    const { result, problem } = reported(text, 'FRZ101');
    const needed = text.replace('OTHER = 1', '').replaceAll(/\n{3,}/g, '\n\n');
    assert.equal(snippetOf(parser, result.module, problem, undefined), needed);
  });

  it('has the message, its line, the code, what is known of it, and the versions', () => {
    const { result, problem } = reported(PROGRAM, 'FRZ101');
    const report = falseAlarmReport({
      parser,
      result,
      problem,
      torchVersion: 2,
      versions: 'Freezelint 1.2.3, VS Code 4.5.6',
    });
    assert.match(report, /^# False alarm: FRZ101 requires-grad-on-module$/m);
    assert.ok(report.includes(`> ${problem.message}`));
    const [, line] = /Line (\d+) of the code below/.exec(report) ?? [];
    const [, code = ''] = /```python\n([\s\S]*?)\n```/.exec(report) ?? [];
    assert.equal(code.split('\n')[Number(line) - 1], 'model.requires_grad = False');
    assert.match(report, /```text\nsnippet, at the end of the program\n[\s\S]*model +ResNet/);
    assert.match(report, /^Freezelint 1\.2\.3, VS Code 4\.5\.6$/m);
    assert.match(report, /Nothing has been sent/);
  });

  it('says so where the code by itself does not show the finding', () => {
    const { result, problem } = reported(PROGRAM, 'FRZ101');
    const elsewhere = { ...problem, message: 'something that needs another file', code: 'FRZ402' };
    const report = falseAlarmReport({ parser, result, problem: elsewhere, torchVersion: 2, versions: '' });
    assert.match(report, /this one by itself does not show it/);
    assert.match(report, /SECRET/);
  });
});
