import { MAX_INDEXED_LENGTH } from '../../../stores/deletes/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../stores/store.ts';
import { fullWorkAt, sparingWork } from '../budget.ts';
import { traced } from '../context.ts';
import { isGlued, type Slot } from '../decode/lattice.ts';
import type { LanguageModel } from '../language/language-model.ts';
import type { LanguageProfile } from '../language/profile.ts';
import { isKnownBelow } from '../language/vocabulary.ts';
import type { CandidateFinder } from '../propose/candidates.ts';
import type { ProposalCosts } from '../propose/costs.ts';
import { type Effort, FULL, LEAST, NONE, SLIGHT, SPARING } from '../propose/effort.ts';
import { GluedCuts } from '../propose/glued-cuts.ts';
import { LetterReadings } from '../propose/letter-readings.ts';
import { MarkedTerms } from '../propose/marks.ts';
import type { KnownMisspellings } from '../propose/misspellings.ts';
import type { Proposer } from '../propose/proposer.ts';
import { RunOns } from '../propose/run-ons.ts';
import type { Segmenter } from '../propose/segmentation.ts';
import { gluedTokens } from '../propose/sources/glued.ts';
import { gluedMerges } from '../propose/sources/glued-merges.ts';
import { listedCorrections } from '../propose/sources/listed.ts';
import { lookAlikes } from '../propose/sources/look-alikes.ts';
import { otherMarks, otherMarksRespelled } from '../propose/sources/marks.ts';
import { merges } from '../propose/sources/merges.ts';
import { movedSpaces } from '../propose/sources/moved-spaces.ts';
import { needlessHyphens } from '../propose/sources/needless-hyphens.ts';
import { repeatedLetters } from '../propose/sources/repeated-letters.ts';
import { replacements } from '../propose/sources/replacements.ts';
import { mergesRespelled } from '../propose/sources/respelled-merges.ts';
import { splitsRespelled } from '../propose/sources/respelled-splits.ts';
import { runOnsRespelled } from '../propose/sources/run-ons.ts';
import type { ProposalSource } from '../propose/sources/source.ts';
import { splits } from '../propose/sources/splits.ts';
import { strayMarks } from '../propose/sources/stray-marks.ts';
import type { RuleLookup } from '../rewriter.ts';
import type { Worker } from '../worker.ts';

/** Arcs of one query at most; beyond, the rest of it passes through. */
const MAX_ARCS = 4000;
/** Words this common are nearly always meant: of 73 of them typed for another, none was put right. They are left alone. */
const COMMON_BELOW = 8.5;
/** Words this common are not looked at at all: down to 6.5 it is 0.1 point of reach more for 14 % more n-gram look-ups. */
const COMMONEST_BELOW = 7.5;

/** What spelling reads. */
export interface SpellSources {
  readonly terms: Store;
  /** Terms without their marks; undefined where no term has any. */
  readonly marks: Store | undefined;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly misspellings: KnownMisspellings;
  readonly candidates: CandidateFinder;
  readonly proposer: Proposer;
  readonly segmenter: Segmenter;
  readonly costs: ProposalCosts;
  readonly profile: LanguageProfile;
  readonly rules: RuleLookup;
}

/**
 * Proposes readings for every stretch of the query: replace a word, split it, merge several. It goes through
 * the words once and tells the sources how closely to look at each: less closely the more frequent a word is, and the more work the
 * query has taken so far.
 */
export function createSpellWorker(sources: SpellSources): Worker {
  const { lexicon, candidates, proposer, segmenter, costs, rules } = sources;
  const runOns = new RunOns(sources);
  const marked = new MarkedTerms(sources, sources.profile.marks);
  const { languageModel } = sources;
  const letterReadings = new LetterReadings(sources, runOns);
  const cuts = new GluedCuts({ letterReadings, languageModel, costs });
  const workSoFar = () => proposer.work + segmenter.work + runOns.work + letterReadings.work + marked.work;
  const atGlued = gluedMerges({ cuts, lexicon, costs, rules });
  // In the order in which they run: some look at what those before them added.
  const all: readonly ProposalSource[] = [
    listedCorrections(lexicon, costs, rules),
    otherMarks(marked, sources),
    repeatedLetters(sources),
    replacements(sources),
    otherMarksRespelled(marked, sources),
    splits(sources),
    splitsRespelled(sources, rules),
    runOnsRespelled(runOns, sources, rules),
    merges(sources),
    movedSpaces(sources),
    mergesRespelled(sources),
    needlessHyphens(sources),
    strayMarks(sources),
    atGlued,
  ];
  const ofGlued: readonly ProposalSource[] = [gluedTokens(cuts, costs, rules), lookAlikes(sources), atGlued];
  return {
    name: 'spell',
    run(context) {
      if (context.override !== undefined) return;
      const { slots, lattice, options, reasons } = context;
      const { probes, cutPostings } = candidates;
      const workBefore = workSoFar();
      for (let at = 0; at < slots.length; at++) {
        const slot = slots[at]!;
        const isPartNumber = isGlued(slot);
        if ((slot.fixed !== '' && !isPartNumber) || options.maxEdits === 0) continue;
        if (lattice.edgeCount > MAX_ARCS) {
          reasons.add('too-much-work');
          continue;
        }
        const work = workSoFar() - workBefore;
        const effort = effortAfter(work, at, slots.length);
        if (effort !== FULL) reasons.add('too-much-work');
        const ofToken = effortForToken(slot, effort, lexicon);
        const asked = isPartNumber ? ofGlued : all;
        for (let i = 0; i < asked.length; i++) {
          const source = asked[i]!;
          source.propose(context, at, source.looksAt === 'token' ? ofToken : effort);
        }
        // It was looked at as a run of words alone: the indexes hold none so long.
        if (slot.token.text.length > MAX_INDEXED_LENGTH && !slot.known) reasons.add('too-long');
      }
      context.work += workSoFar() - workBefore;
      traced(context, 'spell', 'proposed', {
        arcs: lattice.edgeCount,
        probes: candidates.probes - probes,
        work: context.work,
        // Of words that are not remembered; those that are were cut when they were met first.
        cutPostings: candidates.cutPostings - cutPostings,
      });
    },
  };
}

/** How closely the place at a token is looked at, so much work having been done before it. */
function effortAfter(work: number, at: number, tokens: number): Effort {
  if (work <= fullWorkAt(at, tokens)) return FULL;
  return work <= sparingWork(tokens) ? SPARING : LEAST;
}

/** How closely a single token is examined. */
function effortForToken(slot: Slot, effort: Effort, lexicon: Lexicon): Effort {
  if (!isKnownBelow(lexicon, slot, COMMON_BELOW)) return effort === LEAST && slot.known ? NONE : effort;
  return effort === LEAST || isKnownBelow(lexicon, slot, COMMONEST_BELOW) ? NONE : SLIGHT;
}
