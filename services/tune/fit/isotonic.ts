import type { LogOddsMap } from '../../rewrite/decide/calibration.ts';
import { logOdds } from '../../rewrite/decide/log-odds.ts';

/** An observation: at `x` something came true (1) or not (0), or did so for a share of what is counted here. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** Observations put together: their weighted means and their weight. */
export type Block = Point;

/**
 * The rising step function nearest to the points by weighted squares: pool adjacent violators (Ayer et al. 1955).
 *
 * @param points by ascending x
 * @returns blocks by ascending x, y strictly ascending
 */
export function poolAdjacentViolators(points: readonly Point[]): Block[] {
  const blocks: Block[] = [];
  for (const point of points) {
    let block: Block = point;
    for (let last = blocks.at(-1); last !== undefined && last.y >= block.y; last = blocks.at(-1)) {
      blocks.pop();
      block = joined([last, block]);
    }
    blocks.push(block);
  }
  return blocks;
}

/** Fewer points than this say nothing. */
const LEAST_POINTS = 80;
/** Bins of equal information. Rows left out are foreseen alike with 8 to 30 (-ln P 0.0943 to 0.0949), and best with 20 (0.0941). */
const BINS = 20;
/** Points nearer to 0 or 1 than this are taken to tell as much as those that are this near. */
const LEAST_VARIANCE = 1e-4;

/**
 * A monotone map of probabilities fitted on observations: bins by rising x, pooled until they rise, each drawn in a
 * little by one more heaviest point. Null where there are too few to say anything.
 *
 * Bins hold equally much of weight times x (1 - x), so they are narrow where things are in the balance, and the thousands of
 * queries where nothing is in doubt share a few. The drawing-in keeps a bin where nothing ever went wrong from claiming
 * certainty: what one more row could refute.
 */
export function fitMap(points: readonly Point[]): LogOddsMap | null {
  const used = points.filter(({ weight }) => weight > 0).sort((a, b) => a.x - b.x || a.y - b.y);
  if (used.length < LEAST_POINTS) return null;
  const information = ({ x, weight }: Point) => weight * Math.max(LEAST_VARIANCE, x * (1 - x));
  const perBin = used.reduce((sum, point) => sum + information(point), 0) / BINS;
  const heaviest = used.reduce((most, { weight }) => Math.max(most, weight), 0);
  const bins: Block[] = [];
  let held = 0;
  let from = 0;
  for (let to = 1; to <= used.length; to++) {
    held += information(used[to - 1]!);
    // Equal x are never parted.
    if (to < used.length && (held < perBin || used[to]!.x === used[to - 1]!.x)) continue;
    bins.push(joined(used.slice(from, to)));
    from = to;
    held = 0;
  }
  const blocks = poolAdjacentViolators(bins).map(({ x, y, weight }) => ({
    x: logOdds(x),
    y: logOdds((y * weight + x * heaviest) / (weight + heaviest)),
    weight,
  }));
  // Drawing in may undo the order by a little.
  const rising = poolAdjacentViolators(blocks).filter(
    ({ x }, i, all) => i === 0 || rounded(x) > rounded(all[i - 1]!.x),
  );
  return { x: rising.map(({ x }) => rounded(x)), y: rising.map(({ y }) => rounded(y)) };
}

function joined(points: readonly Point[]): Block {
  const weight = points.reduce((sum, point) => sum + point.weight, 0);
  const mean = (of: 'x' | 'y') => points.reduce((sum, point) => sum + point.weight * point[of], 0) / weight;
  return { x: mean('x'), y: mean('y'), weight };
}

/** Four digits are more than the data know, and read better in a file. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
