import assert from 'node:assert/strict';
import * as os from 'node:os';
import * as path from 'node:path';
import { cacheFolder } from '../../host/cache-folder.ts';

describe('The cache folder of the test host', () => {
  const saved = { ...process.env };
  afterEach(() => {
    for (const name of ['FREEZELINT_CACHE', 'XDG_CACHE_HOME']) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
  });

  it('is where FREEZELINT_CACHE says', () => {
    process.env.FREEZELINT_CACHE = path.join(os.tmpdir(), 'cache of mine');
    assert.equal(cacheFolder(), path.join(os.tmpdir(), 'cache of mine'));
  });

  it('is absolute and lies outside the project', () => {
    delete process.env.FREEZELINT_CACHE;
    const folder = cacheFolder();
    assert.ok(path.isAbsolute(folder), folder);
    assert.ok(path.relative(process.cwd(), folder).startsWith('..'), folder);
  });

  it('ignores a relative XDG_CACHE_HOME, as the specification demands', () => {
    delete process.env.FREEZELINT_CACHE;
    process.env.XDG_CACHE_HOME = 'relative';
    assert.ok(path.isAbsolute(cacheFolder()));
    assert.ok(!cacheFolder().includes('relative'));
  });
});
