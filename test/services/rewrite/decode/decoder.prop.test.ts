import fc from 'fast-check';
import { decode, type Path, pathOver } from '../../../../services/rewrite/decode/decoder.ts';
import { type Arc, Lattice } from '../../../../services/rewrite/decode/lattice.ts';
import { type Scorer, termCost } from '../../../../services/rewrite/decode/scorer.ts';
import { UNKNOWN_ID } from '../../../../stores/lexicon/format.ts';

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
  costsAfter(before, last, nexts, start, end, costs, continued) {
    for (let i = start; i < end; i++) {
      const next = nexts[i] ?? UNKNOWN_ID;
      costs[i] = termCost(this, before, last, next);
      continued[i] = last !== UNKNOWN_ID && next !== UNKNOWN_ID && this.continues(last, next) ? 1 : 0;
    }
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
              asksFirst: false,
            });
          }
        });
        const expected = allPaths(lattice).slice(0, 5);
        const found = decode(lattice, scorer, 1, 5);
        expect(found.map(({ cost }) => cost)).toEqual(expected.map(({ cost }) => cost));
        for (const path of found) expect(pathOver(path.arcs, scorer, 1)).toEqual(path);
        // A second call finds the same: nothing is left over from the first.
        expect(decode(lattice, scorer, 1, 5)).toEqual(found);
        const near = found.filter(({ cost }) => cost <= found[0]!.cost + 3);
        expect(decode(lattice, scorer, 1, 5, 3)).toEqual(near);
      }),
      { numRuns: 300 },
    );
  });

  const words = (rows: readonly (readonly number[])[]) => {
    const lattice = new Lattice(rows.length);
    rows.forEach((ids, from) => {
      for (const [i, id] of ids.entries()) {
        const arc = {
          from,
          to: from + 1,
          kind: 'replace' as const,
          ids: [id],
          text: `${id}`,
          unknownCost: 0,
          distance: 0,
        };
        lattice.add({ ...arc, channelCost: i, proposal: -1, asksFirst: false });
      }
    });
    return lattice;
  };
  const free: Scorer = {
    unigramCost: () => 0,
    pairCost: () => 0,
    continues: () => false,
    tripleCost: () => 0,
    costsAfter: (_before, _last, _nexts, start, end, costs, continued) => {
      costs.fill(0, start, end);
      continued.fill(0, start, end);
    },
  };
  const textOf = ({ arcs }: Path) => arcs.map(({ text }) => text).join(' ');

  it('follows six of the readings that differ in a word before the last two alone', () => {
    const found = decode(words([[10, 11, 12, 13, 14, 15, 16, 17], [20], [30], [40, 41]]), free, 1, 16);
    expect(found.slice(0, 4).map(textOf)).toEqual(['10 20 30 40', '11 20 30 40', '10 20 30 41', '12 20 30 40']);
    expect(new Set(found.map(({ arcs }) => arcs[0]!.text)).size).toBe(6);
    expect(found.length).toBe(12);
  });

  it('puts equals in the order of their last arcs, then of what comes before', () => {
    const found = decode(words([[10, 11], [20, 21], [30]]), free, 1, 16);
    expect(found.map(textOf)).toEqual(['10 20 30', '11 20 30', '10 21 30', '11 21 30']);
  });

  it('finds nothing where no arc leads to the end, or there is none', () => {
    expect(decode(new Lattice(0), free, 1, 16)).toEqual([]);
    expect(decode(words([[10], []]), free, 1, 16)).toEqual([]);
  });

  it('takes time that grows with the length of the query, not with its readings', () => {
    const row = Array.from({ length: 20 }, (_, i) => 10 + i);
    const found = decode(words(Array.from({ length: 300 }, () => row)), free, 1, 16);
    expect(found).toHaveLength(16);
    expect(found[0]!.cost).toBe(0);
  });
});
