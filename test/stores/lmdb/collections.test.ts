import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import type { CollectionEntry } from '../../../stores/lmdb/collection-writer.ts';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';
import { closeEnvironment, openEnvironment } from '../../../stores/lmdb/environment.ts';
import {
  COLLECTIONS_FILE,
  encodeRecord,
  encodeTimestamp,
  FORMAT_VERSION,
  HEAD_KEY,
  LOCAL_DATABASE,
  LOCAL_SEED,
} from '../../../stores/lmdb/format.ts';
import { MAX_KEY_BYTES, MAX_ORDERED_KEY_BYTES } from '../../../stores/lmdb/record-keys.ts';
import { BytesRef, MISS } from '../../../stores/store.ts';
import { codeOf } from '../../support/error-code.ts';

let folder = '';
const open: Collections[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-lmdb-'));
});

afterEach(() => {
  for (const collections of open.splice(0)) collections.close();
  rmSync(folder, { recursive: true, force: true });
});

function opened(readOnly = false): Collections {
  const collections = openCollections(folder, { readOnly });
  open.push(collections);
  return collections;
}

function entries(...words: string[]): CollectionEntry[] {
  return words.map((word) => ({ key: encodeUtf8(word), value: encodeUtf8(`to ${word}`) }));
}

function holds(collections: Collections, name: string, word: string): boolean {
  const key = encodeUtf8(word);
  return collections.store(name).find(key, 0, key.length) !== MISS;
}

describe('collections', () => {
  it('replaces one and leaves the others', () => {
    const collections = opened();
    collections.write.replace('a', { kind: 'bytes', textVersion: 3, detail: 7 }, entries('x', 'y'));
    collections.write.replace('a-b', { kind: 'set' }, entries('z'));
    collections.write.replace('a', { kind: 'bytes', textVersion: 4, detail: 8 }, entries('w', 'w', ''));
    expect(collections.names()).toEqual(['a', 'a-b']);
    expect(collections.info('a')).toEqual({
      kind: 'bytes',
      owner: 'commands',
      keepsTombstones: false,
      textVersion: 4,
      detail: 8,
      keyCount: 2,
      tombstoneCount: 0,
      bytes: 2 + 4 + 1 + 3,
      generation: 3,
      changedMs: expect.any(Number),
      source: '',
    });
    expect(['x', 'y', 'w', ''].map((word) => holds(collections, 'a', word))).toEqual([false, false, true, true]);
    expect(holds(collections, 'a-b', 'z')).toBe(true);
    expect(collections.generation()).toBe(3);
    collections.verify();
  });

  it('keeps what it held when a replacement fails half-way', () => {
    const collections = opened();
    collections.write.replace('a', { kind: 'bytes' }, entries('x'));
    const tooLong = { key: new Uint8Array(MAX_KEY_BYTES + 1) };
    expect(codeOf(() => collections.write.replace('a', { kind: 'set' }, [...entries('y'), tooLong]))).toBe(
      'STORE_INPUT',
    );
    const failing = (function* () {
      yield* entries('y');
      throw new Error('the disk of the author');
    })();
    expect(codeOf(() => collections.write.replace('a', { kind: 'set' }, failing))).toBe('STORE_IO');
    expect([holds(collections, 'a', 'x'), holds(collections, 'a', 'y')]).toEqual([true, false]);
    expect(collections.generation()).toBe(1);
    collections.verify();
  });

  it('refuses values that its kind does not hold', () => {
    const collections = opened();
    for (const value of [undefined, -1, 1.5, 2 ** 53, encodeUtf8('x')] as const) {
      const entry = value === undefined ? { key: encodeUtf8('k') } : { key: encodeUtf8('k'), value };
      expect(codeOf(() => collections.write.replace('n', { kind: 'uint' }, [entry]))).toBe('STORE_INPUT');
    }
    expect(codeOf(() => collections.write.replace('No Name', { kind: 'set' }, []))).toBe('STORE_INPUT');
    expect(collections.names()).toEqual([]);
  });

  it('removes a collection, and says whether there was one', () => {
    const collections = opened();
    collections.write.replace('a', { kind: 'set' }, entries('x'));
    expect([collections.write.remove('a'), collections.write.remove('a')]).toEqual([true, false]);
    expect([collections.info('a'), holds(collections, 'a', 'x')]).toEqual([undefined, false]);
  });

  it('holds keys up to its limit and misses longer ones', () => {
    const collections = opened();
    const longest = new Uint8Array(MAX_KEY_BYTES).fill(97);
    const ordered = longest.subarray(0, MAX_ORDERED_KEY_BYTES);
    const long = longest.subarray(0, MAX_ORDERED_KEY_BYTES + 1);
    const after = encodeUtf8('b');
    collections.write.replace(
      'a',
      { kind: 'bytes' },
      [long, after, ordered, longest].map((key) => ({ key, value: key })),
    );
    const store = collections.store('a');
    const value = new BytesRef();
    for (const key of [ordered, long, longest]) {
      expect(store.find(key, 0, key.length)).toBe(key.length);
      expect(store.findBytes(key, 0, key.length, value)).toBe(true);
      expect(Buffer.compare(value.copy(), key)).toBe(0);
    }
    expect(store.find(longest, 1, MAX_KEY_BYTES)).toBe(MISS);
    expect(store.find(new Uint8Array(MAX_KEY_BYTES + 1), 0, MAX_KEY_BYTES + 1)).toBe(MISS);
    const cursor = store.cursor();
    const walked: Uint8Array[] = [];
    while (cursor.next()) walked.push(cursor.key.copy());
    expect(walked.slice(0, 2)).toEqual([ordered, after]);
    expect(
      walked
        .slice(2)
        .map((key) => key.length)
        .sort((a, b) => a - b),
    ).toEqual([long.length, longest.length]);
    cursor.seek(long, 0, long.length);
    expect([cursor.next(), cursor.key.copy()]).toEqual([true, after]);
    cursor.seek(long, 0, ordered.length);
    expect([cursor.next(), cursor.key.copy()]).toEqual([true, ordered]);
    collections.verify();
  });

  it('walks more entries than it reads at a time', () => {
    const collections = opened();
    const keys = Array.from({ length: 1000 }, (_, i) => ({ key: encodeUtf8(String(i).padStart(4, '0')) }));
    collections.write.replace('a', { kind: 'set' }, keys);
    const cursor = collections.store('a').cursor();
    for (const { key } of keys) {
      expect(cursor.next()).toBe(true);
      expect(cursor.key.copy()).toEqual(key);
    }
    expect(cursor.next()).toBe(false);
  });

  it('grows and shrinks with what it holds, and its pages stay in order', () => {
    for (const count of [20_000, 10, 5_000, 0, 1, 3_000, 2_000]) {
      const collections = openCollections(folder, { readOnly: false });
      const words = Array.from({ length: count }, (_, i) => `word ${(i * 7919) % 100_003}`);
      const big = { key: encodeUtf8('big'), value: new Uint8Array(count * 10).fill(1) };
      collections.write.replace(`a${count % 2}`, { kind: 'bytes' }, [...entries(...words), big]);
      collections.close();
      const again = openCollections(folder, { readOnly: true });
      expect(again.info(`a${count % 2}`)?.keyCount).toBe(count + 1);
      again.verify();
      again.close();
    }
  });

  it('says so after it was closed', () => {
    const collections = opened();
    const store = collections.store('a');
    collections.close();
    collections.close();
    expect(codeOf(() => collections.generation())).toBe('STORE_CLOSED');
    expect(codeOf(() => store.find(new Uint8Array(1), 0, 1))).toBe('STORE_CLOSED');
  });
});

describe('a view', () => {
  const key = encodeUtf8('k');
  const values = { set: {}, uint: { value: 77 }, bytes: { value: encodeUtf8('12345678') } } as const;
  const kinds = ['set', 'uint', 'bytes'] as const;

  it.each(kinds.flatMap((from) => kinds.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'of %s refuses look-ups when the collection has become one of %s, and is right again afterwards',
    (from, to) => {
      const collections = opened();
      const write = (kind: keyof typeof values): unknown =>
        collections.write.replace('a', { kind }, [
          { key, ...values[kind] },
          { key: encodeUtf8('l'), ...values[kind] },
        ]);
      write(from);
      const store = collections.store('a');
      const expected = { set: 1, uint: 77, bytes: 8 }[from];
      expect(store.find(key, 0, 1)).toBe(expected);
      const cursor = store.cursor();
      write(to);
      const absent = encodeUtf8('x');
      for (const asked of [key, absent]) expect(codeOf(() => store.find(asked, 0, 1))).toBe('STORE_VALUE_KIND');
      expect(codeOf(() => store.findBytes(key, 0, 1, new BytesRef()))).toBe('STORE_VALUE_KIND');
      expect(codeOf(() => cursor.next())).toBe('STORE_VALUE_KIND');
      expect(codeOf(() => store.verify())).toBe('STORE_VALUE_KIND');
      expect(collections.store('a').valueKind).toBe(to === 'set' ? 'none' : to);
      write(from);
      expect(store.find(key, 0, 1)).toBe(expected);
      collections.write.remove('a');
      expect(store.find(key, 0, 1)).toBe(MISS);
    },
  );

  it('sees in a transaction what that has changed, and when it failed what was there before', () => {
    const collections = opened();
    collections.write.replace('a', { kind: 'uint' }, [{ key, value: 1 }]);
    const store = collections.store('a');
    expect(store.find(key, 0, 1)).toBe(1);
    const failing = (): unknown =>
      collections.transaction('changing its mind', () => {
        expect(store.find(key, 0, 1)).toBe(1);
        collections.write.replace('a', { kind: 'set' }, [{ key }]);
        expect(codeOf(() => store.find(key, 0, 1))).toBe('STORE_VALUE_KIND');
        const tooLong = { key: new Uint8Array(MAX_KEY_BYTES + 1) };
        expect(codeOf(() => collections.write.replace('a', { kind: 'set' }, [tooLong]))).toBe('STORE_INPUT');
        expect(collections.info('a')?.keyCount).toBe(1);
        throw new Error('enough');
      });
    expect(codeOf(failing)).toBe('STORE_IO');
    expect([store.find(key, 0, 1), collections.generation()]).toEqual([1, 1]);
    collections.verify();
  });

  it('is walked by a cursor through one generation, and says so when that is gone', async () => {
    const collections = opened();
    const write = (value: number, count = 1000): unknown =>
      collections.write.replace(
        'a',
        { kind: 'uint' },
        Array.from({ length: count }, (_, i) => ({ key: encodeUtf8(`${i % 2}${i}`), value })),
      );
    write(1);
    const cursor = collections.store('a').cursor();
    for (let i = 0; i < 300; i++) cursor.next();
    await new Promise((done) => setTimeout(done, 2));
    collections.write.replace('b', { kind: 'set' }, [{ key }]);
    for (let i = 0; i < 300; i++) expect([cursor.next(), cursor.value]).toEqual([true, 1]);
    write(2);
    const rest = codeOf(() => {
      while (cursor.next()) expect(cursor.value).toBe(1);
    });
    expect(rest).toBe('STORE_CHANGED');
    cursor.seek(encodeUtf8('1'), 0, 1);
    let count = 0;
    for (; cursor.next(); count++) expect(cursor.value).toBe(2);
    expect(count).toBe(500);
    cursor.seek(key, 0, 0);
    cursor.next();
    collections.write.remove('a');
    expect(
      codeOf(() => {
        while (cursor.next());
      }),
    ).toBe('STORE_CHANGED');
  });
});

describe('a folder that is open', () => {
  it('is not opened again by the same process, but once it was closed', () => {
    const first = opened();
    for (const readOnly of [true, false]) expect(codeOf(() => openCollections(folder, { readOnly }))).toBe('STORE_IO');
    first.close();
    opened(true).verify();
  });
});

describe('a folder that is no good', () => {
  it('is not found when it is to be read and is not there', () => {
    expect(codeOf(() => openCollections(join(folder, 'none'), { readOnly: true }))).toBe('STORE_NOT_FOUND');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is an error of the system when a file stands in its place', () => {
    writeFileSync(join(folder, 'file'), 'x');
    expect(codeOf(() => openCollections(join(folder, 'file'), { readOnly: false }))).toBe('STORE_IO');
  });

  it('is foreign when its data file is, or when another program keeps its records there', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'data.mdb'), 'hello, this is something else\n'.repeat(500));
    expect(codeOf(() => openCollections(other, { readOnly: true }))).toBe('STORE_FOREIGN');
    const foreign = openEnvironment(folder, { readOnly: false, file: COLLECTIONS_FILE });
    foreign.putSync(encodeUtf8('theirs'), encodeUtf8('x'));
    closeEnvironment(foreign);
    for (const readOnly of [true, false])
      expect(codeOf(() => openCollections(folder, { readOnly }))).toBe('STORE_FOREIGN');
  });

  it('is refused when it is of a newer format', () => {
    opened().close();
    const environment = openEnvironment(folder, { readOnly: false, file: COLLECTIONS_FILE });
    const head = Buffer.alloc(20);
    head.write('EMENDLMD', 0, 'latin1');
    head.writeUInt32LE(FORMAT_VERSION + 1, 8);
    const local = environment.openDB<Uint8Array, Uint8Array>({
      name: LOCAL_DATABASE,
      keyEncoding: 'binary',
      encoding: 'binary',
    });
    local.putSync(HEAD_KEY, encodeRecord(LOCAL_SEED, HEAD_KEY, head, encodeTimestamp(1n)));
    closeEnvironment(environment);
    for (const readOnly of [true, false]) {
      expect(codeOf(() => openCollections(folder, { readOnly }))).toBe('STORE_VERSION');
    }
  });

  it('is refused when its data file was cut', () => {
    const collections = opened();
    collections.write.replace('a', { kind: 'set' }, entries(...Array.from({ length: 500 }, (_, i) => `word ${i}`)));
    collections.close();
    const path = join(folder, COLLECTIONS_FILE);
    const whole = readFileSync(path);
    for (let length = 1; length < whole.length; length += 511) {
      writeFileSync(path, whole.subarray(0, length));
      expect([length, codeOf(() => openCollections(folder, { readOnly: true }))]).toEqual([
        length,
        length < 160 ? 'STORE_FOREIGN' : 'STORE_CORRUPT',
      ]);
    }
    writeFileSync(path, whole);
    opened(true).verify();
  });

  it('gives what it held or an error when a bit of its data file was turned', () => {
    const collections = opened();
    for (const last of ['first', 'second', 'third']) {
      const words = Array.from({ length: 120 }, (_, i) => `word ${i}`);
      collections.write.replace('a', { kind: 'bytes' }, [
        ...entries(...words, last),
        { key: encodeUtf8('x'), value: new Uint8Array(5000) },
      ]);
    }
    collections.close();
    const path = join(folder, COLLECTIONS_FILE);
    const whole = readFileSync(path);
    const outcomes = new Set<unknown>();
    for (let at = 0; at < whole.length; at += at % 4096 < 160 ? 7 : 197) {
      const damaged = Buffer.from(whole);
      damaged[at] = (whole[at] as number) ^ (1 << (at % 8));
      writeFileSync(path, damaged);
      const outcome = codeOf(() => {
        const found = opened(true);
        found.verify();
        expect([at, found.info('a')?.keyCount, holds(found, 'a', 'third')]).toEqual([at, 122, true]);
      });
      outcomes.add(outcome);
      for (const one of open.splice(0)) one.close();
    }
    // A bit of the magic number makes the file foreign, one of its version newer; unused bytes do no harm.
    const fair = new Set<unknown>(['STORE_CORRUPT', 'STORE_FOREIGN', 'STORE_VERSION', 'none']);
    expect([...outcomes].filter((outcome) => !fair.has(outcome))).toEqual([]);
    expect(outcomes.has('STORE_CORRUPT')).toBe(true);
  });
});
