/** What a probe at a rate showed: the limit held, it did not, or nothing was to be learned. */
export type Probe = (ratePerSecond: number) => Promise<'PASS' | 'FAIL' | 'NO VERDICT'>;

/** Halvings: the rate is found to a thirty-second of the highest thinkable one. */
const HALVINGS = 5;
/** From there upwards and downwards by this share. */
const STEP_SHARE = 0.08;
/** Steps each way, at most. */
const MOST_STEPS = 4;

/**
 * Finds the highest rate that holds twice: by halving, then upwards while a step more holds, then downwards until one has held
 * a second time, so that neither one lucky nor one unlucky probe decides. A probe without a verdict counts as one that does
 * not hold: what cannot be shown is not claimed.
 *
 * @param most requests a second that cannot be passed: the throughput of a closed loop
 * @returns 0 when no rate held twice
 */
export async function seekCapacity(probe: Probe, most: number): Promise<number> {
  const holds = async (rate: number) => (await probe(rate)) === 'PASS';
  let low = 0;
  let high = most;
  for (let step = 0; step < HALVINGS; step++) {
    const rate = Math.max(1, Math.round((low + high) / 2));
    if (await holds(rate)) low = rate;
    else high = rate;
  }
  if (low === 0) return 0;
  let rate = low;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = Math.min(Math.floor(most), Math.round(rate * (1 + STEP_SHARE)));
    if (next <= rate || !(await holds(next))) break;
    rate = next;
  }
  for (let step = 0; step <= MOST_STEPS; step++) {
    // What is below the rate that held once has not held at all yet.
    const wanted = step === 0 ? 1 : 2;
    let held = 0;
    while (held < wanted && (await holds(rate))) held++;
    if (held === wanted) return rate;
    rate = Math.max(1, Math.round(rate * (1 - STEP_SHARE)));
  }
  return 0;
}
