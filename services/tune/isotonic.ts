import { type LogOddsMap, logOdds } from '../rewrite/calibration.ts';

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

/** Bins hold at least this many points, and there are at most so many bins. */
const LEAST_POINTS = 40;
const MOST_BINS = 80;

/**
 * A monotone map of probabilities fitted on observations: bins of equally many points by rising x, pooled until they rise,
 * each drawn to its mean x by one more heaviest point. Null where there are too few to say anything.
 *
 * The drawing-in keeps a bin where nothing ever went wrong from claiming certainty: it claims what one more row could refute.
 */
export function fitMap(points: readonly Point[]): LogOddsMap | null {
  const used = points.filter(({ weight }) => weight > 0).sort((a, b) => a.x - b.x || a.y - b.y);
  if (used.length < 2 * LEAST_POINTS) return null;
  const size = Math.max(LEAST_POINTS, Math.ceil(used.length / MOST_BINS));
  const heaviest = used.reduce((most, { weight }) => Math.max(most, weight), 0);
  const bins: Block[] = [];
  for (let from = 0; from < used.length; ) {
    // What would be left over joins the last bin, and equal x are never parted.
    let to = used.length - from < 2 * size ? used.length : from + size;
    while (to < used.length && used[to]!.x === used[to - 1]!.x) to++;
    bins.push(joined(used.slice(from, to)));
    from = to;
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
