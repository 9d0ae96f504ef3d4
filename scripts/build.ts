// npm run build [-- --production] [-- --watch]: everything in dist/ that runs, from src/ and quizzes/.
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { compileDecks } from '../src/learn/deck.ts';
import { compileExercises, FAMILIES } from '../src/learn/exercises/content.ts';
import { compileLessons } from './lesson-folders.ts';
import { predictSample } from './predict-sample.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const DIST = path.join(ROOT, 'dist');
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const shared: esbuild.BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'info',
  legalComments: 'none',
};

/**
 * The ES module of web-tree-sitter finds its files by `import.meta.url`, which a CommonJS bundle does not have;
 * its CommonJS twin is meant for that, but esbuild would pick by import style. Exactly this name: a plain alias
 * would also catch `web-tree-sitter/web-tree-sitter.wasm`.
 */
const commonJsTreeSitter: esbuild.Plugin = {
  name: 'commonjs-web-tree-sitter',
  setup(build) {
    build.onResolve({ filter: /^web-tree-sitter$/ }, () => ({
      path: path.join(ROOT, 'node_modules/web-tree-sitter/web-tree-sitter.cjs'),
    }));
  },
};

const commandLine: esbuild.BuildOptions = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // The CommonJS half of jsonc-parser hides its imports from the bundler.
  mainFields: ['module', 'main'],
};

/** Bundled CommonJS packages call require, which an ES module has to make for itself. */
const requireForBundle = [
  "import { createRequire as createRequireForBundle } from 'node:module';",
  'const require = createRequireForBundle(import.meta.url);',
].join('\n');

/**
 * ts-fsrs adds methods to Date.prototype (deprecated, and used by nothing in it), which every other extension in the
 * same host would see.
 */
const untouchedDate: esbuild.Plugin = {
  name: 'untouched-date',
  setup(build) {
    build.onLoad({ filter: /[\\/]ts-fsrs[\\/]dist[\\/]index\.mjs$/ }, async ({ path: file }) => {
      const text = await fs.promises.readFile(file, 'utf8');
      const contents = text.replace(/^Date\.prototype\.\w+ = /gm, 'void ');
      if (contents.includes('Date.prototype')) throw new Error('ts-fsrs still changes Date.prototype.');
      return { contents, loader: 'js' };
    });
  },
};

/**
 * The extension reads decks and lessons that this script has compiled. Without what compiles them it has no use for
 * yaml, whose package does not say that loading it has no effects.
 */
const droppedYaml: esbuild.Plugin = {
  name: 'dropped-yaml',
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, async ({ path: name, kind, resolveDir, pluginData }) => {
      if (pluginData === 'resolving') return undefined;
      const found = await build.resolve(name, { kind, resolveDir, pluginData: 'resolving' });
      return { path: found.path, sideEffects: false };
    });
  },
};

/** Leaves the features out of the bundle that loads them, as the file beside it. */
const featuresApart: esbuild.Plugin = {
  name: 'features-apart',
  setup(build) {
    build.onResolve({ filter: /\/features\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './features.cjs', external: true } : undefined,
    );
  },
};

/**
 * For both extension hosts, Node and web worker: made for browsers, and Node has what they have. The ending of the
 * files tells both that they are CommonJS although our package is not.
 */
const extension: esbuild.BuildOptions = {
  ...shared,
  platform: 'browser',
  target: 'es2022',
  format: 'cjs',
  // web-tree-sitter asks for them, but only under Node and only where it was not given its bytes.
  external: ['vscode', 'fs', 'fs/promises'],
  plugins: [commonJsTreeSitter, untouchedDate, droppedYaml],
};

const bundles: esbuild.BuildOptions[] = [
  {
    ...extension,
    entryPoints: ['src/extension/main.ts'],
    outfile: 'dist/extension.cjs',
    plugins: [featuresApart],
    // VS Code's own `require` is what knows the module vscode.
    supported: { 'dynamic-import': false },
  },
  { ...extension, entryPoints: ['src/extension/features.ts'], outfile: 'dist/features.cjs' },
  // The web worker host loads a single file; the features in it run only once they are asked for.
  { ...extension, entryPoints: ['src/extension/main.ts'], outfile: 'dist/extension-web.cjs' },
  {
    ...commandLine,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: `#!/usr/bin/env node\n${requireForBundle}` },
  },
  {
    ...commandLine,
    entryPoints: ['src/server/main.ts'],
    outfile: 'dist/server.js',
    banner: { js: requireForBundle },
  },
  {
    ...shared,
    entryPoints: ['src/webview/main.tsx'],
    outfile: 'dist/webview.js',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
];

/** Files that go to dist/ as they are. */
const copies = [
  'web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-python/tree-sitter-python.wasm',
  '@vscode/codicons/dist/codicon.css',
  '@vscode/codicons/dist/codicon.ttf',
];

/**
 * Checks the decks in quizzes/ and writes them as one JSON array, in order of file name.
 * @throws naming file, line, column and what is wrong, for every error in any deck.
 */
async function buildDecks(): Promise<void> {
  const folder = path.join(ROOT, 'quizzes');
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const { decks, errors } = compileDecks(
    files.sort().map((file) => ({
      name: `quizzes/${file}`,
      text: fs.readFileSync(path.join(folder, file), 'utf8'),
    })),
  );
  if (errors.length > 0) {
    throw new Error(
      errors.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    );
  }
  fs.writeFileSync(path.join(DIST, 'decks.json'), `${JSON.stringify(decks)}\n`);
}

/**
 * Checks the lessons in quizzes/lessons/ and writes them as one JSON array.
 * @throws as `buildDecks` does.
 */
function buildLessons(): void {
  fs.writeFileSync(path.join(DIST, 'lessons.json'), `${JSON.stringify(compileLessons())}\n`);
}

async function buildPredictions(): Promise<void> {
  fs.writeFileSync(path.join(DIST, 'predictions.json'), `${JSON.stringify(await predictSample())}\n`);
}

/** Checks the exercises in the folders of quizzes/ and writes them as one JSON object. */
function buildExercises(): void {
  const folder = path.join(ROOT, 'quizzes');
  const files = FAMILIES.flatMap((family) =>
    (fs.readdirSync(path.join(folder, family), { recursive: true }) as string[])
      .filter((file) => /\.(?:py|yaml|md)$/.test(file))
      .map((file) => ({
        path: `${family}/${file.replaceAll('\\', '/')}`,
        text: fs.readFileSync(path.join(folder, family, file), 'utf8'),
      })),
  );
  fs.writeFileSync(path.join(DIST, 'exercises.json'), `${JSON.stringify(compileExercises(files))}\n`);
}

function copyFiles(): void {
  for (const file of copies) {
    fs.copyFileSync(path.join(ROOT, 'node_modules', file), path.join(DIST, path.basename(file)));
  }
}

async function main(): Promise<void> {
  fs.mkdirSync(DIST, { recursive: true });
  copyFiles();
  await buildDecks();
  buildLessons();
  await buildPredictions();
  buildExercises();
  if (!watch) {
    await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
    fs.chmodSync(path.join(DIST, 'cli.js'), 0o755);
    return;
  }
  for (const bundle of bundles) await (await esbuild.context(bundle)).watch();
  fs.watch(path.join(ROOT, 'quizzes'), { recursive: true }, () => {
    buildDecks()
      .then(buildLessons)
      .then(buildExercises)
      .catch((error: Error) => console.error(error.message));
  });
}

main().catch((error: Error) => {
  // esbuild has printed its own errors already.
  if (!('errors' in error)) console.error(error.message);
  process.exitCode = 1;
});
