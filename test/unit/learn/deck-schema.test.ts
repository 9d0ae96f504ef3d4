import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deckSchema } from '../../../src/learn/deck.ts';
import { jsonSchemaOf } from './json-schema.ts';

const schema = JSON.parse(readFileSync(new URL('../../../media/deck.schema.json', import.meta.url), 'utf8'));

/** A schema without the words that only people read; `properties` may well have a "title" of its own. */
function bare(value: unknown, isProperties = false): unknown {
  if (Array.isArray(value)) return value.map((each) => bare(each));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key]) => isProperties || !['$schema', 'title', 'description'].includes(key),
  );
  return Object.fromEntries(
    kept.map(([key, each]) => [key, bare(each, key === 'properties' && !isProperties)]),
  );
}

describe('the JSON Schema of decks', () => {
  it('says the same as the schema that decks are read with', () => {
    assert.deepEqual(bare(schema), jsonSchemaOf(deckSchema));
  });

  it('describes every key to authors', () => {
    const undescribed: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, each] of Object.entries((value as { properties?: object }).properties ?? {})) {
        if (typeof (each as { description?: unknown }).description !== 'string')
          undescribed.push(`${path}.${key}`);
      }
      for (const [key, each] of Object.entries(value)) visit(each, `${path}.${key}`);
    };
    visit(schema, '');
    assert.deepEqual(undescribed, []);
  });
});
