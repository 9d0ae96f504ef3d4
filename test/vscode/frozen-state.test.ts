import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openPython, openSample, untilFindings } from './findings.ts';

describe('What is frozen', () => {
  afterEach(async () => {
    for (const name of ['hover', 'codeLens', 'inlayHints']) await set(name, undefined);
    await closeEditors();
  });

  function set(name: string, value: unknown): Thenable<void> {
    return vscode.workspace
      .getConfiguration('freezelint')
      .update(name, value, vscode.ConfigurationTarget.Workspace);
  }

  function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
    const offset = document.getText().indexOf(text);
    assert.notEqual(offset, -1, text);
    return document.positionAt(offset);
  }

  async function hovers(document: vscode.TextDocument, text: string): Promise<vscode.MarkdownString[]> {
    const found = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      positionOf(document, text),
    );
    return found.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
  }

  async function lenses(document: vscode.TextDocument): Promise<string[]> {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    );
    return found.map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`);
  }

  it('is told by the hover on a model, with a link to the line that decided it', async () => {
    const { document } = await openSample('finetune_schedule.py');
    const [hover] = await hovers(document, 'model.layer4');
    assert.match(hover?.value ?? '', /^`model` ResNet — 2 of 62 tensors train/);
    const link = /\[line 14\]\(command:(\S+)\?(\S+)\)/.exec(hover?.value ?? '');
    assert.ok(link?.[1] && link[2], hover?.value);
    assert.deepEqual(hover?.isTrusted, { enabledCommands: [link[1]] });
    await vscode.commands.executeCommand(link[1], ...JSON.parse(decodeURIComponent(link[2])));
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 13);
  });

  it('is told in an untitled document, too, and not where the hover is switched off', async () => {
    const { document } = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad_(False)\nprint(model)\n',
    );
    const [hover] = await hovers(document, 'model)');
    assert.match(hover?.value ?? '', /frozen: all 62 tensors · 11\.7M parameters/);
    assert.match(hover?.value ?? '', /\[line 3\]/);
    await set('hover', false);
    assert.deepEqual(await hovers(document, 'model)'), []);
  });

  it('stands above the optimizers that leave something out', async () => {
    const { document } = await openSample('finetune_schedule.py');
    assert.deepEqual(await lenses(document), [
      '17: updates 2 of 62 tensors: fc.*',
      '40: updates 2 of 62 tensors: fc.*',
    ]);
    await set('codeLens', 'off');
    assert.deepEqual(await lenses(document), []);
    await set('codeLens', 'always');
    assert.ok(
      (await lenses(document)).includes(
        '12: at the end of finetune(): 17 of 62 tensors train: layer4.*, fc.*',
      ),
    );
  });

  it('is silent above an optimizer that updates everything, and in Python without torch', async () => {
    const { document } = await openSample('train.py');
    await untilFindings(document, (all) => all.length === 1);
    assert.deepEqual(await lenses(document), []);
    const plain = await openPython('model = 1\noptimizer = model\n');
    assert.deepEqual(await lenses(plain.document), []);
    assert.deepEqual(await hovers(plain.document, 'model'), []);
  });

  it('is counted behind the statements that set the flag, once that is asked for', async () => {
    const { document } = await openSample('finetune_schedule.py');
    const hints = async () => {
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        whole,
      );
      return found.map(({ position, label }) => `${position.line + 1}: ${String(label)}`);
    };
    assert.deepEqual(await hints(), []);
    await set('inlayHints', true);
    assert.deepEqual(await hints(), ['14: 62 tensors', '23: 15 tensors', '36: 62 tensors']);
  });
});
