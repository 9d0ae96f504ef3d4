import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeSource, encodeSource, UnreadableSource } from '../../../src/node/source-file.ts';

describe('a source file', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');

  it('is UTF-8 unless it says otherwise', () => {
    assert.equal(decodeSource(Buffer.from('x = "é→😀"')).text, 'x = "é→😀"');
    assert.throws(() => decodeSource(latin1('x = "é"')), UnreadableSource);
  });

  it('may name its encoding in one of the first two lines', () => {
    for (const cookie of [
      '# -*- coding: latin-1 -*-\n',
      '#!/usr/bin/python\n# vim: set fileencoding=iso-8859-1 :\n',
      '\r\n#coding=Latin_1-unix\r\n',
    ]) {
      const source = decodeSource(latin1(`${cookie}x = "é"`));
      assert.equal(source.text, `${cookie}x = "é"`);
      assert.equal(source.encoding, 'latin-1');
    }
  });

  it('names no encoding below that, below code, or inside code', () => {
    for (const start of [
      '\n\n# coding: latin-1\n',
      'x = 1\n# coding: latin-1\n',
      'x = "coding: latin-1"\n',
    ]) {
      assert.throws(() => decodeSource(latin1(`${start}# é`)), UnreadableSource);
    }
  });

  it('may not name an encoding that we do not know', () => {
    assert.throws(() => decodeSource(latin1('# coding: euc-jp\n')), /unsupported encoding "euc-jp"/);
  });

  it('is UTF-8 with a byte order mark, whatever its coding comment says', () => {
    const source = decodeSource(Buffer.from('\uFEFF# coding: latin-1\n"é"'));
    assert.deepEqual(source, { text: '# coding: latin-1\n"é"', encoding: 'utf-8', byteOrderMark: true });
  });

  it('is no text with NUL bytes, as UTF-16 has them', () => {
    assert.throws(() => decodeSource(Buffer.from('\uFEFFx', 'utf16le')), /binary/);
  });

  it('is written back byte by byte', () => {
    const bytes = fc.oneof(
      fc.tuple(fc.boolean(), fc.string({ unit: 'grapheme' })).map(([mark, text]) => {
        return Buffer.from((mark ? '\uFEFF' : '') + text.replaceAll('\0', ''));
      }),
      fc.uint8Array().map((content) => {
        return Buffer.concat([latin1('# coding: latin-1\n'), content.filter((byte) => byte !== 0)]);
      }),
    );
    fc.assert(
      fc.property(bytes, (original) => {
        const source = decodeSource(original);
        assert.deepEqual(Buffer.from(encodeSource(source.text, source)), original);
      }),
    );
  });
});
