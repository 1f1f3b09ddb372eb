import fc from 'fast-check';
import { classOf, IGNORABLE, isDirection, MARK } from '../../../stores/text/char-class.ts';
import { normalise, normaliseTerm } from '../../../stores/text/normalise.ts';
import { Scanner } from '../../../stores/text/scanner.ts';
import type { ScanMode } from '../../../stores/text/token.ts';

const PIECES =
  'a,b,Z,don\'t,wi-fi,1,2x4,24-inch,SKU-12A,3.5,$20,-5,50%,", ,  ,\t,\n,\0,.,:,;,!,?,(,),[,],{,},/,\\,|,&,&&,||,+,-,*,~,^,#,@,_,=,<,>,`,´,’,“,”,«,»,「,」,' +
  'http://,www.,.com,a@b.co,site:,AND,OR,TO,é,e\u0301,\u0301,ß,ẞ,Σ,ς,İ,ı,i\u0307,中,ひ,ไทย,あ\u3099,\u00ad,\u200b,\ufeff,\u200d,😀,👩‍👩‍👧,\ud800,\udc00,½,²,①,™,ﬁ,ﷺ,ŉ,א״ב,l·l,１２,Ａ,：,＂,％,＋,＄,＠,．,ﾞ,ŀ,𞤢,𝐚,𝟏,𝟏：𝟏,１：２,\u202a,\u202c,\u2066,\u200e,\u{1f3f4}\u{e0067}\u{e0062}\u{e007f},\u{1f3f4},\u{e0067},\u{e007f},\u0344\u0301,\u0323\u0301,\u0f73,℃,㎜,٪,٫';

const pieces = fc.constantFrom(...PIECES.split(','), ',');
const anyText = fc.oneof(
  fc.array(pieces, { maxLength: 24 }).map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
);
const MODES: readonly ScanMode[] = ['plain', 'lucene', 'document'];

describe('any UTF-16 text whatever', () => {
  it('gives tokens in order, apart, within bounds, whose stretch normalises to their text', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...MODES), (raw, mode) => {
        let before = 0;
        for (const token of new Scanner(raw, mode).scan()) {
          expect(token.start).toBeGreaterThanOrEqual(before);
          expect(token.end).toBeGreaterThan(token.start);
          expect(token.end).toBeLessThanOrEqual(raw.length);
          expect(token.text).toBe(normaliseTerm(raw.slice(token.start, token.end)));
          if (token.class === 'word') expect(token.text).toMatch(/^[^\s"]+$/u);
          before = token.end;
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('is never cut inside a surrogate pair or before a mark', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...MODES), (raw, mode) => {
        for (const { start, end } of new Scanner(raw, mode).scan()) {
          for (const cut of [start, end]) {
            const pair = /[\ud800-\udbff]/.test(raw.charAt(cut - 1)) && /[\udc00-\udfff]/.test(raw.charAt(cut));
            expect(pair).toBe(false);
          }
          const next = end < raw.length ? classOf(raw.codePointAt(end) as number) : 0;
          expect(next === MARK || (next === IGNORABLE && !isDirection(raw.charCodeAt(end)))).toBe(false);
          expect(isDirection(raw.charCodeAt(end - 1))).toBe(false);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('loses no letter or digit between the tokens', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...MODES), (raw, mode) => {
        let at = 0;
        let between = '';
        for (const { start, end } of new Scanner(raw, mode).scan()) {
          between += `${raw.slice(at, start)} `;
          at = end;
        }
        expect((between + raw.slice(at)).replace(/\ufdfa/g, '')).not.toMatch(/[a-z0-9éßא中ひ]/i);
      }),
      { numRuns: 1000 },
    );
  });

  it('is read alike in letters of the basic plane and beyond it', () => {
    // Small letters and digits of the mathematical alphabets, one for one.
    const astral = (text: string): string =>
      text.replace(/[a-z0-9]/g, (c) =>
        String.fromCodePoint(c < 'a' ? 0x1d7ce + Number(c) : 0x1d41a + c.charCodeAt(0) - 97),
      );
    const parts = fc.constantFrom(...'a,b,m,x,mm,12,5,.,-,#,$,%,+,:, ,/,@,_,\',","\',(,\u0301'.split(','), ',');
    // What only ASCII may be: addresses and operators are typed as they are.
    const isPlain = (raw: string): boolean => !/[@/:]|\.[a-z]{2}/.test(raw);
    fc.assert(
      fc.property(
        fc
          .array(parts, { maxLength: 10 })
          .map((list) => list.join(''))
          .filter(isPlain),
        fc.constantFrom('plain', 'document'),
        (raw, mode) => {
          const seen = (text: string): unknown =>
            new Scanner(text, mode).scan().map((token) => [token.class, token.text, token.breakBefore]);
          expect(seen(astral(raw))).toEqual(seen(raw));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('is read alike in full width', () => {
    const wide = (text: string): string => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    const words = 'am,10mm,12.5,1/2,-5,+5,#tag,$5,5%,5+,c++,f#,a@b.com,node.js,(a),"b",1:2,10:30am,a-b,2x4,SKU-12A';
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words.split(','), '1,200'), { maxLength: 8 }).map((list) => list.join(' ')),
        fc.constantFrom('plain', 'document'),
        (raw, mode) => {
          const seen = (text: string): unknown =>
            new Scanner(text, mode).scan().map((token) => [token.class, token.text, token.breakBefore]);
          expect(seen(wide(raw))).toEqual(seen(raw));
        },
      ),
      { numRuns: 800 },
    );
  });

  it('is read in work proportional to its length', () => {
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 4 }), fc.constantFrom(...MODES), (list, mode) => {
        const raw = list.join('').repeat(300);
        const scanner = new Scanner(raw, mode);
        scanner.scan();
        expect(scanner.work.units).toBeLessThanOrEqual(8 * raw.length);
      }),
      { numRuns: 300 },
    );
  });

  it('has the normal form that its definition gives, by whichever way it is found', () => {
    // A long text is never read from the table of single letters.
    const long = ' z'.repeat(40);
    fc.assert(
      fc.property(anyText, (raw) => {
        expect(`${normalise(raw)}${normalise(raw) === '' ? long.trim() : long}`).toBe(normalise(`${raw}\n${long}`));
      }),
      { numRuns: 2500 },
    );
  });

  it('has a normal form of at most thirty marks in a row, its own normal form and that of its tokens', () => {
    const marks = fc.constantFrom(
      '\u0301',
      '\u0323',
      '\u0344',
      '\u3099',
      'ﾞ',
      '\u0f73',
      '\u0345',
      '\u05b0',
      '\u093e',
      '\u200b',
      '\u0e33',
      'i\u0307',
    );
    const run = fc
      .tuple(fc.array(marks, { minLength: 1, maxLength: 6 }), fc.nat(30))
      .map(([list, n]) => list.join('').repeat(n));
    const text = fc.array(fc.oneof(pieces, run), { maxLength: 6 }).map((list) => list.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(...MODES), (raw, mode) => {
        const form = normalise(raw);
        expect(form).not.toMatch(/\p{M}{31}/u);
        expect(normalise(form)).toBe(form);
        for (const token of new Scanner(raw, mode).scan()) {
          expect(token.text).toBe(normaliseTerm(raw.slice(token.start, token.end)));
        }
      }),
      { numRuns: 800 },
    );
  });

  it('has a normal form that is its own normal form', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        expect(normalise(normalise(raw))).toBe(normalise(raw));
      }),
      { numRuns: 2500 },
    );
  });

  it('keeps its tokens when it is normalised before, as far as words go', () => {
    const words = fc
      .array(fc.stringMatching(/^[A-Za-zÀ-ÖΑ-Ωа-я]{1,8}$/u), { maxLength: 6 })
      .map((list) => list.join(' '));
    fc.assert(
      fc.property(words, (raw) => {
        const texts = (text: string): string[] => new Scanner(text, 'plain').scan().map((token) => token.text);
        expect(texts(normalise(raw))).toEqual(texts(raw));
      }),
    );
  });
});
