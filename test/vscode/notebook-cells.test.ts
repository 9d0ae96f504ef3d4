import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, codeActions, untilFindings } from './findings.ts';
import { closeNotebooks, documentOf, focusCell, openNotebook, prose, python, textsOf } from './notebooks.ts';
import { hints, hovers, lenses, set } from './providers.ts';
import { acceptQuickPickOf, until } from './until.ts';

const build = 'import torch\nfrom torchvision import models\n\nmodel = models.resnet18()';
const freeze = 'for parameter in model.parameters():\n    parameter.requires_grad = False';
const head = '%%time\nmodel.fc = torch.nn.Linear(512, 5)';
const optimizer = 'optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)';
const train = 'for epoch in range(6):\n    model.train()\n    optimizer.step()\n';

describe('In the cells of a notebook', () => {
  // Else the first question may come before anybody can answer it.
  before(activate);
  afterEach(async () => {
    for (const name of ['codeLens', 'inlayHints']) await set(name, undefined);
    await closeNotebooks();
  });

  const open = (): Promise<vscode.NotebookDocument> =>
    openNotebook(prose, python(build), python(freeze), python(head), python(optimizer), python(train));

  describe('what is frozen', () => {
    it('is told by a hover, which leads to the cell that decided', async () => {
      const notebook = await open();
      const [hover] = await hovers(documentOf(notebook, 4), 'model.parameters');
      assert.match(
        hover?.value ?? '',
        /^`model` ResNet — 2 of 62 tensors · 2,565 of 11\.2M parameters train/,
      );
      const link = /\[line 2 of cell 3\]\(command:(\S+)\?(\S+)\)/.exec(hover?.value ?? '');
      assert.ok(link?.[1] && link[2], hover?.value);
      await vscode.commands.executeCommand(link[1], ...JSON.parse(decodeURIComponent(link[2])));
      const editor = await until(vscode.window.onDidChangeActiveTextEditor, () => {
        const { activeTextEditor } = vscode.window;
        return activeTextEditor?.document === documentOf(notebook, 2) ? activeTextEditor : null;
      });
      assert.equal(editor.selection.active.line, 1);
    });

    it('stands above the optimizer of a cell', async () => {
      const notebook = await open();
      assert.deepEqual(await lenses(documentOf(notebook, 4)), [
        '1: updates 2 of 62 tensors · 2,565 of 11.2M parameters: fc.*',
      ]);
      assert.deepEqual(await lenses(documentOf(notebook, 1)), []);
      await set('codeLens', 'always');
      assert.deepEqual(await lenses(documentOf(notebook, 1)), [
        '4: at the end: 2 of 62 tensors · 2,565 of 11.2M parameters train: fc.*',
      ]);
    });

    it('is counted behind the statements that set the flag', async () => {
      const notebook = await open();
      await set('inlayHints', true);
      assert.deepEqual(await hints(documentOf(notebook, 2)), ['2: 62 tensors']);
      assert.deepEqual(await hints(documentOf(notebook, 4)), []);
    });

    it('is shown for the whole notebook as its trace, by line and cell', async () => {
      const notebook = await open();
      await focusCell(notebook, 3);
      await vscode.commands.executeCommand('freezelint.showTrace');
      const trace = await until(vscode.window.onDidChangeVisibleTextEditors, () => {
        const editors = vscode.window.visibleTextEditors;
        return editors.find(({ document }) => document.uri.scheme === 'freezelint-inspection') ?? null;
      });
      assert.match(trace.document.getText(), /◐ model +ResNet/);
      assert.match(trace.document.getText(), /❄ ├ conv1 .*frozen +line 2 of cell 3 +in no optimizer/);
    });

    it('is shown by the Freeze Map, whose rows lead to the cell that decided', async () => {
      const notebook = await open();
      await untilFindings(documentOf(notebook, 5), () => true);
      await focusCell(notebook, 3, 'model');
      await vscode.commands.executeCommand('freezelint.showFreezeMap');
      // Nothing tells when the tree is drawn; pressing Enter on its first row does nothing before that.
      const cell = documentOf(notebook, 2);
      while (vscode.window.activeTextEditor?.document !== cell) {
        await vscode.commands.executeCommand('freezelint.freezeMap.focus');
        await vscode.commands.executeCommand('list.focusFirst');
        await vscode.commands.executeCommand('list.select');
      }
    });
  });

  describe('a gesture', () => {
    it('freezes a layer below the line of the cursor', async () => {
      const notebook = await open();
      await focusCell(notebook, 1, 'models.resnet18()');
      await vscode.commands.executeCommand('freezelint.freezeLayers', {
        uri: documentOf(notebook, 1).uri,
        path: 'model.layer1',
      });
      assert.equal(
        textsOf(notebook)[1],
        `${build}\nfor parameter in model.layer1.parameters():\n    parameter.requires_grad = False`,
      );
    });

    it('freezes at the line that a caller names, also where the cursor is in another cell', async () => {
      const notebook = await open();
      await focusCell(notebook, 5);
      await vscode.commands.executeCommand('freezelint.unfreezeLayers', {
        uri: documentOf(notebook, 3).uri,
        line: 1,
        path: 'model.layer4',
      });
      assert.equal(
        textsOf(notebook)[3],
        `${head}\nfor parameter in model.layer4.parameters():\n    parameter.requires_grad = True`,
      );
    });

    it('freezes on the blank last line of a cell, and in an empty cell', async () => {
      const notebook = await openNotebook(python(`${build}\n`), python(''), python(optimizer));
      const made = 'for p in model.parameters():\n    p.requires_grad = False';
      const inserted = `${made}\nfor p in model.fc.parameters():\n    p.requires_grad = True`;
      await focusCell(notebook, 1);
      await vscode.commands.executeCommand('freezelint.freezeAllButHead');
      assert.deepEqual(textsOf(notebook), [`${build}\n`, inserted, optimizer]);
      await focusCell(notebook, 0);
      await vscode.commands.executeCommand('freezelint.freezeAllButHead');
      assert.deepEqual(textsOf(notebook), [`${build}\n${inserted}`, inserted, optimizer]);
    });

    it('freezes the BatchNorm statistics in the cell of train()', async () => {
      const notebook = await open();
      await focusCell(notebook, 4);
      await vscode.commands.executeCommand('freezelint.freezeStatistics');
      const texts = textsOf(notebook);
      assert.match(texts[5] ?? '', / {4}model\.train\(\)\n {4}for frozen in \(model\.bn1, .*\):\n/);
      assert.equal(texts[4], optimizer);
    });

    it('filters and rebuilds an optimizer', async () => {
      const notebook = await openNotebook(
        python(build),
        python('optimizer = torch.optim.SGD(model.parameters(), lr=0.1)'),
        python('model.requires_grad_(False)\nmodel.fc.requires_grad_(True)'),
      );
      await focusCell(notebook, 2, 'fc.requires_grad_(True)');
      await vscode.commands.executeCommand('freezelint.rebuildOptimizer');
      assert.match(
        textsOf(notebook)[2] ?? '',
        /model\.fc\.requires_grad_\(True\)\noptimizer = torch\.optim\.SGD\(\[.*\], lr=0\.1\)$/,
      );
      await focusCell(notebook, 1);
      await vscode.commands.executeCommand('freezelint.filterOptimizer');
      assert.match(
        textsOf(notebook)[1] ?? '',
        /^optimizer = torch\.optim\.SGD\(\[param for param in .*\], lr=0\.1\)$/,
      );
    });

    it('writes a schedule into the loop over epochs of another cell', async () => {
      const notebook = await open();
      await focusCell(notebook, 4);
      await acceptQuickPickOf('freezelint.unfreezeGradually');
      assert.match(
        textsOf(notebook)[5] ?? '',
        /^for epoch in range\(6\):\n {4}if epoch == 1:\n {8}for parameter in/,
      );
    });

    it('is offered as a refactoring, in the cell', async () => {
      const notebook = await open();
      const cell = documentOf(notebook, 3);
      await focusCell(notebook, 3);
      const kind = vscode.CodeActionKind.RefactorRewrite.append('freezelint');
      const actions = await codeActions(cell, new vscode.Range(1, 0, 1, 0), kind);
      const freezing = actions.find(({ title }) => title === 'Freeze all of `model` but `model.fc`');
      assert.deepEqual(
        freezing?.edit?.entries().map(([uri]) => uri.toString()),
        [cell.uri.toString()],
      );
    });

    it('inserts nothing above a magic of the whole cell', async () => {
      const notebook = await open();
      const cell = documentOf(notebook, 3);
      await vscode.commands.executeCommand('freezelint.freezeLayers', {
        uri: cell.uri,
        line: 0,
        path: 'model',
      });
      assert.equal(cell.getText(), head);
    });
  });
});
