/**
 * Fits the weights of phrases to queries that people cut: the chain of `services/rewrite/language/phrase-model.ts`, by the gradient over
 * all segmentations of each query, of which there are at most 512 for ten words.
 */

/** A query that people cut. A segmentation is a bit for each gap, the first lowest: 1 where its words stay together. */
export interface Row {
  readonly words: readonly string[];
  readonly evidence: readonly Float64Array[];
  /** Runs of words that are titles: [from, to). */
  readonly titles: readonly (readonly [from: number, to: number])[];
  /** Segmentations with their shares of what is fitted to: votes to the power of `SHARPNESS`. */
  readonly wanted: ReadonlyMap<number, number>;
  readonly mostVoted: ReadonlySet<number>;
}

/** Weights, as the program reads them. */
export interface Fitted {
  readonly weights: Float64Array;
  readonly first: ReadonlyMap<string, number>;
  readonly second: ReadonlyMap<string, number>;
  readonly transitions: readonly number[];
  readonly titles: readonly number[];
}

/** What is known of a row. */
export interface Evidence {
  evidenceOf(words: readonly string[]): Float64Array[];
  titlesIn(words: readonly string[]): [from: number, to: number][];
}

/** Of 1, 2, 4 and 8 the best of two: the cut with most votes counts, and one vote more is little. */
const SHARPNESS = 4;
/** Of 3 to 400 the best, over evidence of deviation 1. */
const PENALTY = 20;
const STEPS = 150;
const LONGEST = 10;
const TRANSITIONS = 5;
/** Of two, three and four words. */
const TITLES = 3;

/** Reads `query<TAB>cut|like this:votes;...`. Queries of one word, or of more than ten, are left out. */
export function readRows(text: string, known: Evidence): Row[] {
  return text.split('\n').flatMap((line) => {
    const [query = '', votes = ''] = line.split('\t');
    const words = query.split(' ');
    if (votes === '' || words.length < 2 || words.length > LONGEST) return [];
    const counts = new Map<number, number>();
    for (const cut of votes.split(';')) {
      const colon = cut.lastIndexOf(':');
      const bits = bitsOf(cut.slice(0, colon));
      counts.set(bits, (counts.get(bits) ?? 0) + Number(cut.slice(colon + 1)));
    }
    const most = Math.max(...counts.values());
    const total = [...counts.values()].reduce((sum, count) => sum + count ** SHARPNESS, 0);
    return [
      {
        words,
        evidence: known.evidenceOf(words),
        titles: known.titlesIn(words),
        wanted: new Map([...counts].map(([bits, count]) => [bits, count ** SHARPNESS / total])),
        mostVoted: new Set([...counts].filter(([, count]) => count === most).map(([bits]) => bits)),
      },
    ];
  });
}

function bitsOf(cut: string): number {
  let bits = 0;
  let gap = 0;
  for (const part of cut.split('|')) {
    for (let left = part.split(' ').length; left > 1; left--) bits |= 1 << gap++;
    gap++;
  }
  return bits;
}

/** Weights for the evidence, for each of `words` as first and as second of two, and for transitions. Some seconds for 2,000 rows. */
export function fitWeights(rows: readonly Row[], evidenceCount: number, words: readonly string[]): Fitted {
  const columns = evidenceCount + 2 * words.length;
  const inputs = rows.map(({ words: row, evidence }) =>
    evidence.map((values, i) => {
      const input = new Float64Array(columns);
      input.set(values);
      for (const [k, word] of words.entries()) {
        if (row[i] === word) input[evidenceCount + 2 * k] = 1;
        if (row[i + 1] === word) input[evidenceCount + 2 * k + 1] = 1;
      }
      return input;
    }),
  );
  const scale = standardise(inputs.flat(), columns);
  const theta = descend(rows, inputs, columns);
  let bias = theta[0]!;
  const weights = new Float64Array(columns);
  for (let k = 1; k < columns; k++) {
    weights[k] = theta[k]! / scale.deviations[k]!;
    bias -= weights[k]! * scale.means[k]!;
  }
  weights[0] = bias;
  return {
    weights: weights.slice(0, evidenceCount),
    first: new Map(words.map((word, k) => [word, weights[evidenceCount + 2 * k]!])),
    second: new Map(words.map((word, k) => [word, weights[evidenceCount + 2 * k + 1]!])),
    transitions: [...theta.slice(columns, columns + TRANSITIONS)],
    titles: [...theta.slice(columns + TRANSITIONS)],
  };
}

/** Brings every column but the first to mean 0 and deviation 1. */
function standardise(
  inputs: readonly Float64Array[],
  columns: number,
): { means: Float64Array; deviations: Float64Array } {
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns).fill(1);
  for (let k = 1; k < columns; k++) {
    for (const input of inputs) means[k]! += input[k]! / inputs.length;
    let variance = 0;
    for (const input of inputs) variance += (input[k]! - means[k]!) ** 2 / inputs.length;
    deviations[k] = Math.sqrt(Math.max(1e-9, variance));
    for (const input of inputs) input[k] = (input[k]! - means[k]!) / deviations[k]!;
  }
  return { means, deviations };
}

/** Adam, over all rows at a time. */
function descend(rows: readonly Row[], inputs: readonly (readonly Float64Array[])[], columns: number): Float64Array {
  const size = columns + TRANSITIONS + TITLES;
  const theta = new Float64Array(size);
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  const gradient = new Float64Array(size);
  // Enough rows speak of titles for their few weights.
  const isFree = (k: number) => k === 0 || k >= columns + TRANSITIONS;
  for (let step = 1; step <= STEPS; step++) {
    gradient.fill(0);
    for (const [r, row] of rows.entries()) addGradient(row, inputs[r]!, theta, gradient, columns);
    const rate = step < 0.7 * STEPS ? 0.05 : 0.015;
    for (let k = 0; k < size; k++) {
      const slope = (gradient[k]! + (isFree(k) ? 0 : PENALTY * theta[k]!)) / rows.length;
      mean[k] = 0.9 * mean[k]! + 0.1 * slope;
      square[k] = 0.99 * square[k]! + 0.01 * slope * slope;
      theta[k]! -= (rate * (mean[k]! / (1 - 0.9 ** step))) / (Math.sqrt(square[k]! / (1 - 0.99 ** step)) + 1e-8);
    }
  }
  return theta;
}

/** Adds what is expected of each part less what is wanted of it. */
function addGradient(
  row: Row,
  inputs: readonly Float64Array[],
  theta: Float64Array,
  gradient: Float64Array,
  columns: number,
): void {
  const gaps = inputs.length;
  const joins = inputs.map((input) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += theta[k]! * input[k]!;
    return sum;
  });
  const scores = new Float64Array(2 ** gaps);
  for (let bits = 0; bits < scores.length; bits++) {
    for (let i = 0; i < gaps; i++) {
      if (((bits >> i) & 1) === 1) scores[bits]! += joins[i]!;
      for (const t of transitionsAt(bits, i)) scores[bits]! += theta[columns + t]!;
    }
    for (const [from, to] of row.titles) {
      if (isRun(bits, from, to, gaps)) scores[bits]! += theta[columns + TRANSITIONS + to - from - 2]!;
    }
  }
  const most = Math.max(...scores);
  let total = 0;
  for (let bits = 0; bits < scores.length; bits++) total += Math.exp(scores[bits]! - most);
  const excess = new Float64Array(gaps);
  for (let bits = 0; bits < scores.length; bits++) {
    const more = Math.exp(scores[bits]! - most) / total - (row.wanted.get(bits) ?? 0);
    for (let i = 0; i < gaps; i++) {
      if (((bits >> i) & 1) === 1) excess[i]! += more;
      for (const t of transitionsAt(bits, i)) gradient[columns + t]! += more;
    }
    for (const [from, to] of row.titles) {
      if (isRun(bits, from, to, gaps)) gradient[columns + TRANSITIONS + to - from - 2]! += more;
    }
  }
  for (let i = 0; i < gaps; i++) for (let k = 0; k < columns; k++) gradient[k]! += excess[i]! * inputs[i]![k]!;
}

/** Whether a segmentation has the words [from, to) by themselves. */
function isRun(bits: number, from: number, to: number, gaps: number): boolean {
  for (let i = from; i < to - 1; i++) if (((bits >> i) & 1) === 0) return false;
  return (from === 0 || ((bits >> (from - 1)) & 1) === 0) && (to > gaps || ((bits >> (to - 1)) & 1) === 0);
}

const NO_TRANSITION: readonly number[] = [];
const ONE_TRANSITION = [[0], [1], [2], [3]] as const;
const THREE_JOINS = [3, 4] as const;

/** Which transitions end at gap `i`. */
function transitionsAt(bits: number, i: number): readonly number[] {
  if (i === 0) return NO_TRANSITION;
  if (i > 1 && ((bits >> (i - 2)) & 7) === 7) return THREE_JOINS;
  return ONE_TRANSITION[2 * ((bits >> (i - 1)) & 1) + ((bits >> i) & 1)]!;
}
