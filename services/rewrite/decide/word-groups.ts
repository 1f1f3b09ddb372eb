/** What is known of the words that are searched for: which belong together, and numbers with a unit. */
import type { Units } from '../../../stores/profile/units.ts';
import type { Phrase, Quantity } from '../answer.ts';
import type { RewriteContext } from '../context.ts';
import { MOST_PHRASE_WORDS } from '../language/phrase-chain.ts';
import type { PhraseModel } from '../language/phrase-model.ts';
import type { Composed } from './compose.ts';
import { quantitiesIn } from './quantities.ts';
import { confidenceOf, isBeside, rawSpan, rowOf, type TermRow, typedRow } from './term-row.ts';

/** Members of an answer. */
export interface WordGroups {
  readonly phrases: readonly Phrase[];
  readonly quantities: readonly Quantity[];
}

const NONE: WordGroups = Object.freeze({ phrases: Object.freeze([]), quantities: Object.freeze([]) });

/**
 * Looks at the query with its sure edits.
 *
 * @param model undefined for a language without one: then there are no phrases
 */
export function wordGroups(
  context: RewriteContext,
  { edits }: Composed,
  units: Units,
  model: PhraseModel | undefined,
): WordGroups {
  const { query, options, slots } = context;
  if (!options.workers.includes('phrases') || slots.length === 0) return NONE;
  const sure = edits.length === 0 ? edits : edits.filter(({ decision }) => decision === 'auto');
  const row = sure.length > 0 ? rowOf(query, sure, options.syntax) : (context.typedRow ?? typedRow(query, slots));
  const quantities = quantitiesIn(row, units);
  return { phrases: model === undefined ? [] : phrasesIn(row, quantities, model, context), quantities };
}

/** The phrases of a row; a sign between two words is the end of one, and so is a quantity. */
function phrasesIn(
  row: TermRow,
  quantities: readonly Quantity[],
  model: PhraseModel,
  context: RewriteContext,
): Phrase[] {
  const phrases: Phrase[] = [];
  const { terms } = row;
  for (let first = 0; first < terms.length; ) {
    if (isOfQuantity(row, first, quantities)) {
      first++;
      continue;
    }
    let end = first + 1;
    while (
      end < terms.length &&
      end - first < MOST_PHRASE_WORDS &&
      isBeside(row, end - 1) &&
      !isOfQuantity(row, end, quantities)
    ) {
      end++;
    }
    if (end - first > 1) {
      hold(row, first, end, model.held, context);
      for (const { from, to, probability } of model.groupsIn(terms.slice(first, end))) {
        phrases.push({
          ...rawSpan(row, first + from, first + to),
          terms: terms.slice(first + from, first + to),
          confidence: probability * confidenceOf(row, first + from, first + to),
        });
      }
    }
    first = end;
  }
  return phrases;
}

function isOfQuantity({ rawStarts }: TermRow, at: number, quantities: readonly Quantity[]): boolean {
  for (let i = 0; i < quantities.length; i++) {
    const { offset, length } = quantities[i]!;
    if (rawStarts[at]! >= offset && rawStarts[at]! < offset + length) return true;
  }
  return false;
}

/** A protected phrase is one: its owner says so. */
function hold(row: TermRow, first: number, end: number, held: Uint8Array, { protectedSpans }: RewriteContext): void {
  held.fill(0, 0, end - first);
  for (const { offset, length, why } of protectedSpans) {
    if (why !== 'protected') continue;
    for (let i = first; i + 1 < end; i++) {
      if (offset <= row.rawStarts[i]! && row.rawEnds[i + 1]! <= offset + length) held[i - first] = 1;
    }
  }
}
