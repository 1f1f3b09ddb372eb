/**
 * What can be said in numbers of one reading of a query: the evidence from which its probability is made. Each feature adds
 * up over the reading's arcs (`reading-features.ts`); `ranker.ts` weighs them. Names are what weights are stored under.
 */

import type { GroupChannel } from '../../../stores/channel/group-channel.ts';
import { slipOdds } from '../../../stores/channel/slip-odds.ts';
import type { LetterModel } from '../../../stores/letters/letter-model.ts';
import { FIRST_TERM_ID, TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { MISS } from '../../../stores/store.ts';
import { type Arc, NO_PROPOSAL, type Slot } from '../decode/lattice.ts';
import type { LanguageModel } from '../language/language-model.ts';
import type { LanguageProfile } from '../language/profile.ts';
import { isWebOnly } from '../language/vocabulary.ts';
import { type Channel, EDIT_TYPES } from '../propose/channel.ts';
import { asOneSlip } from '../propose/long-runs.ts';
import { markedAs } from '../propose/marked-as.ts';
import { isListed } from '../propose/misspellings.ts';
import type { Proposer } from '../propose/proposer.ts';
import type { SoundAlikes } from '../propose/sound-alikes.ts';
import { AROUND_FEATURES, CONTEXT_FEATURES, countAround, countContext, LEFT_FEATURES } from './features-around.ts';
import { addGlued, GLUED_FEATURES, isAsWhole, isOfGlued } from './features-glued.ts';

/** The features in the order of their vector. */
export const FEATURE_NAMES = [
  // What is likely to be asked.
  'languageCost',
  'unigramCost',
  'pairsSeen',
  'vectorWords',
  'vectorBest',
  'vectorMean',
  // What was kept.
  'keptUnknown',
  'keptUnknownLetters',
  'keptUnknownShort',
  'keptUnknownSpelling',
  'keptSuspect',
  'keptRunOn',
  'keptWeb',
  'keptWebRarity',
  'keptWebSpelling',
  'keptName',
  // That something was changed, and how much.
  'changed',
  'replaced',
  'replacedTwice',
  'replacedFar',
  'heldDown',
  'knownMisspelling',
  'soundsAlike',
  'channelCost',
  'groupCost',
  'mixedCost',
  ...EDIT_TYPES,
  'shortWord',
  'longWord',
  'split',
  'furtherSplit',
  'splitKnown',
  'splitUnseenPairs',
  'splitSingleLetters',
  'splitTwoLetters',
  'splitPrefix',
  'splitReplaced',
  'splitCommon',
  'splitRare',
  'splitLift',
  'splitGain',
  'splitDictionaryGain',
  'merge',
  'mergeKnown',
  'mergeReplaced',
  'movedSpace',
  // What stood there before.
  'fromDictionary',
  'fromName',
  'fromOwner',
  'fromWeb',
  'fromRarity',
  'fromDictionaryRarity',
  'fromWebRarity',
  'fromWebShort',
  'pairsLost',
  'fromSuspect',
  'fromSuspectGain',
  'fromRunOn',
  'fromRunOnGain',
  'fromSuspectExplained',
  'fromWebGain',
  'fromWebExplained',
  'fromNameGain',
  'fromNameExplained',
  'fromDictionaryGain',
  'fromDictionaryExplained',
  'fromUnedited',
  'fromDictionaryUnedited',
  'fromSlip',
  'fromDictionarySlip',
  // What takes its place.
  'toRarity',
  'toWeb',
  'toName',
  'toOwner',
  'toUnedited',
  'toSuspect',
  'toRunOn',
  'toCommonFromShort',
  'pairsAround',
  'changedAlone',
  // What stands around what was changed.
  ...AROUND_FEATURES,
  ...CONTEXT_FEATURES,
  ...LEFT_FEATURES,
  // Part numbers that are words and numbers run together.
  ...GLUED_FEATURES,
  'gluedAlone',
] as const;

export type FeatureName = (typeof FEATURE_NAMES)[number];

export const FEATURE_COUNT = FEATURE_NAMES.length;

/** Where in the vector a feature stands. */
export const INDEX = Object.freeze(Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, i]))) as Readonly<
  Record<FeatureName, number>
>;

/** What features are read from. */
export interface FeatureSources {
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  /** How likely strings are as words of the language; undefined where the dataset does not say. */
  readonly letters: LetterModel | undefined;
  readonly soundAlikes: SoundAlikes;
  readonly channel: Channel;
  /** The trained error model; empty where the dataset has none. */
  readonly groups: GroupChannel;
  readonly proposer: Proposer;
  readonly profile: LanguageProfile;
}

/** Nats beyond which a word counts as rare, in features that measure rarity. */
const RARE_ABOVE = 12;
/** Nats below which a word is one of the two hundred or so that any short string lies near. */
const COMMON_BELOW = 7.5;
/** Nats above which a part of a cut word counts as rare, and how much more two words in a row are than by chance at most. */
const RARE_PART_ABOVE = 10;
const MOST_LIFT = 8;
/** How much rarer, or commoner, a term is in edited text counts so many nats at most. */
const MOST_UNEDITED = 8;
const LEAST_UNEDITED = -2;
/** Log-odds below which a term is as little a slip as any. */
const LEAST_SLIP_ODDS = -9;
const FIRST_EDIT_TYPE = INDEX[EDIT_TYPES[0]];
const FIRST_AROUND = INDEX[AROUND_FEATURES[0]];
const FIRST_CONTEXT = INDEX[CONTEXT_FEATURES[0]];
const FIRST_GLUED = INDEX[GLUED_FEATURES[0]];

/** Whether some source has seen one term after the other. */
export function isPairSeen(first: number, second: number, sources: FeatureSources): boolean {
  return first !== UNKNOWN_ID && second !== UNKNOWN_ID && sources.languageModel.pairValue(first, second) !== MISS;
}

/** Adds what keeping a word says. */
export function addKept(slot: Slot, sources: FeatureSources, out: Float64Array): void {
  if (slot.token.class !== 'word' || slot.fixed !== '') return;
  const length = slot.token.text.length;
  if (slot.id === UNKNOWN_ID) {
    out[INDEX.keptUnknown]!++;
    out[INDEX.keptUnknownLetters]! += length;
    if (length <= 4) out[INDEX.keptUnknownShort]!++;
    out[INDEX.keptUnknownSpelling]! += sources.letters?.cost(slot.token.text) ?? 0;
    return;
  }
  const flags = sources.lexicon.flags(slot.id);
  if ((flags & TermFlag.suspect) !== 0) out[INDEX.keptSuspect]!++;
  if ((flags & TermFlag.runOn) !== 0) out[INDEX.keptRunOn]!++;
  if ((flags & TermFlag.dictionary) === 0 && (flags & TermFlag.name) !== 0) out[INDEX.keptName]!++;
  if (isWebOnly(sources.lexicon, slot.id)) {
    out[INDEX.keptWeb]!++;
    out[INDEX.keptWebRarity]! += rarity(slot.id, sources);
    out[INDEX.keptWebSpelling]! += sources.letters?.cost(slot.token.text) ?? 0;
  }
}

function rarity(id: number, sources: FeatureSources): number {
  return id < FIRST_TERM_ID ? 0 : Math.max(0, sources.lexicon.unigramCost(id) - RARE_ABOVE);
}

/** The features that `addNeighbours` adds to. */
export const NEIGHBOUR_FEATURES: readonly FeatureName[] = [
  ...AROUND_FEATURES,
  ...CONTEXT_FEATURES,
  'pairsLost',
  'gluedAlone',
];

/** Adds what a change says because of the slots on either side of it. */
export function addNeighbours(arc: Arc, slots: readonly Slot[], sources: FeatureSources, out: Float64Array): void {
  if (slots.length === 1 && isOfGlued(arc, slots) && isAsWhole(arc, sources.languageModel)) out[INDEX.gluedAlone]!++;
  countAround(slots, arc.from, arc.to, sources.lexicon, sources.profile.vowels, out, FIRST_AROUND);
  countContext(arc, slots, sources.languageModel, out, FIRST_CONTEXT);
  for (let at = arc.from; at <= arc.to; at++) {
    const left = slots[at - 1];
    const right = slots[at];
    if (left !== undefined && right !== undefined && isPairSeen(left.id, right.id, sources)) out[INDEX.pairsLost]!++;
  }
}

/**
 * Adds what a change says by itself. It must follow from the slots that are changed and from the arc: `row-memo.ts` remembers it
 * for the next query.
 */
export function addChanged(arc: Arc, slots: readonly Slot[], sources: FeatureSources, out: Float64Array): void {
  for (let at = arc.from; at < arc.to; at++) addFrom(slots[at]!, sources, out);
  for (const id of arc.ids) addTo(id, sources, out);
  const first = slots[arc.from]!;
  if (arc.kind === 'replace' && arc.to === arc.from + 1 && first.id >= FIRST_TERM_ID) addGain(first, arc, sources, out);
  // A list of known misspellings says that this is what is meant.
  if (arc.to === arc.from + 1 && isListed(first.listed, arc.ids)) out[INDEX.knownMisspelling]!++;
  const isGlued = isOfGlued(arc, slots);
  if (isGlued) addGlued(arc, sources.lexicon, sources.languageModel, out, FIRST_GLUED);
  if (arc.kind === 'split' && !isGlued) {
    out[INDEX.split]!++;
    out[INDEX.furtherSplit]! += arc.ids.length - 2;
    if (first.known) out[INDEX.splitKnown]!++;
    if (arc.distance > 0) out[INDEX.splitReplaced]!++;
    addParts(arc, sources, out);
    addSplitGain(first, arc, sources, out);
    if (first.id >= FIRST_TERM_ID && (sources.lexicon.flags(first.id) & TermFlag.runOn) !== 0) {
      out[INDEX.fromRunOn]!++;
      out[INDEX.fromRunOnGain]! += sources.lexicon.unigramCost(first.id) - costOfRow(arc.ids, sources);
    }
  }
  let typed = first.token.text;
  for (let at = arc.from + 1; at < arc.to; at++) typed += slots[at]!.token.text;
  if (arc.kind === 'replace' && arc.to > arc.from + 1 && !isGlued) out[INDEX.movedSpace]!++;
  if (arc.kind === 'merge') {
    out[INDEX.merge]! += arc.to - arc.from - 1;
    if (slots.slice(arc.from, arc.to).every((slot) => slot.known)) out[INDEX.mergeKnown]!++;
    if (arc.distance > 0) out[INDEX.mergeReplaced]!++;
  }
  const meant = arc.text.replaceAll(' ', '');
  if (typed === meant) return;
  // However many letters have other marks, it is one change; what is left then are slips.
  const marked = markedAs(typed, meant, sources.profile.marks);
  if (marked !== typed) out[INDEX.diacritic]!++;
  if (marked === meant) return;
  out[INDEX.replaced]!++;
  if (arc.distance > 1) out[INDEX.replacedTwice]!++;
  if (arc.distance > 2) out[INDEX.replacedFar]!++;
  if (sources.soundAlikes.areAlike(typed, meant)) out[INDEX.soundsAlike]!++;
  if (typed.length <= 4) out[INDEX.shortWord]!++;
  if (typed.length <= 3 && arc.ids.length === 1 && sources.lexicon.unigramCost(arc.ids[0]!) < COMMON_BELOW) {
    out[INDEX.toCommonFromShort]!++;
  }
  if (typed.length >= 8) out[INDEX.longWord]!++;
  const { channel, groups, proposer } = sources;
  let slipCost: number;
  let groupCost: number;
  if (arc.proposal === NO_PROPOSAL || marked !== typed) {
    const slip = asOneSlip(marked, meant);
    if (slip !== marked) out[INDEX.heldDown]!++;
    slipCost = channel.countEdits(slip, meant, out, FIRST_EDIT_TYPE);
    groupCost = groups.cost(slip, meant);
  } else {
    proposer.countEdits(arc.proposal, typed, meant, out, FIRST_EDIT_TYPE);
    slipCost = proposer.slipCost(arc.proposal);
    groupCost = proposer.groupCost(arc.proposal, typed, meant);
  }
  out[INDEX.channelCost]! += slipCost;
  out[INDEX.groupCost]! += groupCost;
  out[INDEX.mixedCost]! += -Math.log(0.5 * Math.exp(-slipCost) + 0.5 * Math.exp(-groupCost));
}

/** Cost of words in a row, in nats, whatever comes before. */
function costOfRow(ids: readonly number[], sources: FeatureSources): number {
  const { languageModel } = sources;
  return ids.reduce(
    (cost, id, i) => cost + (i === 0 ? languageModel.unigramCost(id) : languageModel.pairCost(ids[i - 1]!, id)),
    0,
  );
}

/** How well the parts of a cut word hang together. */
function addParts(arc: Arc, sources: FeatureSources, out: Float64Array): void {
  const { languageModel } = sources;
  arc.ids.forEach((id, i) => {
    const cost = languageModel.unigramCost(id);
    if (cost < COMMON_BELOW) out[INDEX.splitCommon]!++;
    out[INDEX.splitRare]! += Math.max(0, cost - RARE_PART_ABOVE);
    if (i === 0) return;
    const before = arc.ids[i - 1]!;
    if (!isPairSeen(before, id, sources)) out[INDEX.splitUnseenPairs]!++;
    out[INDEX.splitLift]! += Math.min(MOST_LIFT, Math.max(0, cost - languageModel.pairCost(before, id)));
  });
  const parts = arc.text.split(' ');
  // Such a word may well be new and right: nearly any word takes a prefix.
  if (sources.profile.prefixes.includes(parts[0]!)) out[INDEX.splitPrefix]!++;
  for (const word of parts) {
    if (word.length === 1) out[INDEX.splitSingleLetters]!++;
    if (word.length === 2) out[INDEX.splitTwoLetters]!++;
  }
}

/** How much commoner the words in a row are than what was typed, by its standing, in nats. */
function addSplitGain(slot: Slot, arc: Arc, sources: FeatureSources, out: Float64Array): void {
  if (slot.id < FIRST_TERM_ID) return;
  const isWord = (sources.lexicon.flags(slot.id) & TermFlag.dictionary) !== 0;
  const gain = sources.lexicon.unigramCost(slot.id) - costOfRow(arc.ids, sources);
  out[isWord ? INDEX.splitDictionaryGain : INDEX.splitGain]! += gain;
}

/** How much rarer a term is in edited text than in all text, in nats. */
function unedited(id: number, { lexicon }: FeatureSources): number {
  return Math.max(LEAST_UNEDITED, Math.min(MOST_UNEDITED, lexicon.editedGap(id)));
}

function addFrom(slot: Slot, sources: FeatureSources, out: Float64Array): void {
  if (slot.id < FIRST_TERM_ID) return;
  const flags = sources.lexicon.flags(slot.id);
  const isWord = (flags & TermFlag.dictionary) !== 0;
  out[isWord ? INDEX.fromDictionaryUnedited : INDEX.fromUnedited]! += unedited(slot.id, sources);
  if ((flags & TermFlag.suspect) !== 0) out[INDEX.fromSuspect]!++;
  if (!slot.known) return;
  if ((flags & TermFlag.dictionary) !== 0) {
    out[INDEX.fromDictionary]!++;
    out[INDEX.fromDictionaryRarity]! += rarity(slot.id, sources);
  } else if (isNameLike(flags)) {
    out[INDEX.fromName]!++;
  } else if ((flags & (TermFlag.documents | TermFlag.queries)) === 0) {
    out[INDEX.fromWeb]!++;
    out[INDEX.fromWebRarity]! += rarity(slot.id, sources);
    if (slot.token.text.length <= 4) out[INDEX.fromWebShort]!++;
  }
  if ((flags & (TermFlag.documents | TermFlag.queries)) !== 0) out[INDEX.fromOwner]!++;
  out[INDEX.fromRarity]! += rarity(slot.id, sources);
}

/** How much commoner the replacement is, in nats, where the standing of what was typed is in doubt. */
function addGain(slot: Slot, arc: Arc, sources: FeatureSources, out: Float64Array): void {
  const { lexicon, groups, proposer } = sources;
  const from = slot.id;
  const to = arc.ids[0]!;
  const flags = lexicon.flags(from);
  const gain = lexicon.unigramCost(from) - lexicon.unigramCost(to);
  // How far the occurrences of what was typed are explained as misspellings of the replacement:
  // ln (P(to) P(from | to) / P(from)).
  const typed = slot.token.text;
  const stem = lexicon.text(from);
  const groupCost =
    arc.proposal !== NO_PROPOSAL && stem === typed
      ? proposer.groupCost(arc.proposal, typed, arc.text)
      : groups.cost(stem, lexicon.text(to));
  const explained = gain - groupCost;
  if ((flags & TermFlag.suspect) !== 0) {
    out[INDEX.fromSuspectGain]! += gain;
    out[INDEX.fromSuspectExplained]! += explained;
  } else if (isWebOnly(lexicon, from)) {
    out[INDEX.fromWebGain]! += gain;
    out[INDEX.fromWebExplained]! += explained;
  } else if (isNameLike(flags)) {
    out[INDEX.fromNameGain]! += gain;
    out[INDEX.fromNameExplained]! += explained;
  } else if ((flags & TermFlag.dictionary) !== 0) {
    out[INDEX.fromDictionaryGain]! += gain;
    out[INDEX.fromDictionaryExplained]! += explained;
  }
  const isWord = (flags & TermFlag.dictionary) !== 0;
  const isName = isNameLike(flags);
  const meantCost = lexicon.unigramCost(to);
  const odds = slipOdds({ gain, groupCost, isFar: arc.distance > 1, length: stem.length, isName, meantCost });
  out[isWord ? INDEX.fromDictionarySlip : INDEX.fromSlip]! += Math.max(0, odds - LEAST_SLIP_ODDS);
}

/** Whether it is a word, by no dictionary, but a name: one of a list, or what only the owner's documents have. */
function isNameLike(flags: number): boolean {
  return (flags & TermFlag.dictionary) === 0 && (flags & (TermFlag.name | TermFlag.documents)) !== 0;
}

function addTo(id: number, sources: FeatureSources, out: Float64Array): void {
  if (id < FIRST_TERM_ID) return;
  const flags = sources.lexicon.flags(id);
  out[INDEX.toRarity]! += rarity(id, sources);
  out[INDEX.toUnedited]! += unedited(id, sources);
  if ((flags & TermFlag.suspect) !== 0) out[INDEX.toSuspect]!++;
  if ((flags & TermFlag.runOn) !== 0) out[INDEX.toRunOn]!++;
  if (isWebOnly(sources.lexicon, id)) out[INDEX.toWeb]!++;
  else if ((flags & TermFlag.dictionary) === 0 && (flags & TermFlag.name) !== 0) out[INDEX.toName]!++;
  if ((flags & (TermFlag.documents | TermFlag.queries)) !== 0) out[INDEX.toOwner]!++;
}
