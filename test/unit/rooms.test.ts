import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';

const source = path.resolve(import.meta.dirname, '../../src');

/** Which rooms of src/ each room may import from besides itself; single files of src/ go by their names. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  python: [],
  torch: ['python'],
  analysis: ['python', 'torch'],
  'suppressions.ts': ['python'],
  rules: ['analysis', 'python', 'suppressions.ts', 'torch'],
  'rules-url.ts': [],
  'rule-page.ts': ['rules'],
  'lint.ts': ['analysis', 'python', 'rules', 'suppressions.ts', 'torch'],
  project: ['analysis', 'lint.ts', 'python', 'rules', 'torch'],
  editor: ['analysis', 'lint.ts', 'python', 'rules', 'suppressions.ts', 'torch'],
  // What an exercise reaches is judged by linting it.
  learn: ['analysis', 'lint.ts', 'python', 'torch'],
  // What both programs for Node need: it reads files and the parser's WebAssembly.
  node: ['project', 'python'],
  // The protocol between extension and webview, the only thing these two share.
  'study-messages': ['learn'],
};

/** The rooms that run in Node only. */
const nodeRooms = ['cli', 'node', 'server'];

/** The faces may import everything below them, but never each other. */
const faces = ['cli', 'extension', 'server', 'webview'];

describe('The rooms of src/', () => {
  it('import only what the architecture lets them', async () => {
    const wrong: string[] = [];
    for (const { file, specifier } of await imports()) {
      if (!isAllowed(file, specifier)) wrong.push(`${file} imports ${specifier}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('are all known here', async () => {
    const known = [...Object.keys(mayImport), ...faces];
    assert.deepEqual(
      (await readdir(source)).filter((name) => !known.includes(name)),
      [],
    );
  });
});

describe('The files of src/analysis/', () => {
  it('import each other in a circle only where an iterable may hold another', async () => {
    const targets = new Map<string, string[]>();
    for (const { file, specifier, isType } of await imports()) {
      if (isType || roomOf(file) !== 'analysis') continue;
      const target = path.posix.join(path.posix.dirname(file), specifier);
      targets.set(file, [...(targets.get(file) ?? []), target]);
    }
    const reaches = (file: string, goal: string, seen = new Set<string>()): boolean =>
      (targets.get(file) ?? []).some((target) => {
        if (target === goal) return true;
        if (seen.has(target)) return false;
        seen.add(target);
        return reaches(target, goal, seen);
      });
    assert.deepEqual([...targets.keys()].filter((file) => reaches(file, file)).sort(), [
      'analysis/builtins/iterators.ts',
      'analysis/builtins/sequences.ts',
      'analysis/modules/refusals.ts',
    ]);
  });
});

function isAllowed(file: string, specifier: string): boolean {
  const from = roomOf(file);
  const isFace = faces.includes(from);
  if (specifier === 'vscode') return from === 'extension';
  if (specifier.startsWith('node:')) return nodeRooms.includes(from);
  if (!specifier.startsWith('.')) return true;
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
  const to = roomOf(target);
  if (to === from) return true;
  // package.json, for the version.
  if (target.startsWith('../')) return isFace;
  // The extension also runs where there is no Node, and so does the webview.
  if (nodeRooms.includes(to)) return nodeRooms.includes(from) && !faces.includes(to);
  return isFace ? !faces.includes(to) : (mayImport[from]?.includes(to) ?? false);
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Whether it goes away when the types do. */
  readonly isType: boolean;
}

async function imports(): Promise<Import[]> {
  const found: Import[] = [];
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf-8');
    const statements = text.matchAll(/(?:^|\n)(?:import|export)( type)?\b([^'";]*?)['"]([^'"]+)['"]/g);
    for (const [, type, what = '', specifier = ''] of statements) {
      const isType = type !== undefined || /^\s*\{(?:\s*type [^,}]*,?)+\s*\}/.test(what);
      found.push({ file: path.relative(source, file).split(path.sep).join('/'), specifier, isType });
    }
  }
  assert.ok(found.length > 50, 'the imports are found');
  return found;
}
