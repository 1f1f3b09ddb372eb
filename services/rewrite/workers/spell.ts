import { FIRST_TERM_ID, TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import { MISS } from '../../../stores/store.ts';
import { type RewriteContext, traced } from '../context.ts';
import { type Arc, NO_PROPOSAL, type Slot } from '../decode/lattice.ts';
import { isKnownTerm, isWebOnly, proposalCost, termId } from '../language/vocabulary.ts';
import { DEFAULT_OPTIONS } from '../options.ts';
import { distanceBetween } from '../propose/distance.ts';
import { isListed } from '../propose/misspellings.ts';
import { MOST_PROPOSALS } from '../propose/proposer.ts';
import { MIN_RESPELLED_SPLIT_LENGTH, respelledSplits } from '../propose/respelled-split.ts';
import type { Resources, Worker } from '../worker.ts';

/** How closely a stretch is looked at. */
interface Effort {
  /** Replacements handed to the decoder for one token, cheapest first; and for several put together. */
  readonly replacements: number;
  readonly merges: number;
  /** Ways to cut one token handed to the decoder, and into how many parts; and places where a space may have slipped. */
  readonly splits: number;
  /** Ways to cut one token with a part respelled. */
  readonly respelledSplits: number;
  readonly parts: number;
  readonly movedSpaces: number;
  readonly maxEdits: number;
  /** Whether only the commonest of each list of a deletion index are looked at. */
  readonly isSparing: boolean;
  /** Whether known words are looked at, too. */
  readonly knownToo: boolean;
}

const FULL: Effort = Object.freeze({
  replacements: MOST_PROPOSALS,
  merges: 3,
  splits: 4,
  respelledSplits: 3,
  parts: 10,
  movedSpaces: 4,
  maxEdits: 2,
  isSparing: false,
  knownToo: true,
});
/** What the last of many tokens get: a common word one edit away is still found, and one space too many or too few. */
const SPARING: Effort = Object.freeze({
  replacements: 4,
  merges: 0,
  splits: 2,
  parts: 2,
  movedSpaces: 0,
  respelledSplits: 0,
  maxEdits: 1,
  isSparing: true,
  knownToo: true,
});
/** What the last of a great many hard ones get: those that are no words, the commonest word one edit away. */
const LEAST: Effort = Object.freeze({ ...SPARING, replacements: 2, splits: 0, knownToo: false });
/** What common words get: they are another word's slip now and then (`god` for `good`), which their neighbours tell. */
const SLIGHT: Effort = Object.freeze({ ...FULL, replacements: 4, maxEdits: 1 });
/**
 * Work of one query before it gets sparing, in candidates verified (`Proposer.work`, `Segmenter.work`): a millisecond or two. Of
 * 29,771 evaluation queries of up to 20 words, misspelled and right, none took more than 4,603, and one in a hundred more than
 * 1,914; of those made to be slow (load/workloads/hostile.ts) every second one reaches the bound.
 */
const FULL_WORK = 4800;
/** And before it gets the least: about where a text of 1,024 letters of right words ends. */
const SPARING_WORK = 2 * FULL_WORK;
/** Shorter words are left alone. */
const MIN_CORRECTED_LENGTH = 2;
const MIN_SPLIT_LENGTH = 4;
/** Shorter ones are not put together with a letter changed. */
const MIN_MERGED_LENGTH = 5;
/** Tokens put together at most. */
const MAX_MERGED = 3;
/** Arcs of one query at most; beyond, the rest of it passes through. */
const MAX_ARCS = 4000;

/**
 * Proposes readings for every stretch of the query: keep it, replace a word, cut it into several, put several together.
 */
export const spellWorker: Worker = {
  name: 'spell',
  run(context, resources) {
    if (context.override !== undefined) return;
    const { proposer, segmenter } = resources;
    const { probes, cutPostings } = resources.candidates;
    const workBefore = proposer.work + segmenter.work;
    context.slots.forEach((slot, at) => {
      if (slot.fixed !== '' || context.options.maxEdits === 0) return;
      if (context.lattice.edgeCount > MAX_ARCS) {
        context.reasons.add('too-much-work');
        return;
      }
      const work = proposer.work + segmenter.work - workBefore;
      if (work > FULL_WORK) context.reasons.add('too-much-work');
      const effort = work > SPARING_WORK ? LEAST : work > FULL_WORK ? SPARING : FULL;
      addListed(context, slot, at, resources);
      if (isCommon(slot, resources)) {
        if (effort.knownToo && !isAmongCommonest(slot, resources))
          addReplacements(context, slot, at, SLIGHT, resources);
      } else if (effort.knownToo || !slot.known) {
        addReplacements(context, slot, at, effort, resources);
        addSplits(context, slot, at, effort, resources);
        addRespelledSplits(context, slot, at, effort, resources);
      }
      addMerges(context, at, effort, resources);
    });
    traced(context, 'spell', 'proposed', {
      arcs: context.lattice.edgeCount,
      probes: resources.candidates.probes - probes,
      work: proposer.work + segmenter.work - workBefore,
      // Of words that are not remembered; those that are were cut when they were met first.
      cutPostings: resources.candidates.cutPostings - cutPostings,
    });
  },
};

/** What changing this word costs because it is a word. */
function knownCost(slot: Slot, resources: Resources): number {
  const { parameters, lexicon } = resources;
  if (!slot.known || slot.id === UNKNOWN_ID) return 0;
  const flags = lexicon.flags(slot.id);
  if ((flags & TermFlag.dictionary) !== 0) return parameters.knownDictionary;
  if ((flags & TermFlag.name) !== 0) return parameters.knownName;
  return (flags & (TermFlag.documents | TermFlag.queries)) !== 0 ? parameters.knownOwner : parameters.knownWeb;
}

/** Above this unigram cost even a known word is rare enough to be looked at two edits away. */
const RARE_ABOVE = 16.5;

function isWellKnown(slot: Slot, resources: Resources): boolean {
  if (!slot.known || slot.id === UNKNOWN_ID) return false;
  return !isWebOnly(resources.lexicon, slot.id) && resources.lexicon.unigramCost(slot.id) < RARE_ABOVE;
}

/** Words this common are nearly always meant: of 73 of them typed for another, none was put right. They are left alone. */
const COMMON_BELOW = 8.5;
/** Words this common are not looked at at all: down to 6.5 it is 0.1 point of reach more for 14 % more n-gram look-ups. */
const COMMONEST_BELOW = 7.5;
/** Words this common are not parts of a misspelled word that was cut in two. */
const MIDDLING_BELOW = 11;

function isCommon(slot: Slot, resources: Resources): boolean {
  return isKnownBelow(slot, COMMON_BELOW, resources);
}

function isAmongCommonest(slot: Slot, resources: Resources): boolean {
  return isKnownBelow(slot, COMMONEST_BELOW, resources);
}

function isMiddling(slot: Slot, resources: Resources): boolean {
  return isKnownBelow(slot, MIDDLING_BELOW, resources);
}

function isKnownBelow(slot: Slot, cost: number, resources: Resources): boolean {
  return slot.known && slot.id >= FIRST_TERM_ID && resources.lexicon.unigramCost(slot.id) < cost;
}

/** What lists of known misspellings say is meant, however far it is from what was typed. */
function addListed(context: RewriteContext, slot: Slot, at: number, resources: Resources): void {
  const { lexicon, parameters, rules } = resources;
  const { text: typed } = slot.token;
  for (const ids of slot.listed) {
    const text = ids.map((id) => lexicon.text(id)).join(' ');
    if (rules.isBlocked(typed, text)) {
      traced(context, 'spell', 'blocked', { from: typed, to: text });
      continue;
    }
    const kind = ids.length === 1 ? ('replace' as const) : ('split' as const);
    const distance = distanceBetween(typed, text.replaceAll(' ', ''), 2);
    if (distance > context.options.maxEdits && context.options.maxEdits < DEFAULT_OPTIONS.maxEdits) continue;
    const arc = { from: at, to: at + 1, kind, ids, text, unknownCost: 0, distance, proposal: NO_PROPOSAL };
    context.lattice.add({ ...arc, channelCost: parameters.knownMisspelling });
  }
}

function addReplacements(context: RewriteContext, slot: Slot, at: number, effort: Effort, resources: Resources): void {
  const { text } = slot.token;
  if (text.length < MIN_CORRECTED_LENGTH) return;
  const maxEdits = isWellKnown(slot, resources) ? 1 : Math.min(effort.maxEdits, context.options.maxEdits);
  const penalty = resources.parameters.errorCost + knownCost(slot, resources);
  const { proposer } = resources;
  const first = proposer.find(text, maxEdits, effort.isSparing);
  const last = first + Math.min(proposer.count, effort.replacements);
  for (let proposal = first; proposal < last; proposal++) {
    const id = proposer.ids[proposal]!;
    if (slot.listed.length > 0 && isListed(slot.listed, [id])) continue;
    const meant = resources.lexicon.text(id);
    if (resources.rules.isBlocked(text, meant)) {
      traced(context, 'spell', 'blocked', { from: text, to: meant });
      continue;
    }
    context.lattice.add({
      from: at,
      to: at + 1,
      kind: 'replace',
      ids: [id],
      text: meant,
      channelCost: penalty + proposer.cost(proposal),
      unknownCost: 0,
      distance: proposer.distances[proposal]!,
      proposal,
    });
  }
}

function addSplits(context: RewriteContext, slot: Slot, at: number, effort: Effort, resources: Resources): void {
  const { text } = slot.token;
  if (effort.splits === 0 || text.length < MIN_SPLIT_LENGTH) return;
  const { parameters, rules } = resources;
  const maxParts = slot.known ? 2 : effort.parts;
  for (const { ids, words } of resources.segmenter.segment(text, maxParts, effort.splits, resources)) {
    const joined = words.join(' ');
    if (rules.isBlocked(text, joined)) continue;
    context.lattice.add({
      from: at,
      to: at + 1,
      kind: 'split',
      ids,
      text: joined,
      channelCost:
        parameters.missingSpace + parameters.furtherMissingSpace * (ids.length - 2) + knownCost(slot, resources),
      unknownCost: 0,
      distance: 0,
      proposal: NO_PROPOSAL,
    });
  }
}

/** Two words run together, one of them misspelled: where nothing simpler explains the word. */
function addRespelledSplits(
  context: RewriteContext,
  slot: Slot,
  at: number,
  effort: Effort,
  resources: Resources,
): void {
  const { text } = slot.token;
  if (slot.known || effort.respelledSplits === 0 || text.length < MIN_RESPELLED_SPLIT_LENGTH) return;
  if (context.options.maxEdits === 0 || context.lattice.arcs[at]!.some((arc) => isPlain(arc, resources))) return;
  const { parameters, rules } = resources;
  for (const { ids, words, cost } of respelledSplits(text, effort.respelledSplits, resources)) {
    const joined = words.join(' ');
    if (rules.isBlocked(text, joined)) continue;
    const channelCost = parameters.missingSpace + parameters.errorCost + cost;
    const arc = { from: at, to: at + 1, kind: 'split' as const, ids, text: joined, unknownCost: 0 };
    context.lattice.add({ ...arc, channelCost, distance: 1, proposal: NO_PROPOSAL });
  }
}

/** Whether an arc explains a word by one slip: one edit, or spaces left out between words that are seen side by side. */
function isPlain({ kind, ids, distance }: Arc, { languageModel }: Resources): boolean {
  if (kind === 'replace') return distance === 1;
  return kind === 'split' && ids.every((id, i) => i === 0 || languageModel.pairValue(ids[i - 1]!, id) !== MISS);
}

/** Two or three tokens put together: as they stand, with a letter changed, or with the space elsewhere. */
function addMerges(context: RewriteContext, at: number, effort: Effort, resources: Resources): void {
  const { slots } = context;
  const { parameters, lexicon, proposer } = resources;
  let joined = slots[at]!.token.text;
  for (let to = at + 1; to < Math.min(slots.length, at + MAX_MERGED); to++) {
    const slot = slots[to]!;
    if (slot.fixed !== '') return;
    if (!isGapOfSpaces(context, slots[to - 1]!, slot)) {
      if (to === at + 1) addStrayMark(context, at, resources);
      return;
    }
    joined += slot.token.text;
    const id = termId(resources.terms, joined);
    const isKnown = isKnownTerm(lexicon, id);
    if (isKnown) {
      addMerge(context, at, to, id, joined, proposalCost(lexicon, parameters, id), 0, NO_PROPOSAL, resources);
    }
    if (to > at + 1 || joined.length < MIN_MERGED_LENGTH) continue;
    const first = slots[at]!;
    if (effort.movedSpaces > 0 && !(first.known && slot.known)) addMovedSpace(context, at, joined, effort, resources);
    if (effort.merges === 0 || isKnown || (isMiddling(first, resources) && isMiddling(slot, resources))) continue;
    const firstNear = proposer.find(joined, 1, effort.isSparing);
    const lastNear = firstNear + Math.min(proposer.count, effort.merges);
    for (let near = firstNear; near < lastNear; near++) {
      const nearId = proposer.ids[near]!;
      const cost = parameters.errorCost + proposer.cost(near);
      addMerge(context, at, to, nearId, lexicon.text(nearId), cost, proposer.distances[near]!, near, resources);
    }
  }
}

/** Adds an arc over the slots `at` to `last` (inclusive) that reads as one term; `cost` is what it takes beside the spaces. */
function addMerge(
  context: RewriteContext,
  at: number,
  last: number,
  id: number,
  text: string,
  cost: number,
  distance: number,
  proposal: number,
  resources: Resources,
): void {
  if (resources.rules.isBlocked(typedText(context, at, last), text)) return;
  context.lattice.add({
    from: at,
    to: last + 1,
    kind: 'merge',
    ids: [id],
    text,
    channelCost: spacesCost(context, at, last, resources) + cost,
    unknownCost: 0,
    distance,
    proposal,
  });
}

/** The terms of the slots `at` to `last` (inclusive) with the spaces between them. */
function typedText({ slots }: RewriteContext, at: number, last: number): string {
  let typed = slots[at]!.token.text;
  for (let i = at + 1; i <= last; i++) typed += ` ${slots[i]!.token.text}`;
  return typed;
}

/** What the spaces between the slots cost if they are wrong, and changing the words, by the mean of their standings. */
function spacesCost({ slots }: RewriteContext, at: number, last: number, resources: Resources): number {
  let known = 0;
  for (let i = at; i <= last; i++) known += knownCost(slots[i]!, resources);
  return resources.parameters.extraSpace * (last - at) + known / (last - at + 1);
}

/** A key beside the right one may have been hit: `marbl;e` for `marble`. */
function addStrayMark(context: RewriteContext, at: number, resources: Resources): void {
  const { terms, lexicon, parameters, rules } = resources;
  const left = context.slots[at]!;
  const right = context.slots[at + 1]!;
  if (left.fixed !== '' || (left.known && right.known)) return;
  const gap = context.query.slice(left.token.end, right.token.start);
  if (!STRAY_MARK.test(gap)) return;
  const text = left.token.text + right.token.text;
  const id = termId(terms, text);
  if (text.length < MIN_MERGED_LENGTH || !isKnownTerm(lexicon, id) || isWebOnly(lexicon, id)) return;
  if (rules.isBlocked(`${left.token.text} ${right.token.text}`, text)) return;
  const channelCost = parameters.extraSpace + parameters.errorCost;
  const arc = { from: at, to: at + 2, kind: 'merge' as const, ids: [id], text, unknownCost: 0, distance: 0 };
  context.lattice.add({ ...arc, channelCost, proposal: NO_PROPOSAL });
}

/** One mark that joins no words, as hyphens, apostrophes, slashes and the like do. */
const STRAY_MARK = /^[;,.[\]\\=`]$/;

/** The space may have slipped: `diverte rhandle` for `diverter handle`. */
function addMovedSpace(
  context: RewriteContext,
  at: number,
  joined: string,
  effort: Effort,
  resources: Resources,
): void {
  const { parameters, rules } = resources;
  const found = resources.segmenter.segment(joined, 2, effort.movedSpaces, resources);
  if (found.length === 0) return;
  const typed = typedText(context, at, at + 1);
  const channelCost = spacesCost(context, at, at + 1, resources) + parameters.missingSpace;
  for (const { ids, words } of found) {
    const text = words.join(' ');
    if (text === typed || rules.isBlocked(typed, text)) continue;
    context.lattice.add({
      from: at,
      to: at + 2,
      kind: 'replace',
      ids,
      text,
      channelCost,
      unknownCost: 0,
      distance: 0,
      proposal: NO_PROPOSAL,
    });
  }
}

function isGapOfSpaces(context: RewriteContext, left: Slot, right: Slot): boolean {
  if (right.token.breakBefore) return false;
  const { end } = left.token;
  const { start } = right.token;
  if (start === end + 1 && context.query.charCodeAt(end) === SPACE) return true;
  return context.query.slice(end, start).trim() === '';
}

const SPACE = 0x20;
