import type { GroupChannel } from '../../stores/channel/group-channel.ts';
import type { LetterModel } from '../../stores/letters/letter-model.ts';
import type { Lexicon } from '../../stores/lexicon/lexicon.ts';
import type { Neighbours } from '../../stores/neighbours/neighbours.ts';
import type { Store } from '../../stores/store.ts';
import type { Titles } from '../../stores/titles/titles.ts';
import type { Vectors } from '../../stores/vectors/vectors.ts';

/** The stores of one dataset version, as the pipeline reads them. */
export interface PipelineStores {
  readonly terms: Store;
  readonly ngrams: Store;
  readonly deletes1: Store;
  readonly deletes2: Store;
  /** Known misspelling -> corrections; sound of a word -> ids. Without one, its kind of correction is not proposed. */
  readonly misspellings?: Store | undefined;
  readonly phonetic?: Store | undefined;
  /** Term without its marks -> ids; without, a term is found by its own letters alone. */
  readonly marks?: Store | undefined;
  /** Term -> how the owner writes it; without, only what was typed tells which letters are capitals. */
  readonly forms?: Store | undefined;
  readonly lexicon: Lexicon;
  /** The trained error model; without one every edit costs the same. */
  readonly channel?: GroupChannel;
  /** Vectors of words; without them nothing is said of how words go together but by n-grams. */
  readonly vectors?: Vectors | undefined;
  /** How likely strings are as words; without one all spellings are alike. */
  readonly letters?: LetterModel | undefined;
  /** Which terms the n-grams may contain side by side; without it, every pair is looked up. */
  readonly neighbours?: Neighbours | undefined;
  /** Rows of terms that something is called by. Without it nothing is. */
  readonly titles?: Titles | undefined;
}
