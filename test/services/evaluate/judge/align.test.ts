import fc from 'fast-check';
import { alignWords } from '../../../../services/evaluate/judge/align.ts';
import { wordsOf } from '../../../../services/evaluate/rows/comparable.ts';

/** Changes in short: `2-3>to` replaces words 2 up to 3. */
const short = (from: string, to: string) => alignWords(from, to).map((c) => `${c.start}-${c.end}>${c.to}`);

describe('alignWords', () => {
  it.each([
    ['same', 'same', []],
    ['wireles mouse', 'wireless mouse', ['0-1>wireless']],
    [
      'wireles hedphones for runing',
      'wireless headphones for running',
      ['0-1>wireless', '1-2>headphones', '3-4>running'],
    ],
    ['newyork hotels', 'new york hotels', ['0-1>new york']],
    ['new york hotels', 'newyork hotels', ['0-2>newyork']],
    ['newyrok hotle', 'new york hotel', ['0-1>new york', '1-2>hotel']],
    ['note book computer', 'notebook computer', ['0-2>notebook']],
    ['how do it work', 'how does it work', ['1-2>does']],
    ['the big cat', 'the cat', ['1-2>']],
    ['the cat', 'the big cat', ['1-1>big']],
    ['graffitifontsalphabet', 'graffiti fonts alphabet', ['0-1>graffiti fonts alphabet']],
    ['', 'a', ['0-0>a']],
    ['a', '', ['0-1>']],
    ['pe ace of cake', 'piece of cake', ['0-2>piece']],
  ])('%j to %j', (from, to, changes) => {
    expect(short(from, to)).toEqual(changes);
  });

  it('gives changes that turn the one text into the other, in order and without overlap', () => {
    const words = fc
      .array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), { maxLength: 7 })
      .map((list) => list.join(' '));
    fc.assert(
      fc.property(words, words, (from, to) => {
        const source = wordsOf(from);
        const out: string[] = [];
        let at = 0;
        for (const { start, end, to: replacement } of alignWords(from, to)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(source.slice(start, end).join(' ')).not.toBe(replacement);
          out.push(...source.slice(at, start), ...wordsOf(replacement));
          at = end;
        }
        out.push(...source.slice(at));
        expect(out.join(' ')).toBe(to);
      }),
    );
  });
});
