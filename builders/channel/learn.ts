import type { GroupCost } from '../../stores/channel/format.ts';
import { learnFromWords, type TypedWord } from './em.ts';
import { adaptChannel, type TrainingPair, trainChannel } from './train.ts';

/** What the error model of a dataset is learned from. */
export interface ChannelSources {
  /** The error model to begin with, and its name; null to begin with nothing. */
  readonly base: { readonly name: string; readonly costs: readonly GroupCost[] } | null;
  /** What the owner knows to be misspelled. */
  readonly pairs: readonly TrainingPair[];
}

/** An error model and, for the manifest, what made it. */
export interface LearnedChannel {
  readonly costs: readonly GroupCost[];
  readonly parameters: Readonly<Record<string, number | string>>;
}

/** Pairs that tell more of letters than a log does. */
const ENOUGH_PAIRS = 1000;

/**
 * The error model of a dataset: the one to begin with, adapted to the owner's pairs. Where there is none, it is trained on the pairs
 * alone, and where these are few, learned from what was typed and adapted to them.
 *
 * @param typedWords the words of the owner's queries and documents; asked for only where they are needed
 */
export function learnChannel({ base, pairs }: ChannelSources, typedWords: () => readonly TypedWord[]): LearnedChannel {
  const parameters = { source: base?.name ?? 'none', pairs: pairs.length };
  if (base !== null && pairs.length === 0) return { costs: base.costs, parameters };
  if (base !== null) return { costs: adaptChannel(base.costs, pairs), parameters };
  if (pairs.length >= ENOUGH_PAIRS) return { costs: trainChannel(pairs), parameters };
  const learned = learnFromWords(typedWords());
  const costs = pairs.length > 0 ? adaptChannel(learned.costs, pairs) : learned.costs;
  return { costs, parameters: { ...parameters, source: 'words', learnedPairs: learned.pairs.length } };
}
