import fc from 'fast-check';
import { compareBytes } from '../../../stores/bytes/compare.ts';
import {
  decodeBackoffCost,
  decodeCost,
  encodeId,
  encodeNgramValue,
  MAX_NGRAM_BYTES,
  MAX_TERM_ID,
  NGRAM_STEP,
  PAIR_BYTES,
  quantiseCost,
} from '../../../stores/language/ngram-key.ts';

const id = fc.oneof(fc.nat(MAX_TERM_ID), fc.constantFrom(0, 1, 255, 256, 65535, 65536, MAX_TERM_ID));
const cost = fc.double({ min: 0, max: 25.5, noNaN: true });

function keyOf(ids: readonly number[]): Uint8Array {
  const out = new Uint8Array(MAX_NGRAM_BYTES);
  const end = ids.reduce((offset, one) => encodeId(one, out, offset), 0);
  return out.subarray(0, end);
}

describe('keys of n-grams', () => {
  it('lie in the order of their ids, pairs before the triples that continue them', () => {
    const ids = fc.array(id, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const [left, right] = [keyOf(a), keyOf(b)];
        const found = Math.sign(compareBytes(left, 0, left.length, right, 0, right.length));
        const at = a.findIndex((one, i) => one !== b[i]);
        const expected = at < 0 ? a.length - b.length : at >= b.length ? 1 : (a[at] ?? 0) - (b[at] ?? 0);
        expect(found).toBe(Math.sign(expected));
      }),
    );
    expect(keyOf([1, 2]).length).toBe(PAIR_BYTES);
  });
});

describe('values of n-grams', () => {
  it('hold the cost, and the back-off cost of pairs that triples continue, to half a step', () => {
    fc.assert(
      fc.property(cost, fc.option(cost, { nil: -1 }), (own, backoff) => {
        const value = encodeNgramValue(own, backoff);
        expect(Math.abs(decodeCost(value) - own)).toBeLessThanOrEqual(NGRAM_STEP / 2 + 1e-9);
        if (backoff < 0) expect(decodeBackoffCost(value)).toBe(-1);
        else expect(Math.abs(decodeBackoffCost(value) - backoff)).toBeLessThanOrEqual(NGRAM_STEP / 2 + 1e-9);
      }),
    );
  });

  it('stop at the ends of their range', () => {
    expect([-1, 0, 0.04, 25.5, 26, Number.POSITIVE_INFINITY].map((nats) => quantiseCost(nats, 0.1))).toEqual([
      0, 0, 0, 255, 255, 255,
    ]);
  });
});
