import assert from 'node:assert/strict';
import {
  type CodeAction,
  CodeLensRequest,
  DidChangeNotebookDocumentNotification,
  type DidChangeNotebookDocumentParams,
  DidCloseNotebookDocumentNotification,
  DidOpenNotebookDocumentNotification,
  HoverRequest,
  InlayHintRequest,
  type MarkupContent,
  NotebookCellKind,
  type TextDocumentEdit,
} from 'vscode-languageserver-protocol/node';
import { askingCapabilities, Client } from './client.ts';

const cells = [
  'import torch\nfrom torchvision import models\nmodel = models.resnet18()',
  '%matplotlib inline\nfor param in model.parameters():\n    param.requires_grad(False)',
  'print(model)',
];

describe('The language server, on notebooks,', () => {
  let client: Client;
  afterEach(async () => {
    await client.stop();
  });

  it('takes the cells for one program, and finds the bug in the right one', async () => {
    client = await Client.start();
    await openNotebook(client);
    const [found] = await client.published(cell(client, 1), ['FRZ206']);
    assert.deepEqual(found?.range.start, { line: 2, character: 4 });
    await client.published(cell(client, 0), []);
    await client.published(cell(client, 2), []);
  });

  it('fixes it in its cell, whose last line has no line break', async () => {
    client = await Client.start();
    await openNotebook(client);
    const [found] = await client.published(cell(client, 1), ['FRZ206']);
    const [fix] = await client.actions(cell(client, 1), found!.range);
    assert.deepEqual(changes(fix?.edit?.documentChanges as TextDocumentEdit[]), [[cell(client, 1), '_']]);
    const ignore = (await client.actions(cell(client, 1), found!.range)).find(({ title }) =>
      title.endsWith('on this line'),
    );
    assert.deepEqual(changes(ignore?.edit?.documentChanges as TextDocumentEdit[]), [
      [cell(client, 1), '  # freezelint: ignore[FRZ206]'],
    ]);
    const above = { start: found!.range.start, end: found!.range.start };
    assert.deepEqual(await client.actions(cell(client, 0), above, ['quickfix']), []);
    const [freeze] = await client.actions(cell(client, 0), above, ['refactor']);
    const [[uri, added]] = changes(freeze?.edit?.documentChanges as TextDocumentEdit[]) as [[string, string]];
    assert.equal(uri, cell(client, 0));
    assert.match(added, /^\nfor .*\.requires_grad = True$/s);
  });

  it('follows edits, cells that come, go and change places, and closing', async () => {
    client = await Client.start();
    await openNotebook(client);
    await client.published(cell(client, 1), ['FRZ206']);
    await change(client, 2, {
      textContent: [
        {
          document: { uri: cell(client, 0), version: 2 },
          changes: [{ text: `${cells[0]!.replace('models.resnet18()', 'anything()')}\nmodel = 3` }],
        },
      ],
    });
    await client.published(cell(client, 1), []);
    await change(client, 3, {
      textContent: [{ document: { uri: cell(client, 0), version: 3 }, changes: [{ text: cells[0]! }] }],
    });
    await client.published(cell(client, 1), ['FRZ206']);
    // The loop comes before the model.
    const [model, loop] = [0, 1].map((index) => ({
      kind: NotebookCellKind.Code,
      document: cell(client, index),
    }));
    await change(client, 4, { structure: { array: { start: 0, deleteCount: 2, cells: [loop!, model!] } } });
    await client.published(cell(client, 1), []);
    await change(client, 5, { structure: { array: { start: 0, deleteCount: 2, cells: [model!, loop!] } } });
    await client.published(cell(client, 1), ['FRZ206']);
    await change(client, 6, {
      structure: { array: { start: 1, deleteCount: 1 }, didClose: [{ uri: cell(client, 1) }] },
    });
    await client.published(cell(client, 1), []);
    const text = cells[1]!;
    await change(client, 7, {
      structure: {
        array: {
          start: 2,
          deleteCount: 0,
          cells: [{ kind: NotebookCellKind.Code, document: cell(client, 3) }],
        },
        didOpen: [{ uri: cell(client, 3), languageId: 'python', version: 1, text }],
      },
    });
    await client.published(cell(client, 3), ['FRZ206']);
    await client.connection.sendNotification(DidCloseNotebookDocumentNotification.type, {
      notebookDocument: { uri: client.uri('train.ipynb') },
      cellTextDocuments: [0, 2, 3].map((index) => ({ uri: cell(client, index) })),
    });
    await client.published(cell(client, 3), []);
  });

  it('fixes all of a cell, or all of the notebook by a kind of its own', async () => {
    client = await Client.start();
    await openNotebook(client, [...cells.slice(0, 2), cells[1]!]);
    const [found] = await client.published(cell(client, 1), ['FRZ206']);
    await client.published(cell(client, 2), ['FRZ206']);
    const edited = (actions: readonly CodeAction[]) =>
      actions.map(({ edit }) => changes(edit?.documentChanges as TextDocumentEdit[]));
    const atStart = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const [first, second] = [1, 2].map((index): [string, string] => [cell(client, index), '_']);
    assert.deepEqual(edited(await client.actions(cell(client, 1), atStart, ['source.fixAll'])), [[first]]);
    assert.deepEqual(edited(await client.actions(cell(client, 0), atStart, ['source.fixAll'])), []);
    assert.deepEqual(edited(await client.actions(cell(client, 0), atStart, ['notebook.source.fixAll'])), [
      [first, second],
    ]);
    const titles = (await client.actions(cell(client, 1), found!.range)).map(({ title }) => title);
    assert.ok(titles.includes('Fix all 2 of FRZ206 in this notebook'), titles.join());
    assert.ok(titles.includes('Ignore FRZ206 in this notebook'), titles.join());
  });

  it('freezes on the blank last line of a cell, and nothing before a magic of a whole cell', async () => {
    client = await Client.start();
    await openNotebook(client, [`${cells[0]}\n`, '%%time\nprint(model)']);
    const at = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 0 } });
    const [, blank] = await Promise.all([
      client.published(cell(client, 0), []),
      client.actions(cell(client, 0), at(2), ['refactor']),
    ]);
    const [[uri]] = changes(blank[0]?.edit?.documentChanges as TextDocumentEdit[]) as [[string, string]];
    assert.equal(uri, cell(client, 0));
    for (const action of await client.actions(cell(client, 1), at(1), ['refactor'])) {
      const made = changes(action.edit?.documentChanges as TextDocumentEdit[]);
      assert.ok(made.every(([where, text]) => where === cell(client, 1) && !text.startsWith('%%')));
    }
  });

  it('shows lenses and hints in the cell where they belong', async () => {
    client = await Client.start({ settings: { codeLens: 'always', inlayHints: true } });
    await openNotebook(client, [
      cells[0]!,
      'model.requires_grad_(False)',
      'optimizer = torch.optim.SGD(model.parameters(), lr=0.1)',
    ]);
    const documents = [0, 1, 2].map((index) => ({ uri: cell(client, index) }));
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const lenses = await Promise.all(
      documents.map((textDocument) => client.connection.sendRequest(CodeLensRequest.type, { textDocument })),
    );
    assert.deepEqual(
      lenses.map((of) => of?.map((lens) => `${lens.range.start.line}: ${lens.command?.title}`)),
      [['2: at the end: all 62 tensors frozen'], [], ['0: updates nothing: all it holds is frozen']],
    );
    const hints = await Promise.all(
      documents.map((textDocument) =>
        client.connection.sendRequest(InlayHintRequest.type, { textDocument, range }),
      ),
    );
    assert.deepEqual(
      hints.map((of) => of?.map(({ label, position }) => `${position.line}: ${String(label)}`)),
      [[], ['0: 62 tensors'], []],
    );
  });

  it('names the cell of a line that decided', async () => {
    client = await Client.start();
    await openNotebook(client, [
      'from torchvision import models\nmodel = models.resnet18()',
      'model.requires_grad_(False)',
      'print(model)',
    ]);
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: cell(client, 2) },
      position: { line: 0, character: 7 },
    });
    const contents = hover?.contents as MarkupContent | undefined;
    assert.match(contents?.value ?? '', /^frozen by line 1 of cell 2$/m);
    assert.deepEqual(hover?.range?.start, { line: 0, character: 6 });
  });

  it('answers a client that asks for the diagnostics of a cell', async () => {
    client = await Client.start({ capabilities: askingCapabilities });
    await openNotebook(client);
    assert.deepEqual(await client.pulled(cell(client, 0)), []);
    assert.deepEqual(await client.pulled(cell(client, 1)), ['FRZ206']);
  });
});

const cell = (client: Client, index: number): string =>
  `${client.uri('train.ipynb').replace('file:', 'vscode-notebook-cell:')}#cell${index}`;

async function openNotebook(client: Client, texts: readonly string[] = cells): Promise<void> {
  await client.connection.sendNotification(DidOpenNotebookDocumentNotification.type, {
    notebookDocument: {
      uri: client.uri('train.ipynb'),
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: texts.map((_, index) => ({ kind: NotebookCellKind.Code, document: cell(client, index) })),
    },
    cellTextDocuments: texts.map((text, index) => ({
      uri: cell(client, index),
      languageId: 'python',
      version: 1,
      text,
    })),
  });
}

type Change = NonNullable<DidChangeNotebookDocumentParams['change']['cells']>;

async function change(client: Client, version: number, cellChanges: Change): Promise<void> {
  await client.connection.sendNotification(DidChangeNotebookDocumentNotification.type, {
    notebookDocument: { uri: client.uri('train.ipynb'), version },
    change: { cells: cellChanges },
  });
}

/** What each edit puts where. */
function changes(documentChanges: readonly TextDocumentEdit[] | undefined): [string, string][] {
  return (documentChanges ?? []).flatMap(({ textDocument, edits }) =>
    edits.map((edit): [string, string] => [textDocument.uri, 'newText' in edit ? edit.newText : '']),
  );
}
