import assert from 'node:assert/strict';
import {
  CodeActionTriggerKind,
  CodeLensRequest,
  DiagnosticTag,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ExecuteCommandRequest,
  FileChangeType,
  type Hover,
  HoverRequest,
  InlayHintRequest,
  type MarkupContent,
} from 'vscode-languageserver-protocol/node';
import { headOnly } from '../editor/observe.ts';
import { askingCapabilities, Client, usualCapabilities } from './client.ts';
import { buggy, helperThat, importer, nowhere } from './programs.ts';

const repaired = buggy.replace('requires_grad(', 'requires_grad_(');

describe('The language server', () => {
  // Each starts a process of its own.
  let client: Client;
  afterEach(async () => {
    if (client.process.exitCode === null) await client.stop();
  });

  describe('to a client that waits for diagnostics', () => {
    it('says what it can do', async () => {
      client = await Client.start();
      const { capabilities, serverInfo } = client.initialized!;
      assert.equal(serverInfo?.name, 'freezelint');
      assert.equal(capabilities.positionEncoding, 'utf-16');
      assert.equal(capabilities.diagnosticProvider, undefined);
      assert.deepEqual(capabilities.codeActionProvider, {
        codeActionKinds: [
          'quickfix',
          'source.fixAll.freezelint',
          'notebook.source.fixAll.freezelint',
          'refactor.rewrite.freezelint',
        ],
      });
    });

    it('sends what it finds, follows what is typed, and takes it back on closing', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      const [found] = await client.published(uri, ['FRZ206']);
      assert.deepEqual(found?.range.start, { line: 5, character: 4 });
      assert.equal(found?.severity, 1);
      assert.equal(found?.source, 'Freezelint');
      assert.match(found?.codeDescription?.href ?? '', /^file:.*\/docs\/rules\/FRZ206\.md$/);
      await client.edit(uri, 'requires_grad(', 'requires_grad_(');
      await client.published(uri, []);
      await client.edit(uri, 'requires_grad_(', 'requires_grad(');
      await client.published(uri, ['FRZ206']);
      await client.close(uri);
      await client.published(uri, []);
    });

    it('marks a comment that silences nothing as one to fade, where the client can', async () => {
      const { textDocument } = usualCapabilities;
      const publishDiagnostics = { tagSupport: { valueSet: [DiagnosticTag.Unnecessary] } };
      for (const capabilities of [
        usualCapabilities,
        { ...usualCapabilities, textDocument: { ...textDocument, publishDiagnostics } },
      ]) {
        client = await Client.start({ capabilities });
        const uri = client.uri('train.py');
        await client.open(uri, 'import torch\n\nx = 1  # freezelint: ignore[FRZ101]\n');
        const [found] = await client.published(uri, ['FRZ901']);
        const tags = capabilities === usualCapabilities ? undefined : [DiagnosticTag.Unnecessary];
        assert.deepEqual(found?.tags, tags);
        if (capabilities === usualCapabilities) await client.stop();
      }
    });

    it('counts columns in UTF-16 code units', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      await client.open(uri, buggy.replace('    param', '    "🙂"; param'));
      const [found] = await client.published(uri, ['FRZ206']);
      assert.deepEqual(found?.range.start, { line: 5, character: 10 });
      const [fix] = await client.actions(uri, found!.range);
      assert.equal(client.applied(uri, fix!), repaired.replace('    param', '    "🙂"; param'));
    });

    it('says nothing of other languages, nor of Python without torch', async () => {
      client = await Client.start();
      const [notes, plain, train] = [client.uri('notes.md'), client.uri('plain.py'), client.uri('train.py')];
      await client.open(notes, buggy, 'markdown');
      await client.open(plain, 'print("hello")\n');
      await client.published(plain, []);
      await client.open(train, buggy);
      await client.published(train, ['FRZ206']);
      assert.ok(!client.hasPublished(notes));
    });

    it('also lints a text that was never saved', async () => {
      client = await Client.start();
      await client.open('untitled:Untitled-1', buggy);
      await client.published('untitled:Untitled-1', ['FRZ206']);
    });
  });

  describe('to a client that asks for diagnostics', () => {
    it('answers, and sends none by itself', async () => {
      client = await Client.start({ capabilities: askingCapabilities });
      assert.ok(client.initialized?.capabilities.diagnosticProvider);
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      const report = await client.pull(uri);
      assert.ok(report.kind === 'full');
      assert.deepEqual(
        report.items.map(({ code }) => code),
        ['FRZ206'],
      );
      assert.deepEqual(await client.pull(uri, report.resultId), {
        kind: 'unchanged',
        resultId: report.resultId,
      });
      await client.edit(uri, 'requires_grad(', 'requires_grad_(');
      assert.deepEqual(await client.pulled(uri), []);
      assert.ok(!client.hasPublished(uri));
    });

    it('has it ask again where an imported file has changed', async () => {
      const files = { 'helper.py': helperThat('requires_grad_(False)') };
      client = await Client.start({ files, capabilities: askingCapabilities });
      const [train, helper] = [client.uri('train.py'), client.uri('helper.py')];
      await client.open(helper, helperThat('requires_grad_(False)'));
      await client.open(train, importer);
      assert.deepEqual(await client.pulled(train), ['FRZ305']);
      await client.edit(helper, 'requires_grad_(False)', 'train()');
      await client.until(() => client.refreshes > 0);
      assert.deepEqual(await client.pulled(train), []);
    });
  });

  describe('with code actions', () => {
    it('offers the preferred fix first, then to ignore the finding, then the page of its rule', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      const at = { line: 5, character: 8 };
      const actions = await client.actions(uri, { start: at, end: at });
      const [fix] = actions;
      assert.ok(fix?.isPreferred);
      assert.equal(fix.diagnostics?.[0]?.code, 'FRZ206');
      assert.equal(client.applied(uri, fix), repaired);
      assert.deepEqual(
        actions.filter(({ isPreferred }) => isPreferred),
        [fix],
      );
      const ignore = actions.find(({ title }) => title === 'Ignore FRZ206 on this line');
      assert.match(client.applied(uri, ignore!), /\(False\) {2}# freezelint: ignore\[FRZ206\]\n$/);
      const explain = actions.find(({ title }) => title === 'Explain FRZ206');
      assert.deepEqual(actions.at(-1), explain);
      const { command = '', arguments: args = [] } = explain?.command ?? {};
      await client.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
      assert.match(client.shown[0] ?? '', /FRZ206\.md$/);
    });

    it('fixes all that is safe, when asked for it', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      const actions = await client.actions(uri, nowhere, ['source.fixAll']);
      assert.deepEqual(
        actions.map(({ kind }) => kind),
        ['source.fixAll.freezelint'],
      );
      assert.equal(client.applied(uri, actions[0]!), repaired);
      assert.deepEqual(await client.actions(uri, nowhere, ['source.organizeImports']), []);
    });

    it('offers to freeze all but the head, where whoever asks is not only passing by', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      const text = 'from torchvision import models\nmodel = models.resnet18()\n';
      await client.open(uri, text);
      const at = { start: { line: 1, character: 2 }, end: { line: 1, character: 2 } };
      const actions = await client.actions(uri, at);
      const freeze = actions.find(({ title }) => title === 'Freeze all of `model` but `model.fc`');
      assert.equal(freeze?.kind, 'refactor.rewrite.freezelint');
      assert.ok(client.applied(uri, freeze).startsWith(text));
      assert.match(client.applied(uri, freeze), /requires_grad/);
      assert.deepEqual(await client.actions(uri, at, ['refactor']), actions);
      assert.deepEqual(await client.actions(uri, at, ['quickfix']), []);
      assert.deepEqual(await client.actions(uri, at, undefined, CodeActionTriggerKind.Automatic), []);
    });

    it('does without versions, documents and kinds where the client knows none', async () => {
      client = await Client.start({
        capabilities: {
          textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
        },
      });
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      const [found] = await client.published(uri, ['FRZ206']);
      const actions = await client.actions(uri, found!.range);
      assert.equal(actions[0]?.edit?.changes?.[uri]?.length, 1);
      assert.ok(actions.every(({ command }) => command === undefined));
      await client.stop();
      client = await Client.start({ capabilities: {} });
      await client.open(client.uri('train.py'), buggy);
      assert.deepEqual(await client.actions(client.uri('train.py'), found!.range), []);
    });
  });

  describe('shows what is frozen', () => {
    const line = (row: number) => ({ line: row, character: 0 });

    it('on a model that is pointed at, with the line that decided it', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      await client.open(uri, headOnly);
      const params = { textDocument: { uri }, position: line(10) };
      assert.equal(await client.connection.sendRequest(HoverRequest.type, params), null);
      const position = { line: 10, character: headOnly.split('\n')[10]!.indexOf('model') };
      const hover = await client.connection.sendRequest(HoverRequest.type, { ...params, position });
      const { kind, value } = contentsOf(hover);
      assert.equal(kind, 'markdown');
      assert.match(value, /^`model` ResNet — 2 of 62 tensors/);
      assert.ok(value.includes(`frozen by [line 7](${uri}#L7)`), value);
      assert.deepEqual(hover?.range?.start, position);
    });

    it('as plain text where the client knows no Markdown, and not at all where it is not wanted', async () => {
      client = await Client.start({ capabilities: { workspace: { configuration: true } } });
      const uri = client.uri('train.py');
      await client.open(uri, headOnly);
      const params = { textDocument: { uri }, position: { line: 9, character: 3 } };
      const hover = await client.connection.sendRequest(HoverRequest.type, params);
      const { kind, value } = contentsOf(hover);
      assert.equal(kind, 'plaintext');
      assert.match(value, /^`optimizer` SGD — built at line 9\n/);
      client.settings = { hover: false };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      assert.equal(await client.connection.sendRequest(HoverRequest.type, params), null);
    });

    it('above optimizers, unless that is switched off', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      await client.open(uri, headOnly);
      const params = { textDocument: { uri } };
      const lenses = await client.connection.sendRequest(CodeLensRequest.type, params);
      assert.deepEqual(
        lenses?.map(({ range, command }) => [range.start, command?.title]),
        [[line(8), 'updates 2 of 62 tensors · 5,130 of 11.2M parameters: fc.*']],
      );
      client.settings = { codeLens: 'off' };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      assert.deepEqual(await client.connection.sendRequest(CodeLensRequest.type, params), []);
    });

    it('behind writes of the flag, where that is asked for', async () => {
      client = await Client.start();
      const uri = client.uri('train.py');
      await client.open(uri, headOnly);
      const params = { textDocument: { uri }, range: { start: line(0), end: line(8) } };
      assert.deepEqual(await client.connection.sendRequest(InlayHintRequest.type, params), []);
      client.settings = { inlayHints: true };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      const hints = await client.connection.sendRequest(InlayHintRequest.type, params);
      assert.deepEqual(
        hints?.map(({ position, label }) => [position.line, label]),
        [[6, '62 tensors']],
      );
    });
  });

  describe('with settings', () => {
    it('asks the client for them, and again when they change', async () => {
      client = await Client.start({ settings: { rules: { FRZ206: 'hint' } } });
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      assert.equal((await client.published(uri, ['FRZ206']))[0]?.severity, 4);
      client.settings = { ignore: ['FRZ2'] };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      await client.published(uri, []);
      client.settings = null;
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      assert.equal((await client.published(uri, ['FRZ206']))[0]?.severity, 1);
      client.settings = { enable: false };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      await client.published(uri, []);
    });

    it('takes those that are sent at the start or later', async () => {
      client = await Client.start({ capabilities: {}, initializationOptions: { rules: { FRZ206: 'off' } } });
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      await client.published(uri, []);
      const settings = { freezelint: { rules: { FRZ206: 'warning' } } };
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings });
      assert.equal((await client.published(uri, ['FRZ206']))[0]?.severity, 2);
    });

    it('follows pyproject.toml, and logs what is wrong in it', async () => {
      client = await Client.start({
        files: { 'pyproject.toml': '[tool.freezelint]\nignore = ["FRZ206"]\n' },
      });
      const [uri, project] = [client.uri('code/train.py'), client.uri('pyproject.toml')];
      await client.open(uri, buggy);
      await client.published(uri, []);
      await client.until(() => client.registered.includes('workspace/didChangeWatchedFiles'));
      await client.write('pyproject.toml', '[tool.freezelint]\nignroe = ["FRZ206"]\n');
      await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: project, type: FileChangeType.Changed }],
      });
      await client.published(uri, ['FRZ206']);
      assert.ok(client.logs.some((line) => line.includes('pyproject.toml:2') && line.includes('ignroe')));
    });
  });

  it('logs where a budget of the analysis ran out, for debugging', async () => {
    client = await Client.start();
    const deep = 'import torch\ndef f(model):\n    return f(model)\nf(torch.nn.Linear(2, 2))\n';
    await client.open(client.uri('deep.py'), deep);
    const expected = 'deep.py: line 3: recursion goes too deep; what this call does is unknown';
    await client.until(() => client.logs.some((line) => line.endsWith(expected)));
  });
});

function contentsOf(hover: Hover | null): MarkupContent {
  assert.ok(hover);
  return hover.contents as MarkupContent;
}
