import fc from 'fast-check';
import { crc32 } from '../../../stores/bytes/checksum.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import {
  BACKOFF_STEP,
  encodeLexicon,
  FIRST_TERM_ID,
  LEXICON_HEADER_BYTES,
  type LexiconArrays,
  NOT_EDITED,
  UNIGRAM_STEP,
} from '../../../stores/lexicon/format.ts';
import { Lexicon, openLexicon } from '../../../stores/lexicon/lexicon.ts';
import { codeOf } from '../../support/error-code.ts';

const TEXT_VERSION = 3;

interface Term {
  readonly text: string;
  readonly unigram: number;
  readonly backoff: number;
  readonly flags: number;
  readonly edited: number;
}

const byte = fc.nat(255);
const anyTerm: fc.Arbitrary<Term> = fc.record({
  text: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('', 'café', '\u{1f600}', 'a'.repeat(255), 'b'.repeat(256)),
  ),
  unigram: byte,
  backoff: byte,
  flags: byte,
  edited: byte,
});

function arraysOf(terms: readonly Term[]): LexiconArrays {
  const encoded = terms.map(({ text }) => encodeUtf8(text));
  const textOffsets = new Uint32Array(terms.length + 1);
  encoded.forEach((bytes, id) => {
    textOffsets[id + 1] = (textOffsets[id] ?? 0) + bytes.length;
  });
  return {
    termCount: terms.length,
    textOffsets,
    text: Buffer.concat(encoded),
    unigramCosts: Uint8Array.from(terms, ({ unigram }) => unigram),
    backoffCosts: Uint8Array.from(terms, ({ backoff }) => backoff),
    flags: Uint8Array.from(terms, ({ flags }) => flags),
    editedCosts: Uint8Array.from(terms, ({ edited }) => edited),
  };
}

function codeUnits(lexicon: Lexicon, id: number, room: number): string {
  const out = new Uint16Array(room);
  return String.fromCharCode(...out.subarray(0, lexicon.codeUnits(id, out)));
}

function editedOf(lexicon: Lexicon, id: number): number {
  const gap = lexicon.editedGap(id);
  return gap === Number.POSITIVE_INFINITY ? NOT_EDITED : Math.round((lexicon.unigramCost(id) + gap) / UNIGRAM_STEP);
}

function termsOf(lexicon: Lexicon): Term[] {
  return Array.from({ length: lexicon.termCount }, (_, id) => ({
    text: lexicon.text(id),
    unigram: Math.round(lexicon.unigramCost(id) / UNIGRAM_STEP),
    backoff: Math.round(lexicon.backoffCost(id) / BACKOFF_STEP),
    flags: lexicon.flags(id),
    edited: editedOf(lexicon, id),
  }));
}

describe('the lexicon file', () => {
  it('gives back every term, wherever in a buffer it lies', () => {
    fc.assert(
      fc.property(fc.array(anyTerm, { maxLength: 20 }), fc.nat(7), (terms, shift) => {
        const file = encodeLexicon(arraysOf(terms), TEXT_VERSION);
        expect(encodeLexicon(arraysOf(terms), TEXT_VERSION)).toEqual(file);
        const within = new Uint8Array(shift + file.length);
        within.set(file, shift);
        const lexicon = new Lexicon(within.subarray(shift), 'test', TEXT_VERSION);
        expect(termsOf(lexicon)).toEqual(terms);
        terms.forEach(({ text }, id) => {
          expect(lexicon.textBytes(id)).toBe(encodeUtf8(text).length);
          expect(codeUnits(lexicon, id, 300)).toBe(text);
          expect(codeUnits(lexicon, id, 3)).toBe(text.slice(0, 3));
        });
      }),
    );
  });

  const terms = ['', 'the', 'café', 'shoe'].map((text, i) => ({
    text,
    unigram: i,
    backoff: 2 * i,
    flags: 1 << i,
    edited: 3 * i,
  }));
  const file = encodeLexicon(arraysOf(terms), TEXT_VERSION);

  /** The code of what opening throws. */
  const opening = (bytes: Uint8Array, textVersion = TEXT_VERSION) =>
    codeOf(() => new Lexicon(bytes, 'test.bin', textVersion));

  it('is refused whichever bit of it is flipped', () => {
    for (let at = 0; at < file.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = file.slice();
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const expected = at < 8 ? 'STORE_FOREIGN' : at < 12 ? 'STORE_VERSION' : 'STORE_CORRUPT';
        expect([at, opening(damaged)]).toEqual([at, expected]);
      }
    }
  });

  it('is refused cut at any length, and with bytes after its end', () => {
    for (let length = 0; length < file.length; length++) {
      expect([length, opening(file.subarray(0, length))]).toEqual([length, 'STORE_CORRUPT']);
    }
    expect(opening(Buffer.concat([file, Uint8Array.of(0)]))).toBe('STORE_CORRUPT');
    expect(LEXICON_HEADER_BYTES).toBeLessThan(file.length);
  });

  it('is refused when its terms were normalised by another text version', () => {
    expect(opening(file, TEXT_VERSION + 1)).toBe('STORE_VERSION');
  });

  it('of version 1 says nothing of edited text', () => {
    const { length } = terms;
    const textBytes = Buffer.concat(terms.map(({ text }) => encodeUtf8(text))).length;
    const old = Buffer.concat([
      file.subarray(0, file.length - length - textBytes),
      file.subarray(file.length - textBytes),
    ]);
    old.writeUInt32LE(1, 8);
    old.writeUInt32LE(crc32(old, LEXICON_HEADER_BYTES), 24);
    old.writeUInt32LE(crc32(old, 0, 28), 28);
    const lexicon = new Lexicon(old, 'test', TEXT_VERSION);
    expect(lexicon.text(3)).toBe('shoe');
    expect(terms.map((_, id) => lexicon.editedGap(id))).toEqual([0, 0, 0, 0]);
  });

  it('that is not there is not found', () => {
    expect(() => openLexicon('/nonexistent/lexicon.bin', 1)).toThrow(
      expect.objectContaining({ code: 'STORE_NOT_FOUND' }),
    );
  });
});

describe('Lexicon.lastWithin', () => {
  it('gives the last id that costs no more, of terms in order of frequency', () => {
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), fc.array(byte, { maxLength: 8 }), (costs, asked) => {
        const sorted = [255, 255, 255, 255, ...costs.sort((a, b) => a - b)];
        const terms = sorted.map((unigram) => ({ text: 'a', unigram, backoff: 0, flags: 0, edited: 0 }));
        const lexicon = new Lexicon(encodeLexicon(arraysOf(terms), TEXT_VERSION), 'test', TEXT_VERSION);
        for (const level of [...asked, ...costs]) {
          const expected = FIRST_TERM_ID + costs.filter((cost) => cost <= level).length - 1;
          expect(lexicon.lastWithin(level * UNIGRAM_STEP)).toBe(expected < FIRST_TERM_ID ? 0 : expected);
        }
        expect(lexicon.lastWithin(-1)).toBe(0);
      }),
    );
  });
});
