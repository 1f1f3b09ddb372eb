import fc from 'fast-check';
import type { RewriteContext } from '../../../../services/rewrite/context.ts';
import {
  type Arc,
  type ArcKind,
  Lattice,
  NO_PROPOSAL,
  type Slot,
} from '../../../../services/rewrite/decode/lattice.ts';
import { type Reading, ReadingMaker } from '../../../../services/rewrite/decode/reading.ts';
import { Coherence, MOST_WORDS } from '../../../../services/rewrite/language/coherence.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { Channel } from '../../../../services/rewrite/propose/channel.ts';
import { SoundAlikes } from '../../../../services/rewrite/propose/sound-alikes.ts';
import {
  addChanged,
  addKept,
  addNeighbours,
  FEATURE_COUNT,
  FEATURE_NAMES,
  type FeatureSources,
  INDEX,
  isPairSeen,
} from '../../../../services/rewrite/rank/features.ts';
import { countLeft, LEFT_FEATURES } from '../../../../services/rewrite/rank/features-around.ts';
import { ReadingFeatures } from '../../../../services/rewrite/rank/reading-features.ts';
import { GroupChannel } from '../../../../stores/channel/group-channel.ts';
import { FIRST_TERM_ID, UNKNOWN_ID } from '../../../../stores/lexicon/format.ts';
import { MISS } from '../../../../stores/store.ts';
import { inCaseOf } from '../../../../stores/text/case-pattern.ts';
import { tokenise } from '../../../../stores/text/tokenise.ts';
import { encodeVectors, vectorArrays } from '../../../../stores/vectors/format.ts';
import { Vectors } from '../../../../stores/vectors/vectors.ts';
import { ENGLISH_PARAMETERS, ENGLISH_PROFILE } from '../../../support/english.ts';

/** Words by id, from the first term on; costs that are no round numbers, so that the order of sums shows. */
const WORDS = ['lamp', 'lamps', 'shade', 'lampshade', 'will', 'goat', 'go', 'at', 'que', 'zylkene', 'damp', 'a'];
const VECTORED = WORDS.map((_, i) => FIRST_TERM_ID + i).filter((id) => id % 3 !== 0);
const VALUES = Int8Array.from({ length: 3 * VECTORED.length }, (_, i) => ((i * 37) % 200) - 100);

const coherence = new Coherence(new Vectors(encodeVectors(vectorArrays(VECTORED, 30, VALUES, 3)), 'test'));

const sources = {
  lexicon: {
    flags: (id: number) => (id * 11) % 64,
    editedGap: (id: number) => (id % 5 === 0 ? Number.POSITIVE_INFINITY : (id % 13) - 4),
    unigramCost: (id: number) => 6.3 + ((id * 7) % 11) * 1.1,
    text: (id: number) => WORDS[id - FIRST_TERM_ID]!,
  },
  languageModel: {
    pairValue: (first: number, second: number) => ((first * 5 + second * 3) % 4 === 0 ? MISS : 10),
    unigramCost: () => 6.3,
    pairCost: () => 3.1,
  },
  channel: new Channel(ENGLISH_PARAMETERS.costs, ENGLISH_PROFILE),
  groups: new GroupChannel([]),
  soundAlikes: new SoundAlikes(undefined, ENGLISH_PROFILE.phonetics),
  letters: { cost: (text: string) => 0.1 * text.length },
  profile: ENGLISH_PROFILE,
  proposer: {
    countEdits: (proposal: number, _typed: string, _meant: string, out: Float64Array, first: number) => {
      out[first + (proposal % 5)]!++;
    },
    slipCost: (proposal: number) => 0.7 * (proposal + 1),
    groupCost: (proposal: number, typed: string) => 0.3 * proposal + typed.length,
  },
} as unknown as FeatureSources;

const KINDS: readonly ArcKind[] = ['replace', 'split', 'merge'];
const anyWord = fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom('lmap', 'goatt', 'willl', '12'));
/** A query, arcs over it, and readings as choices among the arcs of a position: its first keeps the token. */
const anyQuery = fc.array(anyWord, { minLength: 1, maxLength: 6 }).chain((words) =>
  fc.record({
    words: fc.constant(words),
    changes: fc.array(
      fc.record({
        from: fc.nat(words.length - 1),
        length: fc.integer({ min: 1, max: 3 }),
        kind: fc.constantFrom(...KINDS),
        ids: fc.array(fc.nat(WORDS.length - 1), { minLength: 1, maxLength: 3 }),
        distance: fc.nat(3),
        // Those that are 8,192 apart have one place in the memory of rows.
        proposal: fc.constantFrom(NO_PROPOSAL, 3, 4, 3 + 8192),
      }),
      { maxLength: 12 },
    ),
    choices: fc.array(fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 16 }),
  }),
);

function made({ words, changes, choices }: Query): {
  context: RewriteContext;
  readings: Reading[];
} {
  const query = words.join(' ');
  const slots: Slot[] = tokenise(query, { syntax: 'plain' }).map((token) => {
    const row = WORDS.indexOf(token.text);
    return {
      token,
      fixed: '',
      id: row < 0 ? UNKNOWN_ID : FIRST_TERM_ID + row,
      known: row % 2 === 0,
      owned: false,
      listed: [],
      runs: [],
    };
  });
  const lattice = new Lattice(slots.length);
  const plain = { channelCost: 1, unknownCost: 0, asksFirst: false };
  slots.forEach(({ id, token }, from) => {
    lattice.add({
      ...plain,
      from,
      to: from + 1,
      kind: 'keep',
      ids: [id],
      text: token.text,
      distance: 0,
      proposal: NO_PROPOSAL,
      asksFirst: false,
    });
  });
  for (const { from, length, kind, ids, distance, proposal } of changes) {
    const to = Math.min(slots.length, from + (kind === 'split' ? 1 : length));
    const text = ids.map((row) => WORDS[row]!).join(' ');
    lattice.add({ ...plain, from, to, kind, ids: ids.map((row) => FIRST_TERM_ID + row), text, distance, proposal });
  }
  const context: RewriteContext = {
    query,
    options: DEFAULT_OPTIONS,
    write: inCaseOf,
    // Features know nothing of it.
    rudeTerms: {} as RewriteContext['rudeTerms'],
    normalized: query,
    slots,
    protectedSpans: [],
    lattice,
    paths: [],
    override: undefined,
    ruleRun: undefined,
    typedRow: undefined,
    ruleEdits: [],
    work: 0,
    reasons: new Set(),
    trace: [],
  };
  const maker = new ReadingMaker(query, slots, inCaseOf);
  const readings = choices.map((choice) => {
    const arcs: Arc[] = [];
    for (let at = 0; at < slots.length; at = arcs.at(-1)!.to) {
      const there = lattice.arcs[at]!;
      arcs.push(there[choice[at]! % there.length]!);
    }
    return maker.read({ arcs, cost: 0, languageCost: 1.7 * arcs.length });
  });
  return { context, readings };
}

type Query = typeof anyQuery extends fc.Arbitrary<infer T> ? T : never;

/** The vector of a reading, from its arcs and what stands between them, nothing remembered. */
function plainly({ path, edits }: Reading, { slots }: RewriteContext): Float64Array {
  const out = new Float64Array(FEATURE_COUNT);
  out[INDEX.languageCost] = path.languageCost;
  if (edits.length > 0) {
    out[INDEX.changed] = 1;
    out[INDEX.changedAlone] = slots.length === 1 ? 1 : 0;
    countLeft(path.arcs, slots, sources.lexicon, out, INDEX[LEFT_FEATURES[0]]);
  }
  let previous = UNKNOWN_ID;
  let previousChanged = false;
  for (const arc of path.arcs) {
    for (const id of arc.ids) {
      if (id >= FIRST_TERM_ID) out[INDEX.unigramCost]! += sources.lexicon.unigramCost(id);
      if (isPairSeen(previous, id, sources)) {
        out[INDEX.pairsSeen]!++;
        if (arc.kind !== 'keep' || previousChanged) out[INDEX.pairsAround]!++;
      }
      previous = id;
    }
    previousChanged = arc.kind !== 'keep';
    const own = new Float64Array(FEATURE_COUNT);
    if (arc.kind === 'keep') addKept(slots[arc.from]!, sources, own);
    else {
      addChanged(arc, slots, sources, own);
      addNeighbours(arc, slots, sources, own);
    }
    for (let i = 0; i < FEATURE_COUNT; i++) out[i]! += own[i]!;
  }
  const rows = path.arcs.flatMap(({ ids }) => ids.map((id) => coherence.rowOf(id)).filter((row) => row !== MISS));
  coherence.rows.set(rows.slice(0, MOST_WORDS));
  coherence.measure(Math.min(rows.length, MOST_WORDS));
  out[INDEX.vectorWords] = coherence.words;
  out[INDEX.vectorBest] = coherence.best;
  out[INDEX.vectorMean] = coherence.mean;
  return out;
}

function named(features: Float64Array): Record<string, number> {
  return Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, features[i]!]));
}

describe('ReadingFeatures', () => {
  it('gives each reading the sum over its arcs to the last bit, whatever it read before', () => {
    const features = new ReadingFeatures(sources, coherence);
    fc.assert(
      fc.property(fc.array(anyQuery, { minLength: 1, maxLength: 6 }), (queries) => {
        for (const { context, readings } of queries.map(made)) {
          for (const reading of [...readings, ...readings]) {
            const out = new Float64Array(FEATURE_COUNT).fill(9);
            features.read(reading, context, out);
            expect(named(out)).toEqual(named(plainly(reading, context)));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has room for queries of any length', () => {
    const words = Array.from({ length: 120 }, (_, i) => WORDS[i % WORDS.length]!);
    const changes = words.map((_, from) => ({
      from,
      length: 1,
      kind: 'replace' as const,
      ids: [from % 7],
      distance: 1,
      proposal: from,
    }));
    const { context, readings } = made({ words, changes, choices: [words.map(() => 0), words.map(() => 1)] });
    const features = new ReadingFeatures(sources, coherence);
    for (const reading of readings) {
      const out = new Float64Array(FEATURE_COUNT);
      features.read(reading, context, out);
      expect(named(out)).toEqual(named(plainly(reading, context)));
    }
  });

  it('does not take what one word says of a term for what another says', () => {
    const features = new ReadingFeatures(sources, coherence);
    const change = { from: 0, length: 1, kind: 'replace' as const, ids: [0], distance: 1, proposal: 3 };
    for (const word of ['lmap', 'lammmmpp', 'lmap', 'damp', 'lmap']) {
      const { context, readings } = made({ words: [word], changes: [change], choices: [[1]] });
      const out = new Float64Array(FEATURE_COUNT);
      features.read(readings[0]!, context, out);
      expect(named(out)).toEqual(named(plainly(readings[0]!, context)));
    }
  });
});
