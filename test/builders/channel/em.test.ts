import { learnFromWords, type TypedWord } from '../../../builders/channel/em.ts';
import { GroupChannel } from '../../../stores/channel/group-channel.ts';

/** Numbers in [0, 1), the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Words that lie far from each other, as often as words are: 5,000 times the first, 50 the hundredth. */
function vocabulary(random: () => number): { text: string; count: number }[] {
  const letters = 'abcdefghilmnoprstu';
  const draw = () => letters[Math.floor(random() * letters.length)]!;
  return Array.from({ length: 150 }, (_, rank) => ({
    text: Array.from({ length: 8 }, draw).join(''),
    count: Math.round(5000 / (rank + 1)),
  }));
}

/** One slip in a word, by the shares: a letter left out, doubled, typed for the next in the alphabet, or two swapped. */
function slip(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (word.length - 1));
  const kind = random();
  if (kind < 0.6) return word.slice(0, at) + word.slice(at + 1);
  if (kind < 0.85) return word.slice(0, at - 1) + word[at]! + word[at - 1]! + word.slice(at + 1);
  if (kind < 0.95) return word.slice(0, at) + word[at]! + word.slice(at);
  return word.slice(0, at) + String.fromCharCode(word.charCodeAt(at) + 1) + word.slice(at + 1);
}

function typedLog(errorRate: number): TypedWord[] {
  const random = seededRandom(7);
  const counts = new Map<string, number>();
  for (const { text, count } of vocabulary(random)) {
    for (let i = 0; i < count; i++) {
      const typed = random() < errorRate ? slip(text, random) : text;
      counts.set(typed, (counts.get(typed) ?? 0) + 1);
    }
  }
  return [...counts].map(([text, count]) => ({ text, count, isCertain: false }));
}

/** The mean cost of a kind of slip over words that the log never saw. */
function meanCost(channel: GroupChannel, kind: (word: string, at: number) => string): number {
  const words = vocabulary(seededRandom(99)).map(({ text }) => text);
  const costs = words.flatMap((word) => {
    const typed = kind(word, 4);
    return typed === word ? [] : [channel.cost(typed, word)];
  });
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

describe('learnFromWords', () => {
  const learned = learnFromWords(typedLog(0.04));
  const channel = new GroupChannel(learned.costs);

  it('recovers which slips are the likelier from a log that nobody put right', () => {
    const dropped = meanCost(channel, (word, at) => word.slice(0, at) + word.slice(at + 1));
    const swapped = meanCost(
      channel,
      (word, at) => word.slice(0, at - 1) + word[at]! + word[at - 1]! + word.slice(at + 1),
    );
    const doubled = meanCost(channel, (word, at) => word.slice(0, at) + word[at]! + word.slice(at));
    const unlike = meanCost(channel, (word, at) => `${word.slice(0, at)}w${word.slice(at + 1)}`);
    expect(dropped).toBeLessThan(swapped);
    expect(swapped).toBeLessThan(doubled);
    expect(doubled).toBeLessThan(unlike);
  });

  it('estimates the share of slips', () => {
    expect(learned.errorRate).toBeGreaterThan(0.02);
    expect(learned.errorRate).toBeLessThan(0.06);
  });

  it('takes words that are certain for no slips, and learns nothing where nothing is near', () => {
    const certain = typedLog(0.04).map((word) => ({ ...word, isCertain: true }));
    expect(learnFromWords(certain).pairs).toEqual([]);
    expect(learnFromWords([{ text: 'shoes', count: 3, isCertain: false }])).toMatchObject({ pairs: [] });
    expect(learnFromWords([])).toMatchObject({ costs: [], pairs: [] });
  });

  it('learns the same, in whatever order the words come', () => {
    expect(learnFromWords(typedLog(0.04).reverse()).costs).toEqual(learned.costs);
  });
});
