import type { SetFigures } from '../../evaluate/score/figures.ts';
import { percent, percentWithin } from '../../figures/numbers.ts';
import type { Table } from '../../figures/table.ts';
import type { TuneResult } from '../tune.ts';
import type { Ablation } from './study.ts';

const COLUMNS = [
  'set',
  'fix suggest %',
  'broken suggest %',
  'fix auto %',
  'broken auto %',
  'precision auto %',
  'calibration error',
  'by chance',
];

/** What `emend tune` prints: held-out rows before and after. */
export function tuneTables({ before, after }: TuneResult, hasJudged: boolean): Table[] {
  const note = hasJudged
    ? 'Of a judged sheet the changes alone are rows: its shares are not those of all queries.'
    : '';
  return [
    { title: 'Held-out rows before, with what is in use', columns: COLUMNS, rows: before.map(figureRow), note },
    {
      title: 'Held-out rows after: each under weights, maps and a threshold that it had no part in',
      columns: COLUMNS,
      rows: after.map(figureRow),
      note,
    },
  ];
}

/** The tables of `--study`. */
export function studyTables(leftOut: readonly SetFigures[], ablated: readonly Ablation[]): Table[] {
  const tables: Table[] = [
    {
      title: 'Without one group of features, held-out rows of all sets',
      columns: ['without', 'loss', ...COLUMNS.slice(1), 'fix % at broken <= 2 %'],
      rows: ablated.map(({ without, heldOutLoss, figures }) => [
        without === '' ? '(all features in)' : without,
        heldOutLoss.toFixed(4),
        ...figureRow(figures).slice(1),
        percent(figures.fixAtBroken.find(({ limit }) => limit === 0.02)?.fix.share ?? null),
      ]),
      note: 'Loss: -ln of the likelihood of the right readings, a set.',
    },
  ];
  if (leftOut.length === 0) return tables;
  const rows = leftOut.map(figureRow);
  return [{ title: 'Each set under what was fitted on the others', columns: COLUMNS, rows, note: '' }, ...tables];
}

function figureRow({ set, suggest, auto, calibration }: SetFigures): string[] {
  const { value, low, high } = calibration.error;
  const precision = auto.precisionAtErrorRate;
  return [
    set,
    percentWithin(suggest.fix.share, suggest.fix.low, suggest.fix.high),
    percentWithin(suggest.broken.share, suggest.broken.low, suggest.broken.high, 2),
    percentWithin(auto.fix.share, auto.fix.low, auto.fix.high),
    percentWithin(auto.broken.share, auto.broken.low, auto.broken.high, 2),
    percentWithin(precision.value, precision.low, precision.high),
    value === null ? '-' : `${value.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}]`,
    calibration.byChance?.mean.toFixed(3) ?? '-',
  ];
}
