import type { PipelineStores } from '../../services/rewrite/stores.ts';
import { type DatasetParts, partsOf } from '../../services/tuned-parameters.ts';
import { openDataset } from '../../stores/dataset/open.ts';
import { openStore } from '../../stores/open.ts';
import type { Store } from '../../stores/store.ts';
import { MapStore } from './map-store.ts';

/** A dataset held in Maps. */
export interface FilledDataset {
  /** The parts of a rewriter whose stores are Maps. */
  readonly parts: DatasetParts;
  readonly entries: number;
  /** What filling took, reading the files included. */
  readonly fillMs: number;
}

/**
 * Fills Maps with everything that a dataset's stores hold. From the store files, in their order: faster than from any
 * text that would have to be parsed. The lexicon stays what it is, an array of bytes: in Maps it would only add. So do the
 * neighbours, and a score table, which keeps no keys: a dataset built with `--engine ngrams=fst` has n-grams that can be put into Maps.
 */
export function fillMaps(dataset: string): FilledDataset {
  const startedMs = performance.now();
  const opened = openDataset(dataset);
  const { terms, ngrams, deletes1, deletes2, lexicon, neighbours } = opened.stores;
  const stores: PipelineStores = {
    terms: filled(terms),
    ngrams: ngrams.storeKind === 'scores' ? openStore(ngrams.path) : filled(ngrams),
    deletes1: filled(deletes1),
    deletes2: filled(deletes2),
    lexicon,
    neighbours,
  };
  const parts = { ...partsOf(opened), stores };
  opened.close();
  const entries = terms.keyCount + ngrams.keyCount + deletes1.keyCount + deletes2.keyCount;
  return { parts, entries, fillMs: performance.now() - startedMs };
}

function filled(store: Store): MapStore {
  const maps = new MapStore(store.path, store.storeKind, store.valueKind);
  const cursor = store.cursor();
  const { key, valueBytes } = cursor;
  while (cursor.next()) {
    const value =
      store.valueKind === 'bytes' ? valueBytes.bytes.subarray(valueBytes.start, valueBytes.end) : cursor.value;
    maps.add(key.bytes.subarray(key.start, key.end), value);
  }
  return maps;
}
