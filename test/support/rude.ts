/** Documents with rude words among harmless ones near them, and what of these an answer puts in. */
import type { RewriteAnswer } from '../../services/rewrite/answer.ts';
import { ENGLISH } from './english.ts';

export const RUDE_DOCUMENTS = [
  'birch cream perfume',
  'fuck perfume',
  'bitch cream',
  'shit happens',
  'shitty cream',
  'ass cream',
  'cockpit cream',
  'cock perfume',
  'moby dick perfume',
  'hand job cream',
  'handjob perfume',
  'hand cream',
  'tit happens',
];

/**
 * The rude terms and phrases that stand in some text of an answer and not in what was typed, found by plain search.
 *
 * @param polite phrases in which they are harmless
 */
export function rudePutIn(answer: RewriteAnswer, polite: readonly string[]): string[] {
  const typed = spaced(answer.query);
  const texts = [
    answer.rewritten,
    answer.search,
    answer.suggestion ?? '',
    answer.highlighted.replaceAll(/<\/?em>/g, ''),
    ...answer.alternatives.map(({ query }) => query),
    // Of a trace, what it says beside what was typed.
    ...answer.trace.map(({ detail }) => JSON.stringify({ ...detail, from: '' })),
  ];
  const found = new Set<string>();
  for (const text of texts) {
    let rest = spaced(text);
    for (const phrase of polite) rest = rest.replaceAll(` ${phrase} `, ' ');
    for (const rude of ENGLISH.rudeWords.rude)
      if (rest.includes(` ${rude} `) && !typed.includes(` ${rude} `)) found.add(rude);
  }
  return [...found];
}

/** The words of a text with a space on either side; possessives as their words. */
function spaced(text: string): string {
  return ` ${text
    .toLowerCase()
    .replaceAll("'s", '')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()} `;
}
