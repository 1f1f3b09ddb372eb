import { CandidateFinder } from '../../../../services/rewrite/propose/candidates.ts';
import { Channel, EDIT_TYPES } from '../../../../services/rewrite/propose/channel.ts';
import { proposalCost } from '../../../../services/rewrite/propose/costs.ts';
import { MOST_NEAR, Proposer } from '../../../../services/rewrite/propose/proposer.ts';
import { SoundAlikes } from '../../../../services/rewrite/propose/sound-alikes.ts';
import { GroupChannel } from '../../../../stores/channel/group-channel.ts';
import type { Store } from '../../../../stores/store.ts';
import { type AssembledDataset, assembleTiny } from '../../../support/assembled.ts';
import { countedSource } from '../../../support/counted.ts';
import { ENGLISH_PARAMETERS, ENGLISH_PROFILE } from '../../../support/english.ts';

const HEADS = [...'bcdfghklmnprst'];
const WORDS = HEADS.flatMap((head) => ['ight', 'oad', 'illow'].map((tail) => `${head}${tail}`));
const GROUPS = [{ meant: 'ght', typed: 'gth', cost: 1.5 }];

let tiny: AssembledDataset;
beforeAll(async () => {
  tiny = await assembleTiny([countedSource({ words: Object.fromEntries(WORDS.map((word, i) => [word, 500 - i])) })]);
});
afterAll(() => tiny.close());

/** A proposer, and what it answers as text; `missing` makes its look-ups fail. */
function proposerOver(remembered?: number) {
  const { lexicon, deletes1, deletes2 } = tiny.stores;
  const state = { missing: false, probes: 0 };
  const flaky = (store: Store) =>
    new Proxy(store, {
      get: (target, name) =>
        name === 'findBytes'
          ? (...args: Parameters<Store['findBytes']>) => {
              state.probes++;
              return !state.missing && target.findBytes(...args);
            }
          : Reflect.get(target, name),
    });
  // Those that sound alike are tested with the lists of misspellings.
  const soundAlikes = new SoundAlikes(undefined, ENGLISH_PROFILE.phonetics);
  const candidates = new CandidateFinder(flaky(deletes1), flaky(deletes2), lexicon);
  const channel = new Channel(COSTS, ENGLISH_PROFILE);
  const groups = new GroupChannel(GROUPS);
  const proposer = new Proposer({ candidates, soundAlikes, channel, groups, lexicon, costs: COSTS }, remembered);
  const ask = (text: string, maxEdits = 2, isSparing = false) => {
    const first = proposer.find(text, maxEdits, isSparing);
    return Array.from({ length: proposer.count }, (_, i) => {
      const meant = lexicon.text(proposer.ids[first + i] ?? 0);
      const edits = new Float64Array(EDIT_TYPES.length + 1);
      proposer.countEdits(first + i, text, meant, edits, 1);
      const groupCost = proposer.groupCost(first + i, text, meant);
      return { meant, cost: proposer.cost(first + i), distance: proposer.distances[first + i], groupCost, edits };
    });
  };
  return { proposer, ask, state, channel, groups };
}

const COSTS = ENGLISH_PARAMETERS.costs;
const units = (text: string) => Uint16Array.from(text, (_, i) => text.charCodeAt(i));

describe('Proposer', () => {
  it('gives the cheapest of all that are near, with what the models say of them', () => {
    const { ask, channel, groups } = proposerOver();
    const { lexicon } = tiny.stores;
    const found = ask('wigth');
    const expected = HEADS.map((head) => {
      const meant = `${head}ight`;
      const id = tiny.idOf(meant) ?? 0;
      const slips = channel.editCost(units('wigth'), 5, units(meant), 5);
      const cost = slips + proposalCost(lexicon, COSTS, id);
      const edits = new Float64Array(EDIT_TYPES.length + 1);
      channel.countEdits('wigth', meant, edits, 1);
      const rank = cost + COSTS.languageWeight * lexicon.unigramCost(id);
      return { id, rank, row: { meant, cost, distance: 2, groupCost: groups.cost('wigth', meant), edits } };
    });
    expected.sort((a, b) => a.rank - b.rank || a.id - b.id);
    expect(found).toEqual(expected.slice(0, MOST_NEAR).map(({ row }) => row));
  });

  it('answers the same when it remembers, without asking the indexes, and counts the same work', () => {
    const { ask, proposer, state } = proposerOver();
    const first = ask('millow');
    const { probes } = state;
    const { work } = proposer;
    expect(ask('millow')).toEqual(first);
    expect(state.probes).toBe(probes);
    expect(proposer.work).toBe(2 * work);
    expect(work).toBeGreaterThan(0);
  });

  it('keeps apart what was asked with other bounds', () => {
    const { ask } = proposerOver();
    const two = ask('wlilow', 2);
    expect(ask('wlilow', 1)).toEqual([]);
    expect(ask('wlilow', 0)).toEqual([]);
    expect(ask('wlilow', 2)).toEqual(two);
    expect(two.length).toBeGreaterThan(0);
  });

  it('takes no more memory however many words it is asked for, and still answers right', () => {
    const { ask, proposer } = proposerOver(1024);
    const { byteLength } = proposer;
    const before = ask('wight');
    for (let i = 0; i < 5000; i++) ask(`x${i}ight`, 1);
    expect(proposer.byteLength).toBe(byteLength);
    expect(ask('wight')).toEqual(before);
    expect(before.length).toBe(MOST_NEAR);
  });

  it('forgets what it found while look-ups were missing', () => {
    const { ask, proposer, state } = proposerOver();
    const kept = ask('wight');
    state.missing = true;
    proposer.recent.begin();
    expect(ask('foad')).toEqual([]);
    proposer.recent.forget();
    state.missing = false;
    expect(ask('foad').map(({ meant }) => meant)).toContain('boad');
    expect(ask('wight')).toEqual(kept);
  });
});
