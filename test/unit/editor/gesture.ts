import assert from 'node:assert/strict';
import { analyse } from '../../../src/analysis/analyse.ts';
import type { FreezeNode } from '../../../src/analysis/places/freeze-tree.ts';
import { freezeTree } from '../../../src/analysis/places/freeze-tree.ts';
import { applyEdits } from '../../../src/editor/edits.ts';
import { type FreezeContext, freezeContext } from '../../../src/editor/freeze-context.ts';
import { lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import type { Edit } from '../../../src/rules/rule.ts';

/** A program with a cursor, written as `|`. */
export function withCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  assert.ok(offset >= 0, 'there is a cursor');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

export function contextOf(parser: PythonParser, marked: string): FreezeContext {
  const { text, offset } = withCursor(marked);
  const context = freezeContext(parser.parse(text), offset);
  assert.ok(context, 'something is known at the cursor');
  return context;
}

/** The text after an edit, which must parse and bring no finding that was not there. */
export function applied(parser: PythonParser, before: string, edit: Edit | null): string {
  assert.ok(edit, 'there is an edit');
  const after = applyEdits(before, [edit]);
  assert.deepEqual(parser.parse(after).errors, [], after);
  const codes = (text: string): string[] =>
    (lint(parser, text, { rules: {} })?.problems ?? [])
      .map(({ code, message }) => `${code} ${message}`)
      .sort();
  const known = codes(before).map((each) => each.slice(0, 6));
  const added = codes(after).filter((each) => {
    const index = known.indexOf(each.slice(0, 6));
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
  assert.deepEqual(added, [], after);
  return after;
}

/** What is known of a module at the end of the program, by its path in a variable. */
export function verdictAtEnd(
  parser: PythonParser,
  text: string,
  variable: string,
  path: string,
): FreezeNode['verdict'] | null {
  const module = analyse(parser.parse(text)).topLevel?.modules.get(variable);
  assert.ok(module, `${variable} is known`);
  let node: FreezeNode | undefined = freezeTree(module);
  for (const part of path === '' ? [] : path.split('.'))
    node = node?.children.find(({ name }) => name === part);
  return node?.verdict ?? null;
}
