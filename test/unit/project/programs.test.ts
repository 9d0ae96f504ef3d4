import assert from 'node:assert/strict';
import { Programs } from '../../../src/project/programs.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { memoryFiles } from '../memory-files.ts';
import { testParser } from '../python-parser.ts';

describe('the program around a file', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  /** Where the names of the file at `main` lead, in a workspace with these files; every text is empty but its own. */
  async function importsOf(
    main: string,
    text: string,
    others: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>> {
    const texts = new Map(Object.entries({ ...others, [main]: text }));
    const program = await new Programs(memoryFiles(texts), parser).of(main, `${text}\n# torch\n`, '/w');
    return Object.fromEntries(program.imports);
  }

  it('finds what is beside a script before what is above it', async () => {
    const files = { '/w/utils.py': '', '/w/tools/utils.py': '', '/w/nets.py': '' };
    assert.deepEqual(await importsOf('/w/tools/train.py', 'import utils, nets', files), {
      utils: '/w/tools/utils.py',
      nets: '/w/nets.py',
    });
  });

  it('finds what is beside the outermost package first where the file is inside one', async () => {
    const files = { '/w/pkg/__init__.py': '', '/w/pkg/utils.py': '', '/w/utils.py': '', '/w/pkg/own.py': '' };
    assert.deepEqual(await importsOf('/w/pkg/train.py', 'import utils, own, pkg.own', files), {
      utils: '/w/utils.py',
      own: '/w/pkg/own.py',
      pkg: '/w/pkg/__init__.py',
      'pkg.own': '/w/pkg/own.py',
    });
  });

  it('looks into src folders', async () => {
    assert.deepEqual(
      await importsOf('/w/scripts/train.py', 'from app.net import Net', { '/w/src/app/net.py': '' }),
      {
        'app.net': '/w/src/app/net.py',
      },
    );
  });

  it('goes up one folder for each dot after the first', async () => {
    const files = { '/w/a/__init__.py': '', '/w/a/x.py': '', '/w/a/b/y.py': '' };
    assert.deepEqual(
      await importsOf('/w/a/b/main.py', 'from . import y\nfrom .. import x\nfrom ..x import z', files),
      {
        '.y': '/w/a/b/y.py',
        '..': '/w/a/__init__.py',
        '..x': '/w/a/x.py',
      },
    );
  });

  it('prefers a package to a module of the same name, and a module to a mere folder', async () => {
    const files = { '/w/p.py': '', '/w/p/__init__.py': '', '/w/m.py': '', '/w/m/data.py': '' };
    assert.deepEqual(await importsOf('/w/main.py', 'import p, m, m.data', files), {
      p: '/w/p/__init__.py',
      m: '/w/m.py',
      'm.data': '/w/m/data.py',
    });
  });

  it('leaves libraries, missing files and files above the workspace alone', async () => {
    const files = { '/w/torch/__init__.py': '', '/outside.py': '' };
    assert.deepEqual(await importsOf('/w/main.py', 'import torch, numpy, gone\nimport outside', files), {});
  });

  it('has the imports of imports, once each, and never the file itself', async () => {
    const texts = new Map([
      ['/w/main.py', 'import a  # torch'],
      ['/w/a.py', 'import b, main'],
      ['/w/b.py', 'import a, c'],
      ['/w/c.py', ''],
    ]);
    const program = await new Programs(memoryFiles(texts), parser).of(
      '/w/main.py',
      'import a  # torch',
      '/w',
    );
    assert.deepEqual([...program.files.keys()], ['/w/a.py', '/w/b.py', '/w/c.py']);
    assert.deepEqual([...(program.files.get('/w/a.py')?.imports ?? [])], [['b', '/w/b.py']]);
  });

  it('gives every file offsets of its own, and tells the file of a span by them', async () => {
    const texts = new Map([
      ['/w/a.py', 'first = 1\n'],
      ['/w/b.py', 'second = 2\n'],
    ]);
    const program = await new Programs(memoryFiles(texts), parser).of(
      '/w/main.py',
      'import a, b  # torch',
      '/w',
    );
    for (const [path, text] of texts) {
      const [statement] = program.files.get(path)?.module.body ?? [];
      assert.ok(statement);
      const place = program.locate(statement);
      assert.equal(place?.file.path, path);
      assert.equal(text.slice(place.span.start, place.span.end), text.trim());
    }
    assert.equal(program.locate({ start: 0, end: 3 }), null);
  });

  it('sees a changed file once it is told to forget it', async () => {
    const texts = new Map([['/w/a.py', 'old = 1\n']]);
    const programs = new Programs(memoryFiles(texts), parser);
    const textNow = async (): Promise<string | undefined> =>
      (await programs.of('/w/main.py', 'import a, new  # torch', '/w')).files.get('/w/a.py')?.text;
    await textNow();
    texts.set('/w/a.py', 'new = 1\n');
    assert.equal(await textNow(), 'old = 1\n');
    programs.forget('/w/a.py');
    assert.equal(await textNow(), 'new = 1\n');
  });

  it('finds a new file once it is told that one came', async () => {
    const texts = new Map([['/w/a.py', '']]);
    const programs = new Programs(memoryFiles(texts), parser);
    const namesNow = async (): Promise<string[]> => [
      ...(await programs.of('/w/main.py', 'import a, pkg.b  # torch', '/w')).imports.keys(),
    ];
    assert.deepEqual(await namesNow(), ['a']);
    texts.set('/w/pkg/b.py', '');
    assert.deepEqual(await namesNow(), ['a']);
    programs.forgetFolders('/w/pkg/b.py');
    assert.deepEqual(await namesNow(), ['a', 'pkg.b']);
  });

  it('stops at a hundred files', async () => {
    const texts = new Map(Array.from({ length: 150 }, (_, index) => [`/w/m${index}.py`, ''] as const));
    const text = `# torch\nimport ${[...texts.keys()].map((path) => path.slice(3, -3)).join(', ')}`;
    const program = await new Programs(memoryFiles(texts), parser).of('/w/main.py', text, '/w');
    assert.equal(program.files.size, 100);
  });

  it('reads nothing for a file that cannot concern PyTorch', async () => {
    const refusing = {
      read: () => Promise.reject(new Error('read')),
      list: () => Promise.reject(new Error('list')),
    };
    const program = await new Programs(refusing, parser).of('/w/main.py', 'import a', '/w');
    assert.equal(program.files.size, 0);
  });

  it('goes without files that cannot be read', async () => {
    const files = { ...memoryFiles(new Map([['/w/a.py', '']])), read: () => Promise.reject(new Error('no')) };
    const program = await new Programs(files, parser).of('/w/main.py', 'import a  # torch', '/w');
    assert.equal(program.files.size, 0);
  });
});
