import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, codeActions, described, findings, ruleCode, untilFindings } from './findings.ts';
import {
  changeCells,
  closeNotebooks,
  documentOf,
  openNotebook,
  prose,
  python,
  textsOf,
} from './notebooks.ts';
import { openByCommand } from './until.ts';

const build = 'from torchvision import models\n\n!nvidia-smi\nmodel = models.resnet18()';
const freeze = 'model.requires_grad = False';

async function write(document: vscode.TextDocument, text: string): Promise<void> {
  const changes = new vscode.WorkspaceEdit();
  const end = document.positionAt(document.getText().length);
  changes.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text);
  assert.ok(await vscode.workspace.applyEdit(changes));
}

describe('Notebooks', () => {
  afterEach(closeNotebooks);

  const one = (all: readonly vscode.Diagnostic[]): boolean => all.length === 1;
  const none = (all: readonly vscode.Diagnostic[]): boolean => all.length === 0;

  it('are one program: what one cell makes is understood in the next, and found there', async () => {
    const notebook = await openNotebook(python(build), python(`# Freeze.\n${freeze}`));
    const cell = documentOf(notebook, 1);
    const [found] = await untilFindings(cell, one);
    assert.equal(ruleCode(found!), 'FRZ101');
    assert.equal(found!.range.start.line, 1);
    assert.deepEqual(described(cell), ['FRZ101 model.requires_grad']);
    assert.deepEqual(findings(documentOf(notebook, 0).uri), []);
  });

  it('point from one cell at another', async () => {
    const optimizer = 'optimizer = torch.optim.SGD(model.parameters(), lr=0.1)';
    const notebook = await openNotebook(
      python(`import torch\n\nmodel = torch.nn.Linear(4, 2)\n${optimizer}`),
      python('optimizer.add_param_group({"params": model.parameters()})'),
    );
    const [found] = await untilFindings(documentOf(notebook, 1), one);
    assert.equal(ruleCode(found!), 'FRZ404');
    const [related] = found!.relatedInformation ?? [];
    const first = documentOf(notebook, 0);
    assert.equal(related?.location.uri.toString(), first.uri.toString());
    assert.equal(first.lineAt(related.location.range.start).text, optimizer);
  });

  it('are renewed when a cell is edited', async () => {
    const notebook = await openNotebook(python(build), python(freeze));
    const cell = documentOf(notebook, 1);
    await untilFindings(cell, one);
    await write(documentOf(notebook, 0), build.replace('models.resnet18()', 'load()'));
    await untilFindings(cell, none);
  });

  it('are renewed when cells are added, moved and removed', async () => {
    const notebook = await openNotebook(python(freeze), python(build));
    await changeCells(notebook, vscode.NotebookEdit.insertCells(2, [python(`\n${freeze}`)]));
    const added = documentOf(notebook, 2);
    const [found] = await untilFindings(added, one);
    assert.equal(found!.range.start.line, 1);
    assert.deepEqual(findings(documentOf(notebook, 0).uri), []);

    // The first cell now comes after the one that makes the model.
    await vscode.commands.executeCommand('notebook.focusTop');
    await vscode.commands.executeCommand('notebook.cell.moveDown');
    const moved = documentOf(notebook, 1);
    assert.equal(moved.getText(), freeze);
    await untilFindings(moved, one);

    await changeCells(notebook, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1)));
    await untilFindings(moved, none);
    await untilFindings(added, none);
  });

  it('lose what was found in a cell that is removed', async () => {
    const notebook = await openNotebook(python(build), python(freeze));
    const cell = documentOf(notebook, 1);
    await untilFindings(cell, one);
    await changeCells(notebook, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(1, 2)));
    await untilFindings(cell, none);
  });

  it('leave out cells of other languages, from when they become such', async () => {
    const notebook = await openNotebook(python(build), python(freeze));
    const cell = documentOf(notebook, 1);
    await untilFindings(cell, one);
    await vscode.languages.setTextDocumentLanguage(cell, 'plaintext');
    await untilFindings(cell, none);
    await vscode.languages.setTextDocumentLanguage(cell, 'python');
    await untilFindings(cell, one);
  });

  it('lose their findings when they are closed', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'closed.ipynb');
    const source = [build, freeze].map((text) => {
      return { cell_type: 'code', source: text, metadata: {}, outputs: [], execution_count: null };
    });
    const json = JSON.stringify({ nbformat: 4, nbformat_minor: 2, metadata: {}, cells: source });
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(json));
    await openByCommand(file);
    const cell = documentOf(vscode.window.activeNotebookEditor!.notebook, 1);
    await untilFindings(cell, one);
    await closeNotebooks();
    await untilFindings(cell, none);
    await vscode.workspace.fs.delete(file);
  });

  it('are fixed in the cell of the finding', async () => {
    const notebook = await openNotebook(python(build), prose, python(`%%time\n${freeze}\n# done`));
    const cell = documentOf(notebook, 2);
    const [found] = await untilFindings(cell, one);
    const [first] = await codeActions(cell, found!.range, vscode.CodeActionKind.QuickFix);
    assert.equal(first?.isPreferred, true);
    await apply(first!);
    assert.equal(cell.getText(), '%%time\nmodel.requires_grad_(False)\n# done');
    assert.equal(documentOf(notebook, 0).getText(), build);
    await untilFindings(cell, none);
  });

  it('take the comment that silences a rule everywhere in their first cell', async () => {
    const notebook = await openNotebook(python(build), python(freeze));
    const cell = documentOf(notebook, 1);
    const [found] = await untilFindings(cell, one);
    const ignore = (await codeActions(cell, found!.range, vscode.CodeActionKind.QuickFix)).find(({ title }) =>
      title.includes('in this notebook'),
    );
    assert.ok(ignore);
    await apply(ignore);
    assert.equal(documentOf(notebook, 0).getText(), `# freezelint: ignore-file[FRZ101]\n${build}`);
    await untilFindings(cell, none);
  });

  describe('with problems in several cells that can be fixed safely', () => {
    const loop = 'for p in model.parameters():\n    p.requires_grad(False)';
    const fixed = 'for p in model.parameters():\n    p.requires_grad_(False)';
    const open = async (): Promise<vscode.NotebookDocument> => {
      const notebook = await openNotebook(prose, python(build), python(loop), python(loop));
      await untilFindings(documentOf(notebook, 3), (all) => all.length > 0);
      return notebook;
    };
    const sourceActions = (document: vscode.TextDocument, kind: string): Promise<vscode.CodeAction[]> =>
      codeActions(document, new vscode.Range(0, 0, 0, 0), vscode.CodeActionKind.Empty.append(kind));

    it('are fixed as a whole by the command', async () => {
      const notebook = await open();
      await vscode.commands.executeCommand('freezelint.fixAll');
      assert.deepEqual(textsOf(notebook).slice(2), [fixed, fixed]);
    });

    it('are fixed as a whole by the source action for notebooks, asked for at any cell', async () => {
      const notebook = await open();
      const [action, ...others] = await sourceActions(documentOf(notebook, 0), 'notebook.source.fixAll');
      assert.deepEqual(others, []);
      await apply(action!);
      assert.deepEqual(textsOf(notebook).slice(2), [fixed, fixed]);
    });

    it('are fixed cell by cell by the source action for files', async () => {
      const notebook = await open();
      const [action, ...others] = await sourceActions(documentOf(notebook, 3), 'source.fixAll');
      assert.deepEqual(others, []);
      await apply(action!);
      assert.deepEqual(textsOf(notebook).slice(2), [loop, fixed]);
    });
  });
});
