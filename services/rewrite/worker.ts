import type { GroupChannel } from '../../stores/channel/group-channel.ts';
import type { LetterModel } from '../../stores/letters/letter-model.ts';
import type { Lexicon } from '../../stores/lexicon/lexicon.ts';
import type { Store } from '../../stores/store.ts';
import type { RewriteContext } from './context.ts';
import type { Coherence } from './language/coherence.ts';
import type { LanguageModel } from './language/language-model.ts';
import type { WorkerName } from './options.ts';
import type { Parameters } from './parameters.ts';
import type { LanguageProfile } from './profiles/profile.ts';
import type { CandidateFinder } from './propose/candidates.ts';
import type { Channel } from './propose/channel.ts';
import type { KnownMisspellings } from './propose/misspellings.ts';
import type { Proposer } from './propose/proposer.ts';
import type { Segmenter } from './propose/segmentation.ts';
import type { SoundAlikes } from './propose/sound-alikes.ts';
import type { Ranker } from './rank/ranker.ts';
import type { ReadingFeatures } from './rank/reading-features.ts';
import type { RuleLookup } from './rewriter.ts';

/** What a worker may read: the stores of one dataset version, the live rules, and the models over them. */
export interface Resources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly candidates: CandidateFinder;
  readonly proposer: Proposer;
  readonly misspellings: KnownMisspellings;
  readonly soundAlikes: SoundAlikes;
  readonly segmenter: Segmenter;
  readonly channel: Channel;
  /** The trained error model; empty where the dataset has none. */
  readonly groups: GroupChannel;
  /** How well words go together by their vectors; nothing where the dataset has none. */
  readonly coherence: Coherence;
  /** How likely strings are as words of the language; undefined where the dataset does not say. */
  readonly letters: LetterModel | undefined;
  /** What the ranker goes by. */
  readonly features: ReadingFeatures;
  readonly ranker: Ranker;
  readonly parameters: Parameters;
  readonly profile: LanguageProfile;
  readonly rules: RuleLookup;
}

/**
 * One step of the pipeline. To add one: copy a file of `workers/`, give it a name in `options.ts`, and put it into the list
 * in `pipeline.ts` where it is to run. A worker keeps nothing between requests.
 */
export interface Worker {
  readonly name: WorkerName;
  run(context: RewriteContext, resources: Resources): void;
}
