import assert from 'node:assert/strict';
import { dottedNames, importStatements } from '../../../src/project/import-statements.ts';

const names = (text: string): string[] => importStatements(text).flatMap(dottedNames);

describe('import statements', () => {
  it('name a module, the packages around it, and what is taken from it', () => {
    assert.deepEqual(names('import a.b as c, d\n'), ['a', 'a.b', 'd']);
    assert.deepEqual(names('from a.b import c as d, e\n'), ['a', 'a.b', 'a.b.c', 'a.b.e']);
    assert.deepEqual(names('from a import *\n'), ['a']);
  });

  it('keep their leading dots', () => {
    assert.deepEqual(names('from . import a\n'), ['.', '.a']);
    assert.deepEqual(names('from ..pkg.mod import a\n'), ['..', '..pkg', '..pkg.mod', '..pkg.mod.a']);
    assert.deepEqual(names('from .. import (a)\n'), ['..', '..a']);
  });

  it('may go on over several lines, with comments, and end in a semicolon', () => {
    const text =
      'from a import (  # why\n    b,  # this\n    c as d,\n)\nfrom e import f, \\\n    g\nimport h; x = 1\n';
    assert.deepEqual(names(text), ['a', 'a.b', 'a.c', 'e', 'e.f', 'e.g', 'h']);
  });

  it('are found inside functions and with CRLF, and not in names that only begin so', () => {
    assert.deepEqual(names('def f():\r\n    from a import b\r\n    import c\r\n'), ['a', 'a.b', 'c']);
    assert.deepEqual(names('important = 1\nfrom_here = 2\nx.from_ = 3\n'), []);
  });
});
