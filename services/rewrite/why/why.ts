/**
 * Why a query was not rewritten as somebody wanted: how far the wanted text got, what it lacked, and the one thing to do
 * about it. `emend why` and the request option `want` answer with it.
 */
import type { Store } from '../../../stores/store.ts';
import type { RewriteAnswer, TraceEntry } from '../answer.ts';
import type { RewriteContext } from '../context.ts';
import { type DecisionSources, scoredReadings, scorerOfRows } from '../decide/compose.ts';
import { autoThreshold, type Weighed, type Weighing, weigh } from '../decide/confidence.ts';
import { politeArcs } from '../decide/rude-readings.ts';
import { isTerm } from '../decode/lattice.ts';
import type { Reading } from '../decode/reading.ts';
import type { Verdict, Why } from './account.ts';
import { obstacles } from './obstacles.ts';
import { remedy } from './remedies.ts';
import { arcsReading, termsIn } from './wanted.ts';

/** What an account is made from. */
export interface WhySources {
  readonly decision: DecisionSources;
  readonly terms: Store;
}

/** Features that are told, of the hundred or so. */
const MOST_FEATURES = 12;

/** Makes the account of a query that was answered. It weighs the readings once more: some 0.1 ms. */
export function why(
  context: RewriteContext,
  want: string,
  answer: Pick<RewriteAnswer, 'rewritten' | 'decision' | 'confidence'>,
  { decision, terms }: WhySources,
): Why {
  const { rewritten, confidence } = answer;
  const wantedTerms = termsIn(want);
  const base = {
    query: context.query,
    want,
    answer: { rewritten, decision: answer.decision, confidence },
    thresholds: { suggest: decision.suggestAbove, auto: autoThreshold(context.options.costOfBreaking) },
  };
  const isAnswer = sameTerms(rewritten, wantedTerms);
  const complete = (rest: Omit<Why, keyof typeof base | 'remedy'>, weighing?: Weighed<Reading>): Why => {
    const account = { ...base, ...rest };
    return { ...account, remedy: remedy(account, context, decision, weighing?.reading) };
  };
  const nothing = { wanted: null, against: null, features: [], obstacles: [] };
  if (context.override !== undefined) return complete({ ...nothing, verdict: isAnswer ? answer.decision : 'ruled' });
  const corrected = withinBounds(context, wantedTerms);
  const row = arcsReading(context.lattice, context.slots, corrected);
  if (row === undefined || context.paths.length === 0) {
    const found = obstacles(context, corrected, terms, decision.rules);
    return complete({ ...nothing, verdict: 'not-proposed', obstacles: found });
  }
  if (politeArcs(context, row) !== row) return complete({ ...nothing, verdict: 'rude' });

  const scored = scoredReadings(context, decision);
  const readings = [...scored.readings];
  const scores = [...scored.scores];
  const isDecoded = readings.some((reading) => sameTerms(reading.text, wantedTerms));
  if (!isDecoded) {
    const made = scorerOfRows(context, decision)(row);
    readings.push(made.reading);
    scores.push(made.score);
  }
  const weighing = weigh(context.query, readings, scores, decision.confidence, context.options.errorRate);
  const at = weighing.weighed.findIndex(({ reading }) => sameTerms(reading.text, wantedTerms));
  const wanted = weighing.weighed[at]!;
  const against = weighing.weighed.find((other) => other !== wanted);
  return complete(
    {
      verdict: isAnswer ? answer.decision : isDecoded ? verdictOf(wanted, weighing) : 'not-decoded',
      wanted: { probability: rounded(wanted.probability), place: at + 1 },
      against: against === undefined ? null : { text: against.reading.text, probability: rounded(against.probability) },
      features:
        against === undefined
          ? []
          : decision.ranker
              .compare(wanted.reading, against.reading, context)
              .slice(0, MOST_FEATURES)
              .map(({ feature, value, other, adds }) => ({
                feature,
                value: rounded(value),
                other: rounded(other),
                adds: rounded(adds),
              })),
      obstacles: [],
    },
    wanted,
  );
}

/** The wanted terms without those that the query has beyond what is corrected. */
function withinBounds({ slots, lattice }: RewriteContext, wanted: readonly string[]): readonly string[] {
  const beyond = slots.slice(lattice.arcs.length).filter(isTerm);
  const end = wanted.length - beyond.length;
  return beyond.every((slot, i) => slot.token.text === wanted[end + i]) ? wanted.slice(0, end) : wanted;
}

/** The account as the last entry of a trace. */
export function toldWhy(account: Why): TraceEntry {
  return { worker: 'why', event: account.verdict, detail: { ...account } };
}

function verdictOf(wanted: Weighed<Reading>, { best }: Weighing<Reading>): Verdict {
  return wanted === best ? 'unsure' : 'outranked';
}

function sameTerms(text: string, wanted: readonly string[]): boolean {
  return termsIn(text).join(' ') === wanted.join(' ');
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
