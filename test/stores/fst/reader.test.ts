import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { type FstStore, openFst, openFstBytes, PrefixMatch } from '../../../stores/fst/reader.ts';
import { openStore } from '../../../stores/open.ts';
import { BytesRef, MISS } from '../../../stores/store.ts';
import { codeOf } from '../../support/error-code.ts';
import { fstFile, makeFst } from '../../support/fst.ts';
import { drain, type Entry, entriesOf, hex, sortedEntries } from '../../support/model.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const keys = (entries: readonly Entry[]): string[] => entries.map(({ key }) => text(key));

function longest(store: FstStore, key: string): string | undefined {
  const bytes = encodeUtf8(key);
  const match = new PrefixMatch();
  if (!store.longestPrefix(bytes, 0, bytes.length, match)) return undefined;
  return `${text(bytes.subarray(0, match.end))}=${match.value}`;
}

function withPrefix(store: FstStore, prefix: string): string[] {
  const cursor = store.cursor();
  const bytes = encodeUtf8(prefix);
  cursor.seekPrefix(bytes, 0, bytes.length);
  return keys(drain(cursor, store.valueKind));
}

describe('FstStore', () => {
  it('finds the longest key that is a prefix', () => {
    const store = makeFst(entriesOf(['new', 'new york', 'new york times', 'york']), 'uint');
    expect(longest(store, 'new york city')).toBe('new york=1');
    expect(longest(store, 'new')).toBe('new=0');
    expect(longest(store, 'newer')).toBe('new=0');
    expect(longest(store, 'ne')).toBeUndefined();
    expect(longest(store, '')).toBeUndefined();
    expect(longest(makeFst(entriesOf(['', 'a']), 'uint'), 'b')).toBe('=0');
  });

  it('walks the keys with a prefix, and after another seek all keys', () => {
    const store = makeFst(entriesOf(['', 'a', 'ab', 'abc', 'abd', 'b', 'ba']), 'none');
    expect(withPrefix(store, 'ab')).toEqual(['ab', 'abc', 'abd']);
    expect(withPrefix(store, 'b')).toEqual(['b', 'ba']);
    expect(withPrefix(store, 'abcd')).toEqual([]);
    expect(withPrefix(store, 'x')).toEqual([]);
    expect(withPrefix(store, '')).toHaveLength(7);
    const cursor = store.cursor();
    cursor.seekPrefix(encodeUtf8('ab'), 0, 2);
    cursor.seek(encodeUtf8('abd'), 0, 3);
    expect(keys(drain(cursor, 'none'))).toEqual(['abd', 'b', 'ba']);
  });

  it('tells the ordinals of a cursor from any key on', () => {
    const store = makeFst(entriesOf(['a', 'b', 'ba', 'c']), 'uint');
    const cursor = store.cursor();
    cursor.seek(encodeUtf8('aa'), 0, 2);
    expect(cursor.next()).toBe(true);
    expect([text(cursor.key.copy()), cursor.ordinal]).toEqual(['b', 1]);
  });

  it('keeps no ordinals in a set unless asked, and says so', () => {
    const set = makeFst(entriesOf(['a', 'b']), 'none');
    const key = encodeUtf8('b');
    expect(() => set.ordinal(key, 0, 1)).toThrow(expect.objectContaining({ code: 'STORE_VALUE_KIND' }));
    expect(() => set.keyAt(0, key, 0)).toThrow(expect.objectContaining({ code: 'STORE_VALUE_KIND' }));
    const numbered = makeFst(entriesOf(['a', 'b']), 'none', { ordinals: true });
    expect(numbered.ordinal(key, 0, 1)).toBe(1);
    expect(numbered.find(key, 0, 1)).toBe(1);
  });

  it('answers -1 for an ordinal that is none and for a buffer that is too short', () => {
    const store = makeFst(entriesOf(['abc', 'b']), 'none', { ordinals: true });
    const out = new Uint8Array(8);
    expect(store.keyAt(0, out, 2)).toBe(5);
    expect(text(out.subarray(2, 5))).toBe('abc');
    expect(store.keyAt(0, out, 6)).toBe(-1);
    expect(store.keyAt(2, out, 0)).toBe(-1);
    expect(store.keyAt(-1, out, 0)).toBe(-1);
    expect(store.keyAt(Number.NaN, out, 0)).toBe(-1);
  });

  it('opens where the bytes lie within a larger buffer that it does not own', () => {
    const file = fstFile(entriesOf(['a', 'b']), 'uint');
    const shared = new Uint8Array(new SharedArrayBuffer(file.length + 7));
    shared.set(file, 5);
    const store = openFstBytes(shared.subarray(5, 5 + file.length), 'shared', { check: 'header' });
    expect(store.find(encodeUtf8('b'), 0, 1)).toBe(1);
    store.verify();
  });

  it.each([2, 9, 10, 16, 17, 18, 31, 32, 33, 64, 65, 254, 255, 256])('holds nodes with %d transitions', (count) => {
    const label = (i: number): number => Math.floor((i * 256) / count);
    const keys = Array.from({ length: count }, (_, i) => [
      Uint8Array.of(label(i)),
      Uint8Array.of(7, label(i), i % 3, 1),
      Uint8Array.of(8, 9, label(i), 255 - i),
    ]).flat();
    for (const extra of [[], [new Uint8Array(0), Uint8Array.of(8, 9)]]) {
      const entries = sortedEntries([...keys, ...extra].map((key, value) => ({ key, value })));
      const store = makeFst(entries, 'uint');
      expect(entries.filter(({ key, value }) => store.find(key, 0, key.length) !== value)).toEqual([]);
      const known = new Set(entries.map(({ key }) => hex(key)));
      const asked = Array.from({ length: 256 }, (_, byte) => [
        Uint8Array.of(byte),
        Uint8Array.of(7, byte, 0, 1),
        Uint8Array.of(8, 9, byte, 0),
      ]).flat();
      expect(asked.filter((key) => (store.find(key, 0, key.length) !== MISS) !== known.has(hex(key)))).toEqual([]);
      store.verify();
    }
  });

  it.each(['none', 'uint', 'bytes'] as const)('answers nothing after it was closed: values of kind %s', (valueKind) => {
    const entries = entriesOf(['a', 'ab', 'b']).map(({ key, value }) => ({
      key,
      value: valueKind === 'bytes' ? Uint8Array.of(Number(value)) : value,
    }));
    const store = makeFst(entries, valueKind, { ordinals: true });
    const [cursor, search] = [store.cursor(), store.fuzzy()];
    search.start('a', 1);
    expect([cursor.next(), search.next()]).toEqual([true, true]);
    store.close();
    const key = encodeUtf8('a');
    const calls: Record<string, () => unknown> = {
      next: () => cursor.next(),
      seek: () => cursor.seek(key, 0, 1),
      seekPrefix: () => cursor.seekPrefix(key, 0, 1),
      'next similar': () => search.next(),
      'start of a search': () => search.start('a', 1),
      'value of what was found': () => search.value,
      valueAt: () => store.valueAt(0),
      bytesAt: () => store.bytesAt(0, new BytesRef()),
      ordinal: () => store.ordinal(key, 0, 1),
      keyAt: () => store.keyAt(0, new Uint8Array(4), 0),
      longestPrefix: () => store.longestPrefix(key, 0, 1, new PrefixMatch()),
      valueShape: () => store.valueShape(),
      nodes: () => store.nodes(1),
    };
    // A cursor over byte strings has no number to give, closed or not.
    if (valueKind !== 'bytes') calls['value of a cursor'] = () => cursor.value;
    expect(Object.entries(calls).map(([name, call]) => [name, codeOf(call)])).toEqual(
      Object.keys(calls).map((name) => [name, 'STORE_CLOSED']),
    );
  });

  it('tells the parameters that it was written with', () => {
    const store = makeFst(entriesOf(['a']), 'none', { parameters: { weight: 2, name: 'x' }, textVersion: 7 });
    expect(store.parameters()).toEqual({ weight: 2, name: 'x' });
    expect(store.header.textVersion).toBe(7);
    expect(store.header.minimal).toBe(true);
  });

  it('holds keys of a hundred thousand bytes', () => {
    const long = 'ab'.repeat(50_000);
    const store = makeFst(entriesOf([long, `${long}c`, 'ab']), 'uint');
    for (const [i, word] of [long, `${long}c`, 'ab'].entries()) {
      expect(store.find(encodeUtf8(word), 0, word.length)).toBe(i);
    }
    expect(keys(drain(store.cursor(), 'uint'))).toEqual(['ab', long, `${long}c`]);
    store.verify();
  });

  it('gives a miss for keys longer than any, however long', () => {
    const store = makeFst(entriesOf(['a', 'aa']), 'none');
    const long = new Uint8Array(100_000).fill(0x61);
    expect(store.find(long, 0, long.length)).toBe(MISS);
  });
});

describe('openFst', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-open-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (bytes: Uint8Array): string => {
    const path = join(folder, 'x.fst');
    writeFileSync(path, bytes);
    return path;
  };

  it('says what is wrong with a file: missing, foreign, newer', () => {
    expect(codeOf(() => openFst(join(folder, 'none')))).toBe('STORE_NOT_FOUND');
    expect(codeOf(() => openFst(folder))).toBe('STORE_NOT_FOUND');
    expect(codeOf(() => openStore(folder))).toMatch(/^STORE_/);
    const foreign = write(encodeUtf8('once upon a time'));
    expect(codeOf(() => openFst(foreign))).toBe('STORE_FOREIGN');
    expect(codeOf(() => openStore(foreign))).toBe('STORE_FOREIGN');
    expect(codeOf(() => openStore(write(new Uint8Array(0))))).toBe('STORE_FOREIGN');
    const newer = fstFile(entriesOf(['a']), 'none');
    newer[8] = 99;
    expect(codeOf(() => openFst(write(newer)))).toBe('STORE_VERSION');
  });

  it('refuses a file that is larger than it may be, before reading it', () => {
    const file = fstFile(entriesOf(['a', 'b']), 'uint');
    const path = write(file);
    expect(codeOf(() => openFst(path, { mostBytes: file.length - 1 }))).toBe('STORE_MEMORY');
    expect(openFst(path, { mostBytes: file.length }).keyCount).toBe(2);
  });

  it('opens an FST through openStore', () => {
    const store = openStore(write(fstFile(entriesOf(['a']), 'uint')));
    expect(store.storeKind).toBe('fst');
    expect(store.find(encodeUtf8('a'), 0, 1)).toBe(0);
  });
});
