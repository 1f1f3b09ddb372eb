import fc from 'fast-check';
import { decode, type Path, pathOver, type Scorer } from '../../../services/rewrite/decoder.ts';
import { type Arc, Lattice } from '../../../services/rewrite/lattice.ts';
import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';

const FIRST = 10;

/** A model whose costs are any fixed function of the ids; triples continue only some pairs. */
const scorer: Scorer = {
  unigramCost: (id) => (id * 7) % 13,
  pairCost: (first, second) => (first * 31 + second * 17) % 11,
  continues: (first, second) => (first + second) % 3 === 0,
  tripleCost(first, second, third) {
    if (first < 0 || !this.continues(first, second)) return this.pairCost(second, third);
    return (first * 5 + second * 3 + third) % 9;
  },
};

const anyArc = fc.record({
  span: fc.integer({ min: 1, max: 2 }),
  ids: fc.array(fc.oneof(fc.constant(UNKNOWN_ID), fc.integer({ min: FIRST, max: FIRST + 5 })), {
    minLength: 1,
    maxLength: 3,
  }),
  channelCost: fc.integer({ min: 0, max: 9 }),
});

const anyLattice = fc.array(fc.array(anyArc, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });

/** All readings, by trying every way through. */
function allPaths(lattice: Lattice): Path[] {
  const paths: Path[] = [];
  const walk = (at: number, arcs: readonly Arc[]) => {
    if (at === lattice.arcs.length) paths.push(pathOver(arcs, scorer, 1));
    else for (const arc of lattice.arcs[at] ?? []) walk(arc.to, [...arcs, arc]);
  };
  walk(0, []);
  return paths.sort((a, b) => a.cost - b.cost);
}

describe('the decoder', () => {
  it('finds the cheapest readings of small lattices, as trying all of them does', () => {
    fc.assert(
      fc.property(anyLattice, (slots) => {
        const lattice = new Lattice(slots.length);
        slots.forEach((arcs, from) => {
          for (const { span, ids, channelCost } of arcs) {
            const to = Math.min(slots.length, from + span);
            lattice.add({
              from,
              to,
              kind: 'replace',
              ids,
              text: '',
              channelCost,
              unknownCost: 0,
              distance: 0,
              proposal: -1,
            });
          }
        });
        const expected = allPaths(lattice).slice(0, 5);
        const found = decode(lattice, scorer, 1, 5);
        expect(found.map(({ cost }) => cost)).toEqual(expected.map(({ cost }) => cost));
        for (const path of found) expect(pathOver(path.arcs, scorer, 1)).toEqual(path);
        // A second call finds the same: nothing is left over from the first.
        expect(decode(lattice, scorer, 1, 5)).toEqual(found);
      }),
      { numRuns: 300 },
    );
  });
});
