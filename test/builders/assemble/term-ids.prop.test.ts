import fc from 'fast-check';
import { TermIds } from '../../../builders/assemble/term-ids.ts';
import { NUMBER, SENTENCE_END, SENTENCE_START } from '../../../builders/count/counted-source.ts';
import { END_ID, FIRST_TERM_ID, NUMBER_ID, START_ID } from '../../../stores/lexicon/format.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const reserved: string[] = new Array(FIRST_TERM_ID).fill('');

describe('TermIds', () => {
  it('finds as a Map does', () => {
    const term = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 5 })
      .filter((text) => text.isWellFormed() && !/[\0-\x20]/.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(term, { maxLength: 200 }), fc.array(term), (terms, others) => {
        const texts = [...reserved, ...terms];
        const ids = new TermIds(texts);
        for (const text of [...terms, ...others, '']) {
          const bytes = encode(`<${text}>`);
          const at = terms.indexOf(text);
          expect(ids.find(bytes, 1, bytes.length - 1)).toBe(at < 0 ? -1 : at + FIRST_TERM_ID);
        }
      }),
    );
  });

  it('knows the marks of counting', () => {
    const ids = new TermIds([...reserved, 'a']);
    expect([NUMBER, SENTENCE_START, SENTENCE_END].map((mark) => ids.find(encode(mark), 0, 1))).toEqual([
      NUMBER_ID,
      START_ID,
      END_ID,
    ]);
  });
});
