import assert from 'node:assert/strict';
import {
  DidChangeNotebookDocumentNotification,
  type DidChangeNotebookDocumentParams,
  DidCloseNotebookDocumentNotification,
  DidOpenNotebookDocumentNotification,
  HoverRequest,
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

describe('The language server, on notebooks,', function () {
  this.timeout(60_000);
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
    assert.match(contents?.value ?? '', /- frozen by line 1 of cell 2$/);
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
