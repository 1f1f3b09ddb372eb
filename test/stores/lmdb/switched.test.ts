import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';
import type { SourceDifference } from '../../../stores/lmdb/switch.ts';
import { SwitchedList, SwitchedMap, SwitchedSet } from '../../../stores/lmdb/switched.ts';

let folder = '';
let collections: Collections;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-switched-'));
  collections = openCollections(folder, { readOnly: false });
});

afterEach(() => {
  collections.close();
  rmSync(folder, { recursive: true, force: true });
});

function put(entries: Record<string, unknown>): void {
  collections.write.replace(
    'm',
    { kind: 'map' },
    Object.entries(entries).map(([key, value]) => ({ key, value: value as never })),
  );
}

describe('a structure that is moved over', () => {
  it('answers from memory at first, and from the live collection when it is switched', () => {
    put({ a: 2 });
    const map = new SwitchedMap<number>({ memory: new Map([['a', 1]]), live: collections.map('m') });
    expect([map.get('a'), map.has('b'), map.size, [...map]]).toEqual([1, false, 1, [['a', 1]]]);
    map.switchTo('lmdb');
    expect([map.get('a'), [...map], [...map.keys()], [...map.values()]]).toEqual([2, [['a', 2]], ['a'], [2]]);
    map.switchTo('memory');
    expect(map.get('a')).toBe(1);
    expect(map.figures()).toEqual({
      mode: 'memory',
      answersFrom: 'memory',
      lookUps: 5,
      compared: 0,
      differences: 0,
      samples: [],
    });
  });

  it('is compared in the shadow of either, whatever the order of members in a value', () => {
    put({ a: { y: [1], x: null }, b: 2, c: 3 });
    const told: SourceDifference[] = [];
    const memory = new Map<string, unknown>([
      ['a', { x: null, y: [1] }],
      ['b', 7],
    ]);
    const map = new SwitchedMap({
      memory: () => memory as never,
      live: collections.map('m'),
      onDifference: (one) => told.push(one),
    });
    map.switchTo('shadow');
    expect([map.get('a'), map.get('b'), map.get('c'), map.has('d')]).toEqual([
      { x: null, y: [1] },
      7,
      undefined,
      false,
    ]);
    map.switchTo('shadow', 'lmdb');
    expect([map.get('b'), map.size]).toEqual([2, 3]);
    const samples = [
      { asked: 'b', memory: 7, lmdb: 2 },
      { asked: 'c', memory: undefined, lmdb: 3 },
      { asked: 'b', memory: 7, lmdb: 2 },
      { asked: 'size', memory: 2, lmdb: 3 },
    ];
    expect(map.figures()).toEqual({
      mode: 'shadow',
      answersFrom: 'lmdb',
      lookUps: 6,
      compared: 6,
      differences: 4,
      samples,
    });
    expect(told).toEqual(samples);
  });

  it('suffers nothing from the source that does not answer', () => {
    collections.write.replace('m', { kind: 'list' }, []);
    const map = new SwitchedMap<number>({ memory: new Map([['a', 1]]), live: collections.map('m') });
    map.switchTo('shadow');
    expect(map.get('a')).toBe(1);
    expect(map.figures()).toMatchObject({
      differences: 1,
      samples: [{ asked: 'a', lmdb: { code: 'STORE_VALUE_KIND' } }],
    });
    map.switchTo('lmdb');
    expect(() => map.get('a')).toThrow('asked as a map');
  });

  it('may be a set or a list', () => {
    collections.write.replace('s', { kind: 'set' }, [{ key: 'a' }, { key: 1 }]);
    collections.write.replace(
      'l',
      { kind: 'list' },
      ['a', 'b'].map((value) => ({ value })),
    );
    const set = new SwitchedSet({ memory: new Set<string | number>(['a']), live: collections.set('s') as never });
    const list = new SwitchedList({ memory: ['a', 'c'], live: collections.list('l') as never });
    for (const one of [set, list]) one.switchTo('shadow', 'lmdb');
    expect([set.has('a'), set.has(1 as never), set.size, [...set].length]).toEqual([true, true, 2, 2]);
    expect([list.at(-1), list.length, list.slice(0, 1), [...list]]).toEqual(['b', 2, ['a'], ['a', 'b']]);
    expect([set.figures().differences, list.figures().differences]).toEqual([2, 1]);
  });
});
