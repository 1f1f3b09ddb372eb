import { readFileSync } from 'node:fs';
import { openFstBytes } from '../../../stores/fst/reader.ts';
import { everyFormEntries, fstFile } from '../../support/fst.ts';
import { drain, hex, show } from '../../support/model.ts';

/**
 * Files of format version 1, written when it was settled. A new version gets files of its own, and these must still open.
 */
describe.each(['none', 'uint', 'bytes'] as const)('the golden FST of version 1 with values of kind %s', (valueKind) => {
  const golden = new Uint8Array(readFileSync(new URL(`../../golden/fst-v1-${valueKind}.fst`, import.meta.url)));
  const entries = everyFormEntries(valueKind);

  it('opens and holds what it held', () => {
    const store = openFstBytes(golden, 'golden');
    store.verify();
    expect(show(drain(store.cursor(), valueKind))).toEqual(show(entries));
    for (const { key, value } of entries) {
      expect(store.find(key, 0, key.length)).toBe(typeof value === 'number' ? value : value.length);
    }
  });

  it('is what the writer makes of the same entries', () => {
    expect(hex(fstFile(entries, valueKind))).toBe(hex(golden));
  });

  it('has nodes of many forms', () => {
    const forms = openFstBytes(golden, 'golden').formCounts();
    expect(Object.keys(forms).length).toBeGreaterThanOrEqual(7);
  });
});
