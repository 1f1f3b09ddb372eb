import { learnLetters } from '../../../builders/assemble/letters.ts';
import { decodeLetters, encodeLetters } from '../../../stores/letters/format.ts';
import { LetterModel, openLetters } from '../../../stores/letters/letter-model.ts';

const TABLE = { letters: [0x61, 0x62], costs: Uint8Array.from({ length: 256 }, (_, i) => i) };
const HEAD = '454d454e444c54520100000002000000';

describe('the file of the letter model', () => {
  it('has these bytes', () => {
    const bytes = encodeLetters(TABLE);
    expect(bytes).toHaveLength(24 + 4 + 256);
    expect(Buffer.from(bytes.subarray(0, 16)).toString('hex')).toBe(HEAD);
    expect(Buffer.from(bytes.subarray(16, 32)).toString('hex')).toBe('16eb96e97ebe29fc6100620000010203');
    expect(decodeLetters(bytes, 'test')).toEqual(TABLE);
  });

  it('with any byte changed is refused', () => {
    const bytes = encodeLetters(TABLE);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i]! ^= 0x41;
      expect(() => decodeLetters(damaged, 'test.bin')).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^STORE_(FOREIGN|VERSION|CORRUPT)$/) }),
      );
    }
  });

  it('cut anywhere, or with bytes added, is refused', () => {
    const bytes = encodeLetters(TABLE);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeLetters(bytes.slice(0, length), 'test.bin')).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^STORE_(FOREIGN|CORRUPT)$/) }),
      );
    }
    expect(() => decodeLetters(Uint8Array.of(...bytes, 0), 'test.bin')).toThrow(
      expect.objectContaining({ code: 'STORE_CORRUPT' }),
    );
  });

  it('that is not there is not found', () => {
    expect(() => openLetters('/nonexistent/letters.bin')).toThrow(expect.objectContaining({ code: 'STORE_NOT_FOUND' }));
  });
});

describe('the cost of a spelling', () => {
  it('adds up the letters, an edge before and after', () => {
    const model = new LetterModel({ letters: [0x61], costs: new Uint8Array(81).fill(20) });
    expect(model.cost('')).toBeCloseTo(1);
    expect(model.cost('a')).toBeCloseTo(2);
    expect(model.cost('axé')).toBeCloseTo(4);
  });

  it('is lower for strings made like the words it was learned from', () => {
    const words = ['stone', 'ford', 'stanford', 'oxford', 'milton', 'stanton', 'kingston', 'hartford', 'boston'];
    const model = new LetterModel(learnLetters(words));
    expect(model.cost('stoneford')).toBeLessThan(model.cost('sotneofrd'));
    expect(model.cost('kington')).toBeLessThan(model.cost('knigotn'));
  });
});
