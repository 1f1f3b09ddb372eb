import { trainChannel } from '../../../builders/channel/train.ts';
import { decodeChannel, encodeChannel } from '../../../stores/channel/format.ts';
import { GroupChannel } from '../../../stores/channel/group-channel.ts';

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const slip = { typed: 'recieve', meant: 'receive' };

describe('trainChannel', () => {
  it('takes the share of a group that came out so', () => {
    const costs = trainChannel(times(9, slip));
    const costOf = (meant: string, typed: string) =>
      costs.find((one) => one.meant === meant && one.typed === typed)?.cost;
    // `ei` stands nine times in what was meant and came out as `ie` each time; of ten, as one more is taken for granted.
    expect(costOf('ei', 'ie')).toBeCloseTo(-Math.log(9 / 10), 12);
    // `e` stands three times in each word and came out as `i` once.
    expect(costOf('e', 'i')).toBeCloseTo(-Math.log(9 / 28), 12);
    for (const { meant, typed, cost } of costs) {
      expect(cost).toBeGreaterThanOrEqual(0);
      expect([meant === typed, meant.length <= 3, typed.length <= 3]).toEqual([false, true, true]);
    }
  });

  it('makes what it was shown cheap, by way of its file', () => {
    const trained = new GroupChannel(decodeChannel(encodeChannel(trainChannel(times(9, slip))), 'test'));
    expect(trained.cost('beleive', 'beleive')).toBe(0);
    expect(trained.cost('recieve', 'receive')).toBeLessThan(0.5);
    expect(trained.cost('decieve', 'deceive')).toBeLessThan(0.5);
    expect(trained.cost('recxive', 'receive')).toBeGreaterThan(5);
  });

  it('leaves out groups seen three times and less, words that are equal, and words too far apart', () => {
    expect(trainChannel(times(3, slip))).toEqual([]);
    expect(trainChannel(times(9, { typed: 'shoe', meant: 'shoe' }))).toEqual([]);
    expect(trainChannel(times(9, { typed: 'abcd', meant: 'wxyz' }))).toEqual([]);
    expect(trainChannel(times(9, { typed: 'a'.repeat(31), meant: `${'a'.repeat(30)}b` }))).toEqual([]);
    expect(trainChannel([])).toEqual([]);
  });

  it('knows letters at the edges of words', () => {
    const costs = trainChannel(times(5, { typed: 'shoe', meant: 'shoes' }));
    expect(costs).toContainEqual({ meant: 's^', typed: '^', cost: expect.closeTo(-Math.log(5 / 6), 9) });
    expect(costs.every(({ meant, typed }) => meant.endsWith('^') === typed.endsWith('^'))).toBe(true);
  });

  it('writes its groups in one order, whatever that of the pairs', () => {
    const other = { typed: 'shose', meant: 'shoes' };
    const there = trainChannel([...times(5, slip), ...times(6, other)]);
    expect(trainChannel([...times(6, other), ...times(5, slip)])).toEqual(there);
  });
});
