import assert from 'node:assert/strict';
import {
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  FileChangeType,
  LSPErrorCodes,
} from 'vscode-languageserver-protocol/node';
import { lint } from '../../../src/lint.ts';
import { Programs } from '../../../src/project/programs.ts';
import { generate } from '../../differential/generate.ts';
import { Random } from '../../differential/random.ts';
import { memoryFiles } from '../memory-files.ts';
import { testParser } from '../python-parser.ts';
import { askingCapabilities, Client, usualCapabilities } from './client.ts';
import { buggy, helperThat, importer, nowhere } from './programs.ts';

/** A random program of two files, and edits of both; the same each time. */
const SESSION = { program: 0, edits: 1, steps: 60 };

describe('The language server', () => {
  // Each starts a process of its own.
  let client: Client;
  afterEach(async () => {
    if (client.process.exitCode === null) await client.stop();
  });

  describe('in a workspace', () => {
    it('loads the parser once torch is in reach, be it through an imported file', async () => {
      client = await Client.start({
        files: {
          'temperatures.py': 'ROOM = 293\n',
          'models.py': 'from torch import nn\n\n\ndef build():\n    return nn.Linear(2, 1)\n',
        },
        capabilities: askingCapabilities,
      });
      const hasLoaded = () => client.logs.includes('The Python parser is loaded.');
      const cryostat = client.uri('cryostat.py');
      const words =
        'import temperatures\n\n\ndef freeze(optimizer):\n    optimizer.start = temperatures.ROOM\n';
      await client.open(cryostat, words);
      assert.deepEqual(await client.pulled(cryostat), []);
      assert.ok(!hasLoaded());
      const probe = client.uri('probe.py');
      await client.open(probe, 'from models import build\n\nmodel = build()\nmodel.requires_grad = False\n');
      assert.deepEqual(await client.pulled(probe), ['FRZ101']);
      assert.ok(hasLoaded());
    });

    it('follows imports into files that are open, and into those on disk', async () => {
      client = await Client.start({ files: { 'helper.py': helperThat('requires_grad_(False)') } });
      const [train, helper] = [client.uri('train.py'), client.uri('helper.py')];
      await client.open(train, importer);
      await client.published(train, ['FRZ305']);
      await client.open(helper, helperThat('requires_grad_(True)'));
      await client.published(train, []);
      await client.edit(helper, 'True', 'False');
      await client.published(train, ['FRZ305']);
      await client.write('helper.py', helperThat('requires_grad_(True)'));
      await client.close(helper);
      await client.published(train, []);
      await client.write('helper.py', helperThat('requires_grad_(False)'));
      await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: helper, type: FileChangeType.Changed }],
      });
      await client.published(train, ['FRZ305']);
    });
  });

  it('says after every edit of a long session what a fresh start would say', async () => {
    const program = generate(SESSION.program);
    const files = { 'train.py': program.text, ...program.files };
    client = await Client.start({ files, capabilities: askingCapabilities });
    const texts = new Map(Object.entries(files).map(([name, text]) => [`/w/${name}`, text]));
    for (const [name, text] of Object.entries(files)) await client.open(client.uri(name), text);
    const parser = await testParser();
    const random = new Random(SESSION.edits);
    const seen = new Set<string>();
    for (let step = 0; step < SESSION.steps; step++) {
      const name = random.pick(Object.keys(files));
      const lines = (texts.get(`/w/${name}`) ?? '').split('\n');
      const line = random.pick(
        lines.filter((one) => one !== '' && lines.indexOf(one) === lines.lastIndexOf(one)),
      );
      const changed = random.pick([
        '',
        line.replace('False', 'True'),
        line.replace('requires_grad', 'require_grad'),
        line.replace('require_grad', 'requires_grad'),
        line.replace('parameters()', 'parameters'),
      ]);
      await client.edit(client.uri(name), `\n${line}\n`, `\n${changed}\n`);
      texts.set(
        `/w/${name}`,
        `${lines.join('\n')}`.replace(`\n${line}\n`, () => `\n${changed}\n`),
      );
      const text = texts.get('/w/train.py') ?? '';
      const around = await new Programs(memoryFiles(texts), parser).of('/w/train.py', text, '/w');
      const expected =
        lint(parser, text, { rules: {} }, undefined, around)?.problems.map(({ code }) => code) ?? [];
      assert.deepEqual([...(await client.pulled(client.uri('train.py')))].sort(), [...expected].sort());
      seen.add(expected.join());
    }
    assert.ok(seen.size > 3, `${seen.size} different answers`);
  });

  describe('to a client out of its mind', () => {
    it('answers each request, survives, and goes on with its work', async () => {
      client = await Client.start();
      const { connection } = client;
      const uri = client.uri('train.py');
      await assert.rejects(connection.sendRequest('freezelint/nonsense', { a: 1 }), {
        code: ErrorCodes.MethodNotFound,
      });
      await assert.rejects(connection.sendRequest('textDocument/codeAction', { textDocument: null }));
      await assert.rejects(connection.sendRequest('textDocument/diagnostic', {}));
      assert.deepEqual(await client.actions(client.uri('never-opened.py'), nowhere), []);
      for (const params of [
        null,
        {},
        { textDocument: { uri: 5 } },
        { textDocument: { uri }, contentChanges: 3 },
      ]) {
        for (const method of ['didOpen', 'didChange', 'didClose', 'didSave']) {
          await connection.sendNotification(`textDocument/${method}`, params);
          await connection.sendNotification(`notebookDocument/${method}`, params);
        }
        await connection.sendNotification('workspace/didChangeWatchedFiles', params);
        await connection.sendNotification('workspace/didChangeConfiguration', params);
      }
      client.process.stdin!.write('Content-Length: 9\r\n\r\n{"id": 1,');
      await client.open(uri, buggy);
      const [found] = await client.published(uri, ['FRZ206']);
      const outside = { start: { line: 900, character: 7 }, end: { line: -1, character: 1e9 } };
      await client.actions(uri, outside);
      assert.ok((await client.actions(uri, found!.range)).length > 0);
      assert.equal(await client.stop(), 0);
    });

    it('answers before it is initialized', async () => {
      client = await Client.spawn();
      assert.deepEqual(await client.actions(client.uri('train.py'), nowhere), []);
    });

    it('lets questions be withdrawn', async () => {
      client = await Client.start({ capabilities: askingCapabilities });
      const uri = client.uri('train.py');
      await client.open(uri, buggy);
      // In one piece, so that the server has read the second when it turns to the first.
      const id = 4711;
      const params = { textDocument: { uri } };
      const question = { jsonrpc: '2.0', id, method: 'textDocument/diagnostic', params };
      const withdrawal = { jsonrpc: '2.0', method: '$/cancelRequest', params: { id } };
      let answers = '';
      client.process.stdout!.on('data', (bytes: Buffer) => {
        answers += bytes.toString();
      });
      client.process.stdin!.write([question, withdrawal].map(frame).join(''));
      assert.deepEqual(await client.pulled(uri), ['FRZ206']);
      const answer = /\{[^{]*"id":4711,"error":\{"code":(-\d+)/.exec(answers)?.[1];
      assert.equal(Number(answer), LSPErrorCodes.RequestCancelled, answers);
    });
  });

  describe('at its end', () => {
    it('exits with 0 after a shutdown, and with 1 without', async () => {
      client = await Client.start();
      assert.equal(await client.stop(), 0);
      client = await Client.start();
      assert.equal(await client.exit(), 1);
    });

    it('exits when the client goes away', async () => {
      client = await Client.start({ capabilities: usualCapabilities });
      client.process.stdin!.end();
      assert.equal(await client.ended(), 1);
    });
  });
});

function frame(message: unknown): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
