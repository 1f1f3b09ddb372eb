/** Probabilities nearer to 0 or 1 than this count as this near: nothing that is learned from thousands of rows is surer. */
const NEAREST = 1e-6;

/** ln(p / (1 - p)) of a probability, drawn in from 0 and 1 by a millionth. */
export function logOdds(p: number): number {
  const inside = Math.min(1 - NEAREST, Math.max(NEAREST, p));
  return Math.log(inside / (1 - inside));
}

/** The probability of some log-odds. */
export function fromLogOdds(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
