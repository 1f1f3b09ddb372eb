import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryOutput } from '../../../builders/blocks/output.ts';
import { ScoresWriter } from '../../../builders/scores/writer.ts';
import { openStore } from '../../../stores/open.ts';
import { openScoresBytes } from '../../../stores/scores/reader.ts';
import { MISS } from '../../../stores/store.ts';
import { inFolder, numbered } from '../../support/blocks.ts';
import { codeOf } from '../../support/error-code.ts';
import type { Entry } from '../../support/model.ts';

function tableOf(entries: readonly Entry[]): Uint8Array {
  const output = new MemoryOutput('test.scores');
  const writer = new ScoresWriter(output);
  for (const { key, value } of entries) writer.add(key, 0, key.length, Number(value));
  writer.finish();
  return output.bytes();
}

describe('a score table', () => {
  for (const count of [0, 1, 2, 3, 10, 1000, 20_000]) {
    it(`gives each of ${count} keys its value`, () => {
      const entries = numbered(count, (i) => (i * 7919) % 256);
      const table = openScoresBytes(tableOf(entries), 'test');
      expect(table.keyCount).toBe(count);
      let wrong = 0;
      for (const { key, value } of entries) if (table.find(key, 0, key.length) !== value) wrong++;
      expect(wrong).toBe(0);
    });
  }

  it('keeps values of any width up to 48 bits', () => {
    for (const largest of [255, 256, 65_536, 2 ** 24, 2 ** 31, 2 ** 32, 2 ** 48 - 1]) {
      const entries = numbered(100, (i) => (i === 50 ? largest : i));
      const table = openScoresBytes(tableOf(entries), 'test');
      for (const { key, value } of entries) expect(table.find(key, 0, key.length)).toBe(value);
    }
  });

  it('takes an absent key for a present one hardly ever, at 3.4 bytes a key', () => {
    const entries = numbered(20_000, (i) => i % 256);
    const bytes = tableOf(entries);
    const table = openScoresBytes(bytes, 'test');
    let taken = 0;
    for (let i = 0; i < 200_000; i++) {
      const key = Buffer.from(`other${i}`);
      if (table.find(key, 0, key.length) !== MISS) taken++;
    }
    // Three are expected.
    expect(taken).toBeLessThan(15);
    expect(bytes.length / 20_000).toBeLessThan(3.9);
  });

  it('is opened by its magic number, has no keys to walk, and closes', () => {
    inFolder((folder) => {
      const path = join(folder, 'a.scores');
      writeFileSync(path, tableOf(numbered(10)));
      const store = openStore(path);
      expect(store.storeKind).toBe('scores');
      expect(codeOf(() => store.cursor())).toBe('STORE_INPUT');
      store.verify();
      expect(store.memory().pinnedBytes).toBeGreaterThan(30);
      store.close();
      store.close();
      expect(codeOf(() => store.find(new Uint8Array(1), 0, 1))).toBe('STORE_CLOSED');
      expect(store.memory().pinnedBytes).toBe(0);
    });
  });

  it('is refused with any byte flipped and at any length', () => {
    const bytes = tableOf(numbered(200));
    const copy = Uint8Array.from(bytes);
    for (let i = 0; i < bytes.length; i++) {
      copy[i] = bytes[i]! ^ 0x20;
      expect(codeOf(() => openScoresBytes(copy, 'test'))).toMatch(/^STORE_(CORRUPT|FOREIGN|VERSION)$/);
      copy[i] = bytes[i]!;
    }
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => openScoresBytes(bytes.subarray(0, length), 'test'))).toMatch(/^STORE_(CORRUPT|FOREIGN)$/);
    }
  });

  it('of format version 1 is read, and made again byte for byte', () => {
    const golden = readFileSync(new URL('../../golden/scores/v1.scores', import.meta.url));
    const entries = numbered(100, (i) => i * 3);
    const table = openScoresBytes(golden, 'v1.scores');
    for (const { key, value } of entries) expect(table.find(key, 0, key.length)).toBe(value);
    expect(Buffer.compare(tableOf(entries), golden)).toBe(0);
  });

  it('refuses keys out of order or twice, and values too large', () => {
    const writer = new ScoresWriter(new MemoryOutput('test'));
    const add = (key: string, value: number) => codeOf(() => writer.add(Buffer.from(key), 0, key.length, value));
    expect(add('b', 1)).toBe('none');
    expect(add('b', 1)).toBe('BUILD_DUPLICATE_KEY');
    expect(add('a', 1)).toBe('BUILD_KEY_ORDER');
    expect(add('c', 2 ** 48)).toBe('BUILD_VALUE');
    expect(codeOf(() => writer.addBytes())).toBe('BUILD_VALUE');
    writer.abort();
    expect(codeOf(() => writer.finish())).toBe('BUILD_OUTPUT');
  });
});
