import { MAX_INDEXED_LENGTH } from '../../../stores/deletes/format.ts';
import { FIRST_TERM_ID, TermFlag, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import { type RewriteContext, traced } from '../context.ts';
import type { Slot } from '../lattice.ts';
import { POSTINGS_CAP } from '../spell/candidates.ts';
import { segment } from '../spell/segmentation.ts';
import { isKnownTerm, isProposable, isWebOnly, proposalCost, termId } from '../spell/vocabulary.ts';
import type { Resources, Worker } from '../worker.ts';

/** How closely a stretch is looked at. */
interface Effort {
  /** Replacements handed to the decoder for one token, cheapest first; and for several put together. */
  readonly replacements: number;
  readonly merges: number;
  /** Ways to cut one token handed to the decoder. */
  readonly splits: number;
  readonly maxEdits: number;
  /** Ids taken from one list of a deletion index, the commonest first. */
  readonly postings: number;
}

const FULL: Effort = Object.freeze({ replacements: 12, merges: 3, splits: 4, maxEdits: 2, postings: POSTINGS_CAP });
/** What the last of many tokens get: a common word one edit away is still found. */
const SPARING: Effort = Object.freeze({ replacements: 4, merges: 1, splits: 2, maxEdits: 1, postings: 24 });
/**
 * Candidates verified in one query before it gets sparing: some 2 ms. Of queries of 10 to 20 words none had more than
 * 5,100, those of 128 unknown words made to be slow up to 49,000 (load/workloads/hostile.ts).
 */
const FULL_VERIFIED = 8000;
const MAX_PARTS = 10;
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
    const before = { probes: resources.candidates.probes, verified: resources.candidates.verified };
    context.slots.forEach((slot, at) => {
      if (slot.fixed !== '' || context.options.maxEdits === 0) return;
      if (context.lattice.edgeCount > MAX_ARCS) {
        context.reasons.add('too-much-work');
        return;
      }
      const spare = resources.candidates.verified - before.verified > FULL_VERIFIED;
      if (spare) context.reasons.add('too-much-work');
      const effort = spare ? SPARING : FULL;
      if (!isCommon(slot, resources)) {
        addReplacements(context, slot, at, effort, resources);
        addSplits(context, slot, at, effort, resources);
      }
      addMerges(context, at, effort, resources);
    });
    traced(context, 'spell', 'proposed', {
      arcs: context.lattice.edgeCount,
      probes: resources.candidates.probes - before.probes,
      verified: resources.candidates.verified - before.verified,
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
/** Words this common are not parts of a misspelled word that was cut in two. */
const MIDDLING_BELOW = 11;

function isCommon(slot: Slot, resources: Resources): boolean {
  return isKnownBelow(slot, COMMON_BELOW, resources);
}

function isMiddling(slot: Slot, resources: Resources): boolean {
  return isKnownBelow(slot, MIDDLING_BELOW, resources);
}

function isKnownBelow(slot: Slot, cost: number, resources: Resources): boolean {
  return slot.known && slot.id >= FIRST_TERM_ID && resources.lexicon.unigramCost(slot.id) < cost;
}

interface Proposal {
  readonly id: number;
  readonly cost: number;
  readonly rank: number;
  readonly distance: number;
}

const typedUnits = new Uint16Array(MAX_INDEXED_LENGTH);
const meantUnits = new Uint16Array(MAX_INDEXED_LENGTH + 3);

/** The cheapest terms near a word: by channel cost and unigram cost together. */
function propose(text: string, maxEdits: number, limit: number, postings: number, resources: Resources): Proposal[] {
  const { candidates, channel, lexicon, parameters } = resources;
  if (text.length > MAX_INDEXED_LENGTH) return [];
  for (let i = 0; i < text.length; i++) typedUnits[i] = text.charCodeAt(i);
  candidates.find(typedUnits, text.length, maxEdits, postings);
  const proposals: Proposal[] = [];
  for (let i = 0; i < candidates.count; i++) {
    const id = candidates.ids[i]!;
    if (!isProposable(lexicon, id)) continue;
    const length = lexicon.codeUnits(id, meantUnits);
    if (equalButApostrophes(typedUnits, text.length, meantUnits, length)) continue;
    const cost = channel.editCost(typedUnits, text.length, meantUnits, length) + proposalCost(lexicon, parameters, id);
    const rank = cost + parameters.languageWeight * lexicon.unigramCost(id);
    proposals.push({ id, cost, rank, distance: candidates.distances[i]! });
  }
  proposals.sort((a, b) => a.rank - b.rank || a.id - b.id);
  return proposals.slice(0, limit);
}

const APOSTROPHE = 0x27;

/** Whether two words differ in apostrophes alone: neither is a misspelling of the other. */
function equalButApostrophes(a: Uint16Array, aLength: number, b: Uint16Array, bLength: number): boolean {
  let i = 0;
  let j = 0;
  for (;;) {
    while (i < aLength && a[i] === APOSTROPHE) i++;
    while (j < bLength && b[j] === APOSTROPHE) j++;
    if (i === aLength || j === bLength) return i === aLength && j === bLength;
    if (a[i++] !== b[j++]) return false;
  }
}

function addReplacements(context: RewriteContext, slot: Slot, at: number, effort: Effort, resources: Resources): void {
  const { text } = slot.token;
  if (text.length < MIN_CORRECTED_LENGTH) return;
  const maxEdits = isWellKnown(slot, resources) ? 1 : Math.min(effort.maxEdits, context.options.maxEdits);
  const penalty = resources.parameters.errorCost + knownCost(slot, resources);
  for (const proposal of propose(text, maxEdits, effort.replacements, effort.postings, resources)) {
    const meant = resources.lexicon.text(proposal.id);
    if (resources.rules.isBlocked(text, meant)) {
      traced(context, 'spell', 'blocked', { from: text, to: meant });
      continue;
    }
    context.lattice.add({
      from: at,
      to: at + 1,
      kind: 'replace',
      ids: [proposal.id],
      text: meant,
      channelCost: penalty + proposal.cost,
      unknownCost: 0,
      distance: proposal.distance,
    });
  }
}

function addSplits(context: RewriteContext, slot: Slot, at: number, effort: Effort, resources: Resources): void {
  const { text } = slot.token;
  if (text.length < MIN_SPLIT_LENGTH) return;
  const { parameters, rules } = resources;
  const maxParts = slot.known ? 2 : MAX_PARTS;
  for (const { ids, words } of segment(text, maxParts, effort.splits, resources)) {
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
    });
  }
}

function addMerges(context: RewriteContext, at: number, effort: Effort, resources: Resources): void {
  const { slots } = context;
  const { parameters, rules, lexicon } = resources;
  let joined = slots[at]!.token.text;
  let typed = joined;
  for (let to = at + 1; to < Math.min(slots.length, at + MAX_MERGED); to++) {
    const slot = slots[to]!;
    if (slot.fixed !== '' || !isGapOfSpaces(context, slots[to - 1]!, slot)) return;
    joined += slot.token.text;
    typed += ` ${slot.token.text}`;
    const stretch = slots.slice(at, to + 1);
    const known = stretch.reduce((sum, part) => sum + knownCost(part, resources), 0) / stretch.length;
    const base = parameters.extraSpace * (to - at) + known;
    const add = (id: number, text: string, cost: number, distance: number) => {
      if (rules.isBlocked(typed, text)) return;
      const arc = { from: at, to: to + 1, kind: 'merge' as const, ids: [id], text, unknownCost: 0, distance };
      context.lattice.add({ ...arc, channelCost: base + cost });
    };
    const id = termId(resources.terms, joined);
    if (isKnownTerm(lexicon, id)) {
      add(id, joined, proposalCost(lexicon, parameters, id), 0);
    }
    if (to === at + 1 && joined.length >= MIN_MERGED_LENGTH) {
      if (stretch.some((part) => !part.known)) addMovedSpace(context, at, typed, joined, base, effort, resources);
      if (isKnownTerm(lexicon, id) || stretch.every((part) => isMiddling(part, resources))) continue;
      for (const near of propose(joined, 1, effort.merges, effort.postings, resources)) {
        add(near.id, lexicon.text(near.id), parameters.errorCost + near.cost, near.distance);
      }
    }
  }
}

/** The space may have slipped: `diverte rhandle` for `diverter handle`. */
function addMovedSpace(
  context: RewriteContext,
  at: number,
  typed: string,
  joined: string,
  base: number,
  effort: Effort,
  resources: Resources,
): void {
  const { parameters, rules } = resources;
  for (const { ids, words } of segment(joined, 2, effort.splits, resources)) {
    const text = words.join(' ');
    if (text === typed || rules.isBlocked(typed, text)) continue;
    const channelCost = base + parameters.missingSpace;
    context.lattice.add({ from: at, to: at + 2, kind: 'replace', ids, text, channelCost, unknownCost: 0, distance: 0 });
  }
}

function isGapOfSpaces(context: RewriteContext, left: Slot, right: Slot): boolean {
  return context.query.slice(left.token.end, right.token.start).trim() === '' && !right.token.breakBefore;
}
