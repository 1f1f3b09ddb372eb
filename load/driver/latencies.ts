import { build, type Histogram } from 'hdr-histogram-js';

/** What is told of many durations, in microseconds. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** Percentile and value, dense towards 100: the points of a plot by percentile. */
  readonly curve: readonly (readonly [number, number])[];
}

/** Durations from 1 us to 10 minutes with 3 digits: more than any run lasts. */
const HIGHEST_US = 600_000_000;

/** A histogram of durations with a bounded relative error, whatever their range (HDR histogram). */
export class Latencies {
  readonly #histogram: Histogram;

  constructor() {
    this.#histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_US,
      numberOfSignificantValueDigits: 3,
      bitBucketSize: 32,
      autoResize: false,
    });
  }

  /** Counts a duration. Rounds to the microsecond; allocates nothing. */
  record(us: number): void {
    this.#histogram.recordValue(us < 1 ? 1 : us > HIGHEST_US ? HIGHEST_US : Math.round(us));
  }

  distribution(): Distribution {
    const histogram = this.#histogram;
    const at = (percentile: number) => (histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percentile));
    return {
      count: histogram.totalCount,
      mean: histogram.totalCount === 0 ? 0 : histogram.mean,
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: histogram.maxValue,
      curve: percentilesFor(histogram.totalCount).map((percentile) => [percentile, at(percentile)] as const),
    };
  }
}

/** Ten points for each factor of ten towards 100 %, as far as the count can tell them apart. */
function percentilesFor(count: number): number[] {
  const percentiles = [0];
  for (let step = 1; 10 ** (step / 10) <= count; step++) percentiles.push(100 * (1 - 10 ** (-step / 10)));
  return percentiles;
}
