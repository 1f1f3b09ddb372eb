/**
 * How much each source is believed about what follows a word. P(v | u) is a weighted mean of what the sources say and of
 * P(v) alone, the weight of source s after u being m(s, bucket of c_s(u)) g_s(u), against 1 for P(v): g grows with the
 * count as in a Dirichlet prior (Zhai & Lafferty 2001), and m, by source and bucket of the context's count (Jelinek & Mercer
 * 1980), is what text the sources had no part in says: fitted by EM, with a bound on the logarithm of the sum of the weights,
 * which depends on m too. A source that is not believed gets an m near 0.
 */

/** What is observed once or more: something that followed something. */
export interface Observation {
  /** How often. */
  readonly count: number;
  /** What the lower order says. */
  readonly lower: number;
  /** By source: m's index, or -1 where the source does not know the context; g; and what the source says, backing off. */
  readonly buckets: Int32Array;
  readonly strengths: Float64Array;
  readonly said: Float64Array;
}

/** A bucket takes contexts up to four times as frequent as the one before. */
export const BUCKETS = 24;

/** Observations that the prior counts for: buckets that held-out text hardly meets stay near it. */
const PRIOR_OBSERVATIONS = 30;
const MOST_ROUNDS = 200;
/** Gain of a round, in nats an observation, below which the fit ends. */
const LEAST_GAIN = 1e-6;

/** The bucket of source `source` for a context that it counted `count` times, above 0. */
export function bucketOf(source: number, count: number): number {
  return source * BUCKETS + Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log2(count) / 2)));
}

/** The multipliers by source and bucket, from those of `prior`: what is not observed stays as it is there. */
export function fitMultipliers(observations: readonly Observation[], prior: Float64Array): Float64Array {
  const multipliers = prior.slice();
  const total = observations.reduce((sum, { count }) => sum + count, 0);
  const columns = columnsOf(observations);
  let before = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < MOST_ROUNDS && total > 0; round++) {
    const gain = improve(columns, multipliers, prior) / total;
    if (gain - before < LEAST_GAIN) break;
    before = gain;
  }
  return multipliers;
}

/** Observations in columns, gone over in every round. */
interface Columns {
  readonly counts: Float64Array;
  readonly lowers: Float64Array;
  /** Where what the sources say of each observation begins in the columns below; it ends where the next one's begins. */
  readonly starts: Uint32Array;
  readonly buckets: Uint32Array;
  readonly strengths: Float64Array;
  readonly said: Float64Array;
}

function columnsOf(observations: readonly Observation[]): Columns {
  const starts = new Uint32Array(observations.length + 1);
  observations.forEach(({ buckets }, i) => {
    starts[i + 1] = starts[i]! + buckets.reduce((known, bucket) => known + (bucket < 0 ? 0 : 1), 0);
  });
  const known = starts[observations.length]!;
  const [buckets, strengths, said] = [new Uint32Array(known), new Float64Array(known), new Float64Array(known)];
  let at = 0;
  for (const observation of observations) {
    for (let s = 0; s < observation.buckets.length; s++) {
      if (observation.buckets[s]! < 0) continue;
      buckets[at] = observation.buckets[s]!;
      strengths[at] = observation.strengths[s]!;
      said[at++] = observation.said[s]!;
    }
  }
  const counts = Float64Array.from(observations, ({ count }) => count);
  const lowers = Float64Array.from(observations, ({ lower }) => lower);
  return { counts, lowers, starts, buckets, strengths, said };
}

/** One round of EM; answers the log-likelihood before it, the prior's part left out. */
function improve(columns: Columns, multipliers: Float64Array, prior: Float64Array): number {
  // With w = m g: log P = log(sum w p) - log(sum w). The first is bounded by its posteriors, the second by its tangent.
  const { counts, lowers, starts, buckets, strengths, said } = columns;
  const taken = prior.map((multiplier) => PRIOR_OBSERVATIONS * multiplier);
  const spent = new Float64Array(multipliers.length).fill(PRIOR_OBSERVATIONS);
  let logLikelihood = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    const [start, end] = [starts[i]!, starts[i + 1]!];
    let weights = 1;
    let sum = lowers[i]!;
    for (let at = start; at < end; at++) {
      const weight = multipliers[buckets[at]!]! * strengths[at]!;
      weights += weight;
      sum += weight * said[at]!;
    }
    logLikelihood += count * Math.log(sum / weights);
    for (let at = start; at < end; at++) {
      const bucket = buckets[at]!;
      taken[bucket]! += (count * multipliers[bucket]! * strengths[at]! * said[at]!) / sum;
      spent[bucket]! += (count * strengths[at]!) / weights;
    }
  }
  for (let b = 0; b < multipliers.length; b++) multipliers[b] = taken[b]! / spent[b]!;
  return logLikelihood;
}
