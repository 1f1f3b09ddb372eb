import fc from 'fast-check';
import { BuildError } from '../../../builders/errors.ts';
import { Automaton } from '../../../builders/fst/automaton.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { anyEntries } from '../../support/arbitraries.ts';
import { entriesOf, hex } from '../../support/model.ts';

/** Number of different right languages among the prefixes of the keys: what a minimal automaton has nodes for. */
function fewestNodes(keys: readonly Uint8Array[]): number {
  const suffixes = new Map<string, string[]>([['', []]]);
  for (const key of keys) {
    const digits = hex(key);
    for (let end = 0; end <= digits.length; end += 2) {
      const prefix = digits.slice(0, end);
      suffixes.set(prefix, [...(suffixes.get(prefix) ?? []), digits.slice(end)]);
    }
  }
  return new Set([...suffixes.values()].map((list) => list.join(','))).size;
}

describe('Automaton', () => {
  it('has as few nodes as there are different continuations', () => {
    fc.assert(
      fc.property(anyEntries('none', 40), (entries) => {
        const automaton = new Automaton(2 ** 20);
        for (const { key } of entries) automaton.add(key, 0, key.length);
        automaton.finish();
        expect(automaton.nodeCount).toBe(fewestNodes(entries.map(({ key }) => key)));
        expect(automaton.minimal).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('stays minimal while its registry grows', () => {
    const entries = entriesOf(Array.from({ length: 20_000 }, (_, i) => `${i}${(i * 31) % 97}`));
    const automaton = new Automaton(2 ** 24);
    for (const { key } of entries) automaton.add(key, 0, key.length);
    automaton.finish();
    expect(automaton.nodeCount).toBe(fewestNodes(entries.map(({ key }) => key)));
  });

  it.each([
    ['twice', 'ab', 'ab', 'BUILD_DUPLICATE_KEY'],
    ['out of order', 'ab', 'aa', 'BUILD_KEY_ORDER'],
    ['as a prefix of the one before', 'ab', 'a', 'BUILD_KEY_ORDER'],
    ['empty after another', 'a', '', 'BUILD_KEY_ORDER'],
    ['empty twice', '', '', 'BUILD_DUPLICATE_KEY'],
  ])('refuses a key that comes %s, naming both', (_, first, second, code) => {
    const automaton = new Automaton(2 ** 16);
    automaton.add(encodeUtf8(first), 0, first.length);
    let error: unknown;
    try {
      automaton.add(encodeUtf8(second), 0, second.length);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toContain(JSON.stringify(first));
    expect((error as Error).message).toContain(JSON.stringify(second));
  });
});
