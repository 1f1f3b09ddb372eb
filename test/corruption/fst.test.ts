import { StoreError } from '../../stores/errors.ts';
import { type FstStore, openFstBytes, PrefixMatch } from '../../stores/fst/reader.ts';
import { BytesRef, MISS } from '../../stores/store.ts';
import { everyFormEntries, fstFile } from '../support/fst.ts';
import { drain, type Entry, Model } from '../support/model.ts';

/** Does all that can be done with a store: whatever comes of it, only a `StoreError` may be thrown. */
function exercise(store: FstStore, entries: readonly Entry[]): void {
  const out = new Uint8Array(64);
  const ref = new BytesRef();
  const match = new PrefixMatch();
  const attempts: (() => void)[] = [
    () => drain(store.cursor(), store.valueKind, entries.length + 5),
    () => store.nodes(50),
    () => store.verify(),
    () => {
      const search = store.fuzzy();
      search.start('cars', 2);
      for (let i = 0; i < 50 && search.next(); i++);
    },
  ];
  for (const { key } of entries) {
    attempts.push(() => {
      const value = store.find(key, 0, key.length);
      if (!(value === MISS || (Number.isInteger(value) && value >= 0))) throw new TypeError(`no value: ${value}`);
    });
    attempts.push(() => void store.longestPrefix(key, 0, key.length, match));
    if (store.valueKind === 'bytes') attempts.push(() => void store.findBytes(key, 0, key.length, ref));
  }
  if (store.header.ordinals) {
    for (let i = 0; i < entries.length; i++) attempts.push(() => void store.keyAt(i, out, 0));
  }
  for (const attempt of attempts) {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}

function isStoreError(open: () => unknown): boolean {
  try {
    open();
  } catch (error) {
    return error instanceof StoreError;
  }
  return false;
}

describe.each(['none', 'uint', 'bytes'] as const)('a damaged FST with values of kind %s', (valueKind) => {
  const entries = everyFormEntries(valueKind);
  const file = fstFile(entries, valueKind);

  it('is refused when any byte is changed', () => {
    const accepted: number[] = [];
    for (let i = 0; i < file.length; i++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const damaged = file.slice();
        damaged[i]! ^= change;
        if (!isStoreError(() => openFstBytes(damaged, 'x'))) accepted.push(i);
      }
    }
    expect(accepted).toEqual([]);
  });

  it('is refused when it is cut at any length, or longer than it was', () => {
    const accepted: number[] = [];
    for (let length = 0; length < file.length; length++) {
      if (!isStoreError(() => openFstBytes(file.slice(0, length), 'x'))) accepted.push(length);
    }
    expect(accepted).toEqual([]);
    const longer = new Uint8Array(file.length + 1);
    longer.set(file);
    expect(isStoreError(() => openFstBytes(longer, 'x'))).toBe(true);
  });

  it('never hangs and throws nothing but StoreError when it was opened without checking', () => {
    const accepted: number[] = [];
    const asked = entries.filter((_, i) => i % 5 === 0);
    for (let i = 0; i < file.length; i++) {
      for (const change of [0x11, 0xff]) {
        const damaged = file.slice();
        damaged[i]! ^= change;
        let store: FstStore;
        try {
          store = openFstBytes(damaged, 'x', { check: 'header' });
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          continue;
        }
        if (!isStoreError(() => store.verify())) accepted.push(i);
        exercise(store, asked);
      }
    }
    expect(accepted).toEqual([]);
  });

  it('is whole when nothing was changed', () => {
    const store = openFstBytes(file, 'x');
    const model = new Model(entries);
    store.verify();
    for (const { key } of entries) expect(store.find(key, 0, key.length)).not.toBe(MISS);
    expect(drain(store.cursor(), valueKind)).toHaveLength(model.entries.length);
  });
});
