import { NUMBER_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../stores/store.ts';
import { letterDigitRuns, NO_RUNS } from '../../../stores/text/letter-digit-runs.ts';
import { normalise } from '../../../stores/text/normalise.ts';
import { scriptOf } from '../../../stores/text/script.ts';
import type { Token } from '../../../stores/text/token.ts';
import { tokenise } from '../../../stores/text/tokenise.ts';
import type { RewriteContext } from '../context.ts';
import { Lattice, type Slot } from '../decode/lattice.ts';
import type { LanguageProfile } from '../language/profile.ts';
import { isKnownTerm, isOwned, isWebOnly, stemId, termId } from '../language/vocabulary.ts';
import type { ProposalCosts } from '../propose/costs.ts';
import { keepArc } from '../propose/keep.ts';
import { hasLongRun } from '../propose/long-runs.ts';
import { type KnownMisspellings, NOT_LISTED } from '../propose/misspellings.ts';
import type { Worker } from '../worker.ts';

/** How much of a query is corrected; the rest passes through, with a reason. The contract asks for 1,024 and 128. */
const MAX_CORRECTED_UNITS = 2048;
const MAX_CORRECTED_TOKENS = 160;
/** A word that begins within the bounds is read to its end, if that is not far. */
const MOST_READ_UNITS = MAX_CORRECTED_UNITS + 64;
const NOT_ASCII = /[\u0080-\uffff]/;
const QUOTES = /["\u201c-\u201f\u00ab\u00bb\uff02]/g;
/** `aaa`, `www` and the like are meant. */
const LONGEST_RUN_ALONE = 4;

/** It stands for a word between two others. */
const AMPERSAND = '&';

/** What the worker reads. */
export interface NormaliseSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly misspellings: KnownMisspellings;
  readonly profile: LanguageProfile;
  readonly costs: ProposalCosts;
}

/** Splits the query into tokens, looks each word up, and lays down the reading that keeps everything as it is. */
export function createNormaliseWorker(sources: NormaliseSources): Worker {
  const { lexicon, costs } = sources;
  return {
    name: 'normalise',
    run(context) {
      const { query } = context;
      const end = endOfReading(query);
      let text = query;
      if (end < query.length) {
        text = query.slice(0, end);
        const rest = query.slice(end);
        if (rest.trim() !== '') context.reasons.add('too-long');
        context.normalized = normalise(text) + rest;
      } else {
        context.normalized = normalise(query);
      }
      const tokens = withAmpersands(tokenise(text, { syntax: context.options.syntax }), query, sources);
      context.slots = tokens.map((token, index) => toSlot(token, index, context, sources));
      // Tokens beyond the bounds are the same in every reading: left out of the lattice, they cost neither work nor memory.
      const beyond = tokens.findIndex(isBeyondBounds);
      context.lattice = new Lattice(beyond < 0 ? tokens.length : beyond);
      for (let at = 0; at < context.lattice.arcs.length; at++) {
        context.lattice.add(keepArc(context.slots[at]!, at, lexicon, costs));
      }
    },
  };
}

/**
 * The tokens with each `&` between two as a symbol of its own: the word that it stands for tells what comes before and after it
 * (`barnes & nobel`). None where the language or the vocabulary has no such word.
 */
function withAmpersands(tokens: Token[], query: string, sources: NormaliseSources): Token[] {
  if (!query.includes(AMPERSAND) || ampersandId(sources) === UNKNOWN_ID) return tokens;
  return tokens.flatMap((token, i) => {
    const before = tokens[i - 1]?.end;
    if (before === undefined || query.slice(before, token.start).trim() !== AMPERSAND) return [token];
    const start = query.indexOf(AMPERSAND, before);
    return [{ ...token, text: AMPERSAND, start, end: start + 1, class: 'symbol' }, token];
  });
}

function ampersandId({ terms, profile }: NormaliseSources): number {
  return termId(terms, profile.ampersand);
}

/**
 * Where reading ends: for all but long queries of other than ASCII letters at their end. One such letter may come apart into 18,
 * so that reading 16 KiB would take longer than correcting what is within the bounds.
 */
function endOfReading(query: string): number {
  if (query.length <= MOST_READ_UNITS || !NOT_ASCII.test(query)) return query.length;
  let end = MAX_CORRECTED_UNITS;
  while (end < MOST_READ_UNITS && query[end] !== ' ') end++;
  // Half a character is none.
  if ((query.charCodeAt(end) & 0xfc00) === 0xdc00) end--;
  // What is quoted is left alone: a quotation that goes on beyond the end is not begun.
  const quotes = query.slice(0, end).match(QUOTES) ?? [];
  return quotes.length % 2 === 0 || query.slice(end).search(QUOTES) < 0 ? end : query.lastIndexOf(quotes.at(-1)!, end);
}

function isBeyondBounds(token: Token, index: number): boolean {
  return index >= MAX_CORRECTED_TOKENS || token.end > MAX_CORRECTED_UNITS;
}

/** The id of a term, but for strings such as `happyyyy`, which the web alone has: they are known to be slips. */
function wordId(text: string, { terms, lexicon }: NormaliseSources): number {
  const id = termId(terms, text);
  const isHeldDown = id !== UNKNOWN_ID && text.length > LONGEST_RUN_ALONE && hasLongRun(text) && isWebOnly(lexicon, id);
  return isHeldDown ? UNKNOWN_ID : id;
}

function toSlot(token: Token, index: number, context: RewriteContext, sources: NormaliseSources): Slot {
  if (token.class !== 'word') {
    const isNumber = token.class === 'number' || token.class === 'part-number';
    const id = isNumber ? NUMBER_ID : token.text === AMPERSAND ? ampersandId(sources) : UNKNOWN_ID;
    const runs = isBeyondBounds(token, index) ? NO_RUNS : letterDigitRuns(context.query, token);
    return { token, fixed: token.class, id, known: true, owned: false, listed: NOT_LISTED, runs };
  }
  const { terms, lexicon, misspellings, profile } = sources;
  // Of what is passed through, only the first word is next to one that is not.
  if (index > MAX_CORRECTED_TOKENS && isBeyondBounds(token, index)) {
    context.reasons.add('too-long');
    return {
      token,
      fixed: 'beyond-bound',
      id: UNKNOWN_ID,
      known: true,
      owned: false,
      listed: NOT_LISTED,
      runs: NO_RUNS,
    };
  }
  const id = wordId(token.text, sources);
  const stem = id === UNKNOWN_ID ? stemId(terms, lexicon, profile, token.text) : id;
  const listed = misspellings.find(token.text);
  const slot: Slot = {
    token,
    fixed: '',
    id: stem,
    known: isKnownTerm(lexicon, stem),
    owned: isOwned(lexicon, stem),
    listed,
    runs: NO_RUNS,
  };
  if (isBeyondBounds(token, index)) {
    slot.fixed = 'beyond-bound';
    context.reasons.add('too-long');
  } else if (!profile.scripts.includes(scriptOf(token.text))) {
    slot.fixed = 'unsupported-script';
    context.reasons.add('unsupported-script');
  }
  return slot;
}
