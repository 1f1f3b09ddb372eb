/** The two plots of an evaluation. */

import type { Axis } from '../../figures/axes.ts';
import { percent } from '../../figures/numbers.ts';
import { COLOURS, plotSvg, type Series } from '../../figures/plot.ts';
import type { SetFigures } from '../score/figures.ts';

const SHARE_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Reliability diagram: in each bin of changed queries, the share that is right against the confidence. */
export function reliabilityPlot(sets: readonly SetFigures[], title: string): string {
  return againstIdeal(
    title,
    sets
      .filter(({ calibration }) => calibration.bins.length > 0)
      .map(({ set, calibration }) => ({
        label: `${set} (error ${calibration.error.value?.toFixed(3)})`,
        points: calibration.bins.map(({ confidence, right }) => [confidence, right] as const),
      })),
  );
}

/** The same by number of words and by what was changed, in thirds; groups of fewer than 30 changed queries say nothing. */
export function groupsPlot(set: SetFigures | undefined, title: string): string {
  return againstIdeal(
    title,
    (set?.reliability ?? [])
      .filter(({ changed }) => changed >= 30)
      .map(({ group, changed, points }) => ({ label: `${group} (${changed})`, points })),
  );
}

function againstIdeal(
  title: string,
  lines: readonly { readonly label: string; readonly points: readonly (readonly [number, number])[] }[],
): string {
  const axis = (name: string): Axis => ({
    label: name,
    low: 0,
    high: 1,
    ticks: SHARE_TICKS,
    format: (value) => value.toFixed(1),
  });
  const ideal: Series = {
    label: '',
    colour: '#999',
    style: 'line',
    dashed: true,
    points: [
      [0, 0],
      [1, 1],
    ],
  };
  const series = lines.map(
    ({ label, points }, i): Series => ({
      label,
      colour: COLOURS[i % COLOURS.length] ?? '#333',
      // Where the colours come round again.
      dashed: i >= COLOURS.length,
      style: 'both',
      points: points.map(([confidence, right]) => [confidence, right]),
    }),
  );
  return plotSvg({
    title,
    x: axis('confidence'),
    y: axis('share right, at the error rate'),
    series: [ideal, ...series],
    legend: 'top left',
  });
}

/** Fix against broken as the threshold falls; a dot where the decision `suggest` stands and one for `auto`. */
export function curvePlot(sets: readonly SetFigures[], title: string): string {
  const measured = sets.filter(({ correct, needCorrection }) => correct > 0 && needCorrection > 0);
  const widest = Math.max(0.03, ...measured.map(({ suggest }) => (suggest.broken.share ?? 0) * 1.5));
  const high = Math.min(1, Math.ceil(widest * 100) / 100);
  const step = high > 0.2 ? 0.05 : high > 0.06 ? 0.02 : 0.005;
  const x: Axis = {
    label: 'broken, % of correct inputs',
    low: 0,
    high,
    ticks: Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step),
    format: (value) => percent(value, step < 0.01 ? 1 : 0),
  };
  const y: Axis = {
    label: 'fix, % of inputs that need correction',
    low: 0,
    high: 1,
    ticks: SHARE_TICKS,
    format: (value) => percent(value, 0),
  };
  const series = measured.flatMap(({ set, curve, needCorrection, correct, suggest, auto }, i): Series[] => {
    const colour = COLOURS[i % COLOURS.length] ?? '#333';
    return [
      {
        label: set,
        colour,
        style: 'steps',
        points: curve.map(({ fixed, broken }) => [broken / correct, fixed / needCorrection]),
      },
      {
        label: '',
        colour,
        style: 'dots',
        points: [suggest, auto].map(({ fix, broken }) => [broken.share ?? 0, fix.share ?? 0]),
      },
    ];
  });
  return plotSvg({ title, x, y, series, legend: 'bottom right' });
}
