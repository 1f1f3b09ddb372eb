/** Axes with round ends and ticks. */

/** Where the numbers of a plot lie in the picture. */
export interface Axis {
  readonly label: string;
  /** Linear where left out. */
  readonly scale?: 'linear' | 'log';
  /** The values at the two ends; low < high, and above 0 on a log scale. */
  readonly low: number;
  readonly high: number;
  /** Values that get a line and a label. */
  readonly ticks: readonly number[];
  /** How a value is written. */
  format(value: number): string;
}

/** A log axis over all values, with a tick for each 1, 2 and 5 of a decade (only the ones where there are many). */
export function logAxis(label: string, values: readonly number[], format: (value: number) => string): Axis {
  const positive = values.filter((value) => value > 0);
  const first = Math.floor(Math.log10(Math.min(...positive, 1)));
  const last = Math.ceil(Math.log10(Math.max(...positive, 1) * 1.01));
  const steps = last - first > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = first; power < last; power++) ticks.push(...steps.map((step) => step * 10 ** power));
  ticks.push(10 ** last);
  return { label, scale: 'log', low: 10 ** first, high: 10 ** last, ticks, format };
}

/** A linear axis from 0 over all values. */
export function linearAxis(label: string, values: readonly number[], format: (value: number) => string): Axis {
  const most = Math.max(...values, 1e-9);
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.5, 1, 2].map((part) => part * magnitude).find((part) => most / part <= 6) ?? magnitude;
  const count = Math.ceil(most / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => i * step);
  return { label, scale: 'linear', low: 0, high: count * step, ticks, format };
}

/** From a value to its place between `from` and `to`, the places of the axis' ends. On a log scale 0 lies at the low end. */
export function placesOn(axis: Axis, from: number, to: number): (value: number) => number {
  if (axis.scale !== 'log') return (value) => from + ((value - axis.low) / (axis.high - axis.low)) * (to - from);
  const low = Math.log(axis.low);
  const span = Math.log(axis.high) - low;
  return (value) => from + ((Math.log(Math.max(value, axis.low)) - low) / span) * (to - from);
}
