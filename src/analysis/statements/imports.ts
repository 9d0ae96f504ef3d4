/** `import` statements: names of libraries, and files of the workspace, whose top level is run when it is asked for. */
import type { Import, ImportFrom } from '../../python/syntax.ts';
import { findLayer } from '../../torch/layers.ts';
import { findOptimizer } from '../../torch/optimizers.ts';
import { findArchitecture } from '../../torch/torchvision.ts';
import { forgetFlags, reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import type { ImportedFile, Imports } from '../program.ts';
import type { State } from '../state/state.ts';
import {
  constant,
  type ExternalValue,
  external,
  type ImportedNameValue,
  type NamespaceValue,
  type ScopeId,
  type Value,
} from '../state/values.ts';

/**
 * Steps that the top level of one imported file may take: definitions and settings take some hundred. A file that
 * takes more is a program by itself, and what it makes is unknown.
 */
const MAX_IMPORT_STEPS = 10_000;

const namespace = (name: string, imports: Imports): NamespaceValue => ({ kind: 'namespace', name, imports });

/** The dotted name of something inside a module: `.` and `layers` give `.layers`. */
export const dotted = (module: string, name: string): string =>
  module.endsWith('.') ? `${module}${name}` : `${module}.${name}`;

/** Whether a dotted name, or anything below it, leads to a file of the workspace. */
function isLocal(name: string, imports: Imports): boolean {
  if (imports.has(name)) return true;
  const below = dotted(name, '');
  for (const known of imports.keys()) if (known.startsWith(below)) return true;
  return false;
}

/** What is kept about imports from one look at them to the next. */
export class ImportRecord {
  /** Modules named in `from module import *`, by the global scope of the file that says so. */
  readonly stars = new Map<ScopeId, Set<ExternalValue | NamespaceValue>>();
  /** Names that are being looked for in star imports. */
  readonly questions = new Set<string>();
  /** How the top level of each imported file that was asked for left things; null where that is not known (yet). */
  readonly ends = new Map<string, State | null>();
}

export function importModules(run: Interpreter, node: Import): void {
  const imports = run.program.importsAt(node.start);
  for (const { path, alias } of node.names) {
    const name = alias ? path : (path.split('.')[0] ?? path);
    run.variables.assign(alias ?? name, isLocal(path, imports) ? namespace(name, imports) : external(name));
  }
}

export function importNames(run: Interpreter, node: ImportFrom): void {
  const imports = run.program.importsAt(node.start);
  const module = '.'.repeat(node.level) + node.module;
  const from = isLocal(module, imports) ? namespace(module, imports) : null;
  if (!node.names) {
    const all = run.imports.stars.get(run.variables.globals) ?? new Set();
    if (![...all].some((one) => (one.kind === 'external' ? one.path : one.name) === module)) {
      all.add(from ?? external(module));
    }
    run.imports.stars.set(run.variables.globals, all);
  }
  for (const { name, alias } of node.names ?? []) {
    run.variables.assign(
      alias ?? name,
      from ? { kind: 'importedName', from, name } : external(`${module}.${name}`),
    );
  }
}

/** Whether a `from module import *` brings in a name; null where none is known to. */
export function starImported(run: Interpreter, globals: ScopeId, name: string): Value | null {
  const modules = run.imports.stars.get(globals);
  if (!modules) return null;
  // Files may import everything from each other.
  const question = `${globals}:${name}`;
  if (run.imports.questions.has(question)) return null;
  run.imports.questions.add(question);
  let found: Value | null = null;
  // Python keeps what was imported last.
  for (const module of [...modules].reverse()) {
    if (module.kind === 'namespace') {
      found = name.startsWith('_') ? null : ownAttribute(run, module, name);
    } else if (isLibraryName(`${module.path}.${name}`)) found = external(`${module.path}.${name}`);
    if (found) break;
  }
  run.imports.questions.delete(question);
  return found;
}

/** What `from module import *` has brought into a scope, as far as something was asked for; later imports win. */
export function starImportedVariables(
  run: Interpreter,
  state: State,
  globals: ScopeId,
): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const module of run.imports.stars.get(globals) ?? []) {
    const file = module.kind === 'namespace' ? fileOf(run, module) : null;
    const prefix = `${file && scopeOf(file)}:`;
    if (!file || !state.variables.get(`${prefix}__name__`)) continue;
    for (const [key, value] of state.variables.entries()) {
      const name = key.slice(prefix.length);
      if (key.startsWith(prefix) && !name.startsWith('_')) found.set(name, value);
    }
  }
  return found;
}

/** Whether a dotted path is a name of a library that the analysis has facts about. */
const isLibraryName = (path: string): boolean =>
  findLayer(path) !== null || findOptimizer(path) !== null || findArchitecture(path) !== null;

// ------------------------------------------------------------------ names that were imported

export const isSettled = (value: Value): boolean =>
  value.kind === 'union' ? value.options.every(isSettled) : value.kind !== 'importedName';

/** Looks up what a variable was imported as, and keeps it. */
export function settleVariable(run: Interpreter, key: string, value: Value): Value {
  // `from . import layers` in the package itself must not find itself.
  run.state.variables.delete(key);
  const settled = settle(run, value);
  run.state.variables.set(key, settled);
  return settled;
}

function settle(run: Interpreter, value: Value): Value {
  if (value.kind === 'importedName') return importedValue(run, value);
  if (value.kind !== 'union') return value;
  return value.options.map((option) => settle(run, option)).reduce((all, one) => run.joinValues(all, one));
}

/** `from module import name`: what the module calls so, else the file of that name inside it. */
const importedValue = (run: Interpreter, { from, name }: ImportedNameValue): Value =>
  namespaceAttribute(run, from, name) ?? external(dotted(from.name, name));

/** `module.name`; null where there is no such thing. */
export function namespaceAttribute(run: Interpreter, module: NamespaceValue, name: string): Value | null {
  const below = dotted(module.name, name);
  return (
    ownAttribute(run, module, name) ??
    (isLocal(below, module.imports) ? namespace(below, module.imports) : null)
  );
}

/** A global variable of an imported file. */
function ownAttribute(run: Interpreter, module: NamespaceValue, name: string): Value | null {
  const file = fileOf(run, module);
  const scope = file && enter(run, file);
  if (scope === null) return null;
  const key = `${scope}:${name}`;
  const value = run.state.variables.get(key);
  if (!value) return starImported(run, scope, name);
  return isSettled(value) ? value : settleVariable(run, key, value);
}

/** `module.name = value` */
export function setNamespaceAttribute(
  run: Interpreter,
  module: NamespaceValue,
  name: string,
  value: Value,
): void {
  const file = fileOf(run, module);
  const scope = file && enter(run, file);
  if (scope !== null) run.state.variables.set(`${scope}:${name}`, value);
}

// ---------------------------------------------------------------------- files that are run

function fileOf(run: Interpreter, { name, imports }: NamespaceValue): ImportedFile | null {
  const path = imports.get(name);
  return (path === undefined ? null : run.program.files.get(path)) ?? null;
}

const scopeOf = (file: ImportedFile): ScopeId => `file${file.start}`;

/** The scope of an imported file's global variables, its top level having been run; null where it cannot be. */
function enter(run: Interpreter, file: ImportedFile): ScopeId | null {
  const scope = scopeOf(file);
  const marker = `${scope}:__name__`;
  // Known on this path already, or being run just now further out: then what is there so far counts, as in Python.
  if (run.state.variables.get(marker)) return scope;
  let end = run.imports.ends.get(file.path);
  if (end === undefined) {
    run.imports.ends.set(file.path, null);
    end = runTopLevel(run, file, scope);
    run.imports.ends.set(file.path, end);
  }
  if (end === null) return null;
  run.state.adopt(end);
  if (run.flagsAreForgotten) forgetFlags(run, end.variables.values());
  return scope;
}

/** Runs the top level of an imported file, which is the same for every path that asks for it. */
function runTopLevel(run: Interpreter, file: ImportedFile, scope: ScopeId): State | null {
  const { body } = file.module;
  const end = run.apart(scope, MAX_IMPORT_STEPS, () => {
    run.state.variables.set(`${scope}:__name__`, constant(file.path));
    run.runBlock(body);
    leaveRegistriesOpen(run);
  });
  if (!end) run.exhaustions.note('importSteps', { start: file.start, end: file.start });
  return end;
}

/** What is empty when its file has been imported is there to be filled by others, such as a registry of models. */
function leaveRegistriesOpen(run: Interpreter): void {
  for (const id of reachableFrom(run, run.state.variables.values()).objects) {
    const object = run.state.heap.get(id);
    if (object?.kind === 'list' && object.items.length === 0) {
      run.state.heap.set(id, { ...object, complete: false });
    } else if (object?.kind === 'dictionary' && object.entries.length === 0) {
      run.state.heap.set(id, { ...object, complete: false });
    }
  }
}
