import type { ValueKind } from '../../stores/store.ts';
import type { StoreWriter } from '../store-writer.ts';

/** One file of the dataset, for the manifest. */
export interface AssembledFile {
  /** What it is for: `terms`, `ngrams`, `deletes1`, `deletes2`, `lexicon`. */
  readonly name: string;
  /** File name inside the dataset folder. */
  readonly file: string;
  readonly kind: 'fst' | 'blocks' | 'scores' | 'lexicon' | 'channel' | 'vectors' | 'letters' | 'neighbours' | 'titles';
  readonly entries: number;
  readonly bytes: number;
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
}

/** Opens a writer for one of the stores; the engine is the caller's choice. */
export type OpenWriter = (
  name: string,
  expected: {
    readonly valueKind: ValueKind;
    readonly keyCount: number;
    readonly fixedKeyBytes?: number;
    /** Whether a few absent keys may have a value: true where a value is one of many that are weighed together. */
    readonly mayMistake?: boolean;
  },
) => { readonly writer: StoreWriter; readonly file: string; readonly kind: 'fst' | 'blocks' | 'scores' };
