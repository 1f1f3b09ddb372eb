/** As much of SVG as the plots of a load run need. */

/** Where the numbers of a plot lie in the picture. */
export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** The values at the two ends; low < high, and above 0 on a log scale. */
  readonly low: number;
  readonly high: number;
  /** Values that get a line and a label. */
  readonly ticks: readonly number[];
  format(value: number): string;
}

/** Points joined by lines. */
export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [number, number])[];
  /** Marked one by one: few points, each a measurement of its own. */
  readonly marked: boolean;
}

const WIDTH = 840;
const HEIGHT = 440;
const LEFT = 76;
const RIGHT = 300;
const TOP = 44;
const BOTTOM = 58;
/** Told apart by people who see colours differently (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999'];

/** A plot: the whole text of an SVG file. `limit` draws a dashed line at that height. */
export function plotSvg(title: string, x: Axis, y: Axis, series: readonly Series[], limit?: number): string {
  const toX = placer(x, LEFT, WIDTH - RIGHT);
  const toY = placer(y, HEIGHT - BOTTOM, TOP);
  const right = WIDTH - RIGHT;
  const bottom = HEIGHT - BOTTOM;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text((LEFT + right) / 2, 24, title, 'middle', 15),
  ];
  for (const tick of x.ticks) {
    parts.push(`<path d="M${toX(tick)} ${TOP}V${bottom}" stroke="#ddd"/>`);
    parts.push(text(Number(toX(tick)), bottom + 18, x.format(tick), 'middle'));
  }
  for (const tick of y.ticks) {
    parts.push(`<path d="M${LEFT} ${toY(tick)}H${right}" stroke="#ddd"/>`);
    parts.push(text(LEFT - 8, Number(toY(tick)) + 4, y.format(tick), 'end'));
  }
  parts.push(`<path d="M${LEFT} ${TOP}V${bottom}H${right}" fill="none" stroke="#333"/>`);
  parts.push(text((LEFT + right) / 2, HEIGHT - 14, x.label, 'middle'));
  parts.push(`<g transform="translate(18 ${(TOP + bottom) / 2}) rotate(-90)">${text(0, 0, y.label, 'middle')}</g>`);
  if (limit !== undefined && limit >= y.low && limit <= y.high) {
    parts.push(`<path d="M${LEFT} ${toY(limit)}H${right}" stroke="#b00" stroke-dasharray="6 4"/>`);
    parts.push(text(LEFT + 6, Number(toY(limit)) - 5, 'limit', 'start'));
  }
  for (const [i, { points, marked, label }] of series.entries()) {
    const colour = COLOURS[i % COLOURS.length] ?? '#000';
    const path = points.map(([px, py]) => `${toX(px)} ${toY(py)}`).join('L');
    if (points.length > 1) parts.push(`<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    if (marked) {
      for (const [px, py] of points) parts.push(`<circle cx="${toX(px)}" cy="${toY(py)}" r="4" fill="${colour}"/>`);
    }
    const top = TOP + 10 + 18 * i;
    parts.push(`<rect x="${right + 12}" y="${top - 9}" width="12" height="12" fill="${colour}"/>`);
    parts.push(text(right + 30, top + 1, label, 'start'));
  }
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;
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

function placer(axis: Axis, from: number, to: number): (value: number) => string {
  const along = axis.scale === 'log' ? Math.log : (value: number) => value;
  const low = along(axis.low);
  const span = along(axis.high) - low;
  return (value) => {
    const share = (along(Math.max(value, axis.scale === 'log' ? axis.low : value)) - low) / span;
    return (from + Math.min(1, Math.max(0, share)) * (to - from)).toFixed(1);
  };
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', size = 12): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="#222">${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
