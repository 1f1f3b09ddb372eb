import { readFileSync } from 'node:fs';
import { BLOCKS_VERSION } from '../../../stores/blocks/format.ts';
import { openBlocksSource } from '../../../stores/blocks/reader.ts';
import { MemorySource } from '../../../stores/blocks/source.ts';
import { blocksFile } from '../../support/blocks.ts';
import { GOLDEN_BLOCKS } from '../../support/golden-blocks.ts';
import { drain, show } from '../../support/model.ts';

const goldenFile = (version: number, name: string): Uint8Array =>
  readFileSync(new URL(`../../golden/blocks/v${version}-${name}.blocks`, import.meta.url));

describe.each(GOLDEN_BLOCKS)('the golden block file $name', ({ name, options, entries }) => {
  for (let version = 1; version <= BLOCKS_VERSION; version++) {
    it.each([0, 1 << 20])(`of format version ${version} is read, with %i bytes for its index`, (pinnedIndexBytes) => {
      const store = openBlocksSource(new MemorySource(goldenFile(version, name), name), { pinnedIndexBytes });
      expect(show(drain(store.cursor(), options.valueKind))).toEqual(show(entries));
      for (const { key, value } of entries) {
        expect(store.find(key, 0, key.length)).toBe(typeof value === 'number' ? value : value.length);
      }
      store.verify();
    });
  }

  it('is what the same input makes today', () => {
    const made = blocksFile(entries, options.valueKind, options);
    expect(Buffer.compare(made, goldenFile(BLOCKS_VERSION, name))).toBe(0);
  });
});
