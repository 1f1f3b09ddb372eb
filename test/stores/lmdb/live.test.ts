import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';
import type { JsonValue } from '../../../stores/lmdb/values.ts';
import { BytesRef } from '../../../stores/store.ts';
import { codeOf } from '../../support/error-code.ts';

let folder = '';
let collections: Collections;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-live-'));
  collections = openCollections(folder, { readOnly: false });
});

afterEach(() => {
  collections.verify();
  collections.close();
  rmSync(folder, { recursive: true, force: true });
});

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', 'a', 'ab', '\u{1f600}', '__proto__', 'x'.repeat(509), 'x'.repeat(510), 'é'.repeat(300)),
);

describe('a live map', () => {
  it('answers as a Map of the same entries does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, json)), fc.array(text), (entries, others) => {
        collections.write.replace(
          'm',
          { kind: 'map' },
          entries.map(([key, value]) => ({ key, value })),
        );
        const model = new Map(entries);
        const map = collections.map('m');
        expect(map.size).toBe(model.size);
        for (const key of [...model.keys(), ...others]) {
          expect([key, map.has(key), map.get(key)]).toEqual([key, model.has(key), model.get(key)]);
        }
        expect(new Map(map)).toEqual(model);
        expect([...map.keys()].sort()).toEqual([...model.keys()].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('is read by prefix and by range, in byte order', () => {
    const keys = ['a', 'ab', 'abc', 'b', 'é', '\u{1f600}', '\uffff', 'z'.repeat(600)];
    collections.write.replace(
      'm',
      { kind: 'map' },
      keys.map((key, value) => ({ key, value })),
    );
    const map = collections.map<number>('m');
    expect([...map.prefix('ab')]).toEqual([
      ['ab', 1],
      ['abc', 2],
    ]);
    expect([...map.prefix('')].length).toBe(keys.length - 1);
    expect([...map.range('ab', 'é')].map(([key]) => key)).toEqual(['ab', 'abc', 'b']);
    expect([...map.range('b')].map(([key]) => key)).toEqual(['b', 'é', '\uffff', '\u{1f600}']);
    expect([...map.keys()].at(-1)).toBe('z'.repeat(600));
    expect(map.get('z'.repeat(600))).toBe(7);
  });

  it('is a store of byte strings where bytes are asked for', () => {
    const entries = [
      { key: 'text', value: 'é' },
      { key: 'number', value: 7 },
      { key: 'object', value: { a: [1] } },
    ];
    collections.write.replace('m', { kind: 'map' }, entries);
    const store = collections.store('m');
    const found = entries.map(({ key }) => {
      const value = new BytesRef();
      store.findBytes(Buffer.from(key), 0, key.length, value);
      return Buffer.from(value.copy()).toString();
    });
    expect([store.valueKind, ...found]).toEqual(['bytes', 'é', '7', '{"a":[1]}']);
    store.verify();
  });

  it('refuses what JSON cannot say, and keys that are no text', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, circle, () => 1]) {
      expect(codeOf(() => collections.write.replace('m', { kind: 'map' }, [{ key: 'k', value }]))).toBe('STORE_INPUT');
    }
    for (const key of ['\ud800', 'x'.repeat(70_000), 1, null]) {
      expect(codeOf(() => collections.write.replace('m', { kind: 'map' }, [{ key, value: 1 }]))).toBe('STORE_INPUT');
    }
    expect(collections.map('m').get('\ud800')).toBeUndefined();
    expect(collections.names()).toEqual([]);
  });
});

describe('a live set', () => {
  it('has what a Set of the same members has', () => {
    const member = fc.oneof(
      text,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(member), fc.array(member), (members, others) => {
        collections.write.replace(
          's',
          { kind: 'set' },
          members.map((key) => ({ key })),
        );
        const model = new Set(members.map((one) => (one === 0 ? 0 : one)));
        const set = collections.set('s');
        expect(set.size).toBe(model.size);
        for (const one of [...members, ...others]) expect([one, set.has(one)]).toEqual([one, model.has(one)]);
        expect(new Set(set)).toEqual(model);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps text and numbers apart, and text in byte order', () => {
    collections.write.replace(
      's',
      { kind: 'set' },
      ['b', 1, '1', 'a', true].map((key) => ({ key })),
    );
    const set = collections.set('s');
    expect([set.has('1'), set.has(1), set.has('true'), set.has(true), set.has(2)]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect([...set].slice(0, 3)).toEqual(['1', 'a', 'b']);
    expect([...set.range('a')]).toEqual(['a', 'b']);
    expect(codeOf(() => collections.write.replace('s', { kind: 'set' }, [{ key: [1] as never }]))).toBe('STORE_INPUT');
  });
});

describe('a live list', () => {
  it('answers as an array of the same elements does', () => {
    const index = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(
        fc.array(json, { maxLength: 10 }),
        index,
        fc.option(index, { nil: undefined }),
        (elements, from, to) => {
          collections.write.replace(
            'l',
            { kind: 'list' },
            elements.map((value) => ({ value })),
          );
          const list = collections.list('l');
          expect([list.length, list.at(from)]).toEqual([elements.length, elements.at(from)]);
          expect(list.slice(from, to)).toEqual(elements.slice(from, to));
          expect([...list]).toEqual(elements);
          expect(list.map((element, i) => [element, i])).toEqual(elements.map((element, i) => [element, i]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is changed by position, at its end, and by its length', () => {
    collections.write.replace(
      'l',
      { kind: 'list' },
      ['a', 'b', 'c'].map((value) => ({ value })),
    );
    const list = collections.list('l');
    collections.write.put('l', [{ key: 1, value: 'B' }, { value: 'd' }, { value: 'e' }]);
    expect([...list]).toEqual(['a', 'B', 'c', 'd', 'e']);
    collections.write.truncate('l', 2);
    expect([[...list], list.includes('B'), list.indexOf('c')]).toEqual([['a', 'B'], true, -1]);
    for (const key of [3, -1, 1.5, 'x']) {
      expect(codeOf(() => collections.write.put('l', [{ key, value: 1 }]))).toBe('STORE_INPUT');
    }
    expect(codeOf(() => collections.write.delete('l', ['a']))).toBe('STORE_INPUT');
  });

  it('of a collection that is none is refused', () => {
    collections.write.replace('l', { kind: 'list' }, [{ value: 1 }]);
    expect(codeOf(() => collections.map('l').get('a'))).toBe('STORE_VALUE_KIND');
    expect(codeOf(() => collections.store('l'))).toBe('STORE_VALUE_KIND');
    expect([collections.list('none').length, [...collections.list('none')]]).toEqual([0, []]);
  });
});

describe('changes', () => {
  const replace = (entries: Record<string, JsonValue>, detail = 0) =>
    collections.write.replace(
      'm',
      { kind: 'map', detail },
      Object.entries(entries).map(([key, value]) => ({ key, value })),
    );

  it('write what differs and count it', () => {
    expect(replace({ a: 1, b: 2, c: 3 })).toEqual({ generation: 1, changed: 3, keyCount: 3 });
    expect(replace({ a: 1, b: 3, d: 4 })).toEqual({ generation: 2, changed: 3, keyCount: 3 });
    expect(replace({ d: 4, b: 3, a: 1 })).toEqual({ generation: 2, changed: 0, keyCount: 3 });
    expect(replace({ d: 4, b: 3, a: 1 }, 7)).toEqual({ generation: 3, changed: 0, keyCount: 3 });
    expect(
      collections.write.put('m', [
        { key: 'e', value: 5 },
        { key: 'a', value: 1 },
      ]),
    ).toEqual({ generation: 4, changed: 1, keyCount: 4 });
    expect(collections.write.delete('m', ['e', 'none', 'a'])).toEqual({ generation: 5, changed: 2, keyCount: 2 });
    expect(collections.info('m')).toMatchObject({ keyCount: 2, detail: 7, bytes: 2 * (2 + 5) });
  });

  it('agree with a model, whatever their order, also when removed entries leave records', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'x'.repeat(600));
    const change = fc.oneof(
      fc.record({ put: fc.array(fc.tuple(key, fc.nat(3))) }),
      fc.record({ delete: fc.array(key) }),
      fc.record({ replace: fc.array(fc.tuple(key, fc.nat(3))) }),
      fc.constant({ undo: true }),
    );
    const entriesOf = (pairs: readonly [string, number][]) => pairs.map(([k, value]) => ({ key: k, value }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.boolean(), (changes, keepsTombstones) => {
        collections.write.remove('m');
        const description = { kind: 'map', keepsTombstones } as const;
        collections.write.replace('m', description, []);
        let model = new Map<string, number>();
        let before = model;
        for (const one of changes) {
          const next = new Map(model);
          const generation = collections.generation();
          if ('put' in one) {
            collections.write.put('m', entriesOf(one.put));
            for (const [k, v] of one.put) next.set(k, v);
          } else if ('delete' in one) {
            collections.write.delete('m', one.delete);
            for (const k of one.delete) next.delete(k);
          } else if ('replace' in one) {
            collections.write.replace('m', description, entriesOf(one.replace));
            next.clear();
            for (const [k, v] of one.replace) next.set(k, v);
          } else {
            collections.write.undo('m');
            next.clear();
            for (const [k, v] of before) next.set(k, v);
          }
          if (collections.generation() !== generation) {
            before = model;
            model = next;
          }
          const map = collections.map<number>('m');
          expect([map.size, new Map(map)]).toEqual([model.size, model]);
          for (const k of ['a', 'b', 'c', 'd', 'x'.repeat(600)]) expect(map.get(k)).toBe(model.get(k));
        }
        collections.verify();
      }),
      { numRuns: 60 },
    );
  });

  it('are undone, one by one, and made again', () => {
    replace({ a: 1 }, 1);
    collections.write.put('m', [{ key: 'b', value: 2 }]);
    const map = collections.map<number>('m');
    expect(collections.write.undo('m')).toMatchObject({ generation: 3, changed: 1 });
    expect([...map]).toEqual([['a', 1]]);
    collections.write.undo('m');
    expect([...map]).toHaveLength(2);
    collections.write.replace('other', { kind: 'set' }, []);
    collections.write.undo('m');
    expect([...map]).toEqual([['a', 1]]);
    expect(collections.write.undo('none')).toBeUndefined();
    collections.write.replace('m', { kind: 'list' }, []);
    expect(collections.write.undo('m')).toBeUndefined();
  });

  it('of a large replacement are not undone', () => {
    const entries = Array.from({ length: 5 }, (_, i) => ({ key: `k${i}`, value: 'x'.repeat(2 ** 20) }));
    collections.write.replace('m', { kind: 'map' }, entries);
    collections.write.replace('m', { kind: 'map' }, []);
    expect(collections.write.undo('m')).toBeUndefined();
  });

  it('are for the owner alone, until it gives the collection away', () => {
    collections.write.replace('m', { kind: 'map', source: 'm.json' }, [{ key: 'a', value: 1 }], 'files');
    const tries = [
      () => replace({ a: 2 }),
      () => collections.write.put('m', [{ key: 'a', value: 2 }]),
      () => collections.write.delete('m', ['a']),
      () => collections.write.remove('m'),
      () => collections.write.undo('m'),
      () => collections.write.put('m', [], 'sync'),
    ];
    expect(tries.map(codeOf)).toEqual(tries.map(() => 'STORE_OWNER'));
    expect(collections.map('m').get('a')).toBe(1);
    collections.write.own('m', 'commands');
    replace({ a: 2 });
    expect(codeOf(() => collections.write.put('m', [], 'files'))).toBe('STORE_OWNER');
    expect([collections.map('m').get('a'), collections.info('m')?.owner]).toEqual([2, 'commands']);
  });

  it('that fail leave no database behind', () => {
    const failing = (): unknown =>
      collections.transaction('failing', () => {
        collections.write.replace('new', { kind: 'map' }, [{ key: 'a', value: 1 }]);
        throw new Error('no');
      });
    expect(codeOf(failing)).toBe('STORE_IO');
    expect(collections.map('new').size).toBe(0);
    collections.write.replace('other', { kind: 'map' }, [{ key: 'a', value: 2 }]);
    collections.write.replace('new', { kind: 'map' }, [{ key: 'a', value: 1 }]);
    expect([collections.map('new').get('a'), collections.map('other').get('a')]).toEqual([1, 2]);
  });
});
