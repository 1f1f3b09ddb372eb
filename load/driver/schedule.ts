import { seededRandom } from '../../services/figures/random.ts';

/**
 * When each request is to leave: arrivals of a Poisson process, as independent users make them, so that some come in a
 * bunch and some after a pause.
 *
 * The gaps are drawn first and then stretched to fill the time, so that the number of requests is exactly
 * `ratePerSecond` x `seconds`. Given their number, arrivals of a Poisson process are spread just so.
 *
 * @param ratePerSecond requests a second, more than 0
 * @returns milliseconds after the start, ascending
 */
export function poissonSchedule(ratePerSecond: number, seconds: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const due = new Float64Array(Math.max(1, Math.round(ratePerSecond * seconds)));
  let at = 0;
  for (let i = 0; i < due.length; i++) {
    at -= Math.log(1 - random());
    due[i] = at;
  }
  // One gap more, after the last arrival, ends the time.
  const scale = (seconds * 1000) / (at - Math.log(1 - random()));
  for (let i = 0; i < due.length; i++) due[i]! *= scale;
  return due;
}
