import fc from 'fast-check';
import { EDGE, type GroupCost, MAX_GROUP } from '../../../stores/channel/format.ts';
import { GroupChannel } from '../../../stores/channel/group-channel.ts';

const UNSEEN = 7.5;

/** The cheapest way to cut both words into groups, by trying every first group, over the words at full length. */
function naiveCost(costs: readonly GroupCost[], typedWord: string, meantWord: string): number {
  const trained = new Map(costs.map(({ meant, typed, cost }) => [`${meant}\t${typed}`, cost]));
  const known = new Map<string, number>();
  const rest = (typed: string, meant: string): number => {
    if (typed === '' && meant === '') return 0;
    const key = `${meant}\t${typed}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    let least = Number.POSITIVE_INFINITY;
    for (let m = 0; m <= Math.min(MAX_GROUP, meant.length); m++) {
      for (let t = m === 0 ? 1 : 0; t <= Math.min(MAX_GROUP, typed.length); t++) {
        const [from, to] = [meant.slice(0, m), typed.slice(0, t)];
        const unseen = m <= 1 && t <= 1 ? UNSEEN : Number.POSITIVE_INFINITY;
        const group = m === 1 && from === to ? 0 : (trained.get(`${from}\t${to}`) ?? unseen);
        if (group < least) least = Math.min(least, group + rest(typed.slice(t), meant.slice(m)));
      }
    }
    known.set(key, least);
    return least;
  };
  return rest(EDGE + typedWord + EDGE, EDGE + meantWord + EDGE);
}

const group = fc.string({ unit: fc.constantFrom('a', 'b', 'c', EDGE), maxLength: MAX_GROUP });
const anyCosts = fc
  .uniqueArray(fc.record({ meant: group, typed: group, cost: fc.integer({ min: 1, max: 20 }).map((n) => n / 4) }), {
    maxLength: 30,
    selector: ({ meant, typed }) => `${meant}\t${typed}`,
  })
  .map((costs) => costs.filter(({ meant, typed }) => meant !== typed));
const middle = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });

/** At which end of a group the edge of a word stands: none, either of them, or both where the group is the edge alone. */
function edgeOf(group: string): 'none' | 'start' | 'end' | 'alone' | 'within' {
  if (group === EDGE) return 'alone';
  if (!group.includes(EDGE)) return 'none';
  if (group.indexOf(EDGE) !== group.lastIndexOf(EDGE)) return 'within';
  return group.startsWith(EDGE) ? 'start' : group.endsWith(EDGE) ? 'end' : 'within';
}

/** Whether the edge of what was meant is that of what was typed, as alignments of whole words have it. */
function isAligned({ meant, typed }: GroupCost): boolean {
  const [a, b] = [edgeOf(meant), edgeOf(typed)];
  if (a === 'within' || b === 'within') return false;
  return a === b || (a === 'alone' && b !== 'none') || (b === 'alone' && a !== 'none');
}

describe('GroupChannel', () => {
  it('costs nothing to type what was meant', () => {
    fc.assert(fc.property(anyCosts, middle, (costs, word) => expect(new GroupChannel(costs).cost(word, word)).toBe(0)));
  });

  it('takes the cheapest cut of words by hand', () => {
    const channel = new GroupChannel([
      { meant: 'ie', typed: 'ei', cost: 1 },
      { meant: 'e', typed: 'i', cost: 4 },
      { meant: 'l', typed: 'll', cost: 2 },
      { meant: 'al^', typed: 'el^', cost: 1.5 },
      { meant: 's^', typed: '^', cost: 0.5 },
      { meant: '', typed: 'x', cost: 3 },
    ]);
    // One trained group; one group and an unseen letter; a letter unseen on each side; words with nothing in common.
    expect(channel.cost('beleive', 'believe')).toBe(1);
    expect(channel.cost('beleixve', 'believe')).toBe(1 + 3);
    expect(channel.cost('recieve', 'receive')).toBe(4 + UNSEEN);
    expect(channel.cost('fellow', 'felow')).toBe(2);
    expect(channel.cost('medel', 'medal')).toBe(1.5);
    expect(channel.cost('shoe', 'shoes')).toBe(0.5);
    expect(channel.cost('', 'q')).toBe(UNSEEN);
    expect(new GroupChannel([]).cost('ab', 'cd')).toBe(2 * UNSEEN);
  });

  it('finds what trying every cut finds, where nothing is shared at the ends', () => {
    fc.assert(
      fc.property(anyCosts, middle, middle, (costs, typed, meant) => {
        // With other letters at both ends nothing is cut off.
        const [left, right] = [`p${typed}q`, `r${meant}s`];
        expect(new GroupChannel(costs).cost(left, right)).toBeCloseTo(naiveCost(costs, left, right), 9);
      }),
    );
  });

  it('finds the same with the shared ends cut off, where these are of letters that no group holds', () => {
    const ends = fc.tuple(fc.nat(8), fc.nat(8)).map(([a, b]) => ['mnopqrst'.slice(0, a), 'uvwxyzkl'.slice(0, b)]);
    // The edges of a word stand for each other, as training aligns them: a group that drops one is never found with the ends cut off.
    const alignedCosts = anyCosts.map((costs) => costs.filter(isAligned));
    fc.assert(
      fc.property(alignedCosts, ends, middle, middle, (costs, [start, end], typed, meant) => {
        const [left, right] = [`${start}${typed}${end}`, `${start}${meant}${end}`];
        // Letters of the middle may be shared, too: then cutting can only take cheaper cuts away.
        const found = new GroupChannel(costs).cost(left, right);
        const naive = naiveCost(costs, left, right);
        expect(found).toBeGreaterThanOrEqual(naive - 1e-9);
        if (typed[0] !== meant[0] && typed.at(-1) !== meant.at(-1)) expect(found).toBeCloseTo(naive, 9);
      }),
    );
  });
});
