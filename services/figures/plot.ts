/** Lines and points over two axes. */
import { type Axis, placesOn } from './axes.ts';
import { svgFrame, svgText } from './svg.ts';

/** Points joined by lines, or standing alone. */
export interface Series {
  /** Its name in the legend; empty for none. */
  readonly label: string;
  /** One of `COLOURS` in turn where left out. */
  readonly colour?: string;
  readonly points: readonly (readonly [number, number])[];
  /** `line` joins the points, `steps` holds each height until the next point, `dots` leaves them alone, `both` joins and marks. */
  readonly style: 'line' | 'steps' | 'dots' | 'both';
  readonly dashed?: boolean;
}

/** What is drawn. */
export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Where the series are named: in a corner that they leave empty, or beside the plot, where there are many or names are long. */
  readonly legend: 'top left' | 'bottom right' | 'beside';
  /** A height at which a dashed line is drawn. */
  readonly limit?: number | undefined;
}

/** Told apart by people who see colours differently (Okabe and Ito 2008). */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#333333', '#999999'];

const TOP = 44;
const BOTTOM = 58;

/** The picture and the margins of the plot in it. */
interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  /** Whether series are cut off at the axes: curves may go beyond them, while marks on the edge are wanted whole. */
  readonly isClipped: boolean;
}

const PLAIN: Frame = { width: 640, height: 480, left: 70, right: 20, isClipped: true };
const WITH_LEGEND: Frame = { width: 840, height: 440, left: 76, right: 300, isClipped: false };

/** The whole text of an SVG file, the same for the same plot. */
export function plotSvg({ title, x, y, series, legend, limit }: Plot): string {
  const { width, height, left, right, isClipped } = legend === 'beside' ? WITH_LEGEND : PLAIN;
  const end = width - right;
  const ground = height - BOTTOM;
  const toX = placesOn(x, left, end);
  const toY = placesOn(y, ground, TOP);
  const [open, close] = svgFrame(width, height, title);
  const parts = [
    open,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...(isClipped
      ? [`<clipPath id="area"><rect x="${left}" y="${TOP}" width="${end - left}" height="${ground - TOP}"/></clipPath>`]
      : []),
    svgText((legend === 'beside' ? left + end : width) / 2, 24, title, 'middle', 15),
  ];
  for (const tick of x.ticks) {
    parts.push(`<path d="M${toX(tick).toFixed(1)} ${TOP}V${ground}" stroke="#ddd"/>`);
    parts.push(svgText(toX(tick), ground + 18, x.format(tick), 'middle'));
  }
  for (const tick of y.ticks) {
    parts.push(`<path d="M${left} ${toY(tick).toFixed(1)}H${end}" stroke="#ddd"/>`);
    parts.push(svgText(left - 8, toY(tick) + 4, y.format(tick), 'end'));
  }
  parts.push(
    `<path d="M${left} ${TOP}V${ground}H${end}" fill="none" stroke="#333"/>`,
    svgText((left + end) / 2, height - 14, x.label, 'middle'),
    `<g transform="translate(18 ${(TOP + ground) / 2}) rotate(-90)">${svgText(0, 0, y.label, 'middle')}</g>`,
  );
  if (limit !== undefined && limit >= y.low && limit <= y.high) {
    parts.push(`<path d="M${left} ${toY(limit).toFixed(1)}H${end}" stroke="#b00" stroke-dasharray="6 4"/>`);
    parts.push(svgText(left + 6, toY(limit) - 5, 'limit', 'start'));
  }
  const coloured = series.map((one, i) => ({ ...one, colour: one.colour ?? COLOURS[i % COLOURS.length] ?? '#333' }));
  const lines = coloured.map((one) => drawn(one, toX, toY));
  parts.push(...(isClipped ? ['<g clip-path="url(#area)">', ...lines, '</g>'] : lines));
  const labelled = coloured.filter(({ label }) => label !== '');
  for (const [i, { label, colour }] of labelled.entries()) {
    const { box, text, anchor, top } = legendPlace(legend, i, labelled.length);
    parts.push(`<rect x="${box}" y="${top - 9}" width="12" height="12" fill="${colour}"/>`);
    parts.push(svgText(text, top + 1, label, anchor));
  }
  return `${parts.join('\n')}\n${close}`;
}

/** Where the box and the text of the legend's line `i` stand. */
function legendPlace(legend: Plot['legend'], i: number, count: number) {
  if (legend === 'beside') {
    const end = WITH_LEGEND.width - WITH_LEGEND.right;
    return { box: end + 12, text: end + 30, anchor: 'start' as const, top: TOP + 10 + 18 * i };
  }
  const { width, height, left, right } = PLAIN;
  if (legend === 'top left')
    return { box: left + 10, text: left + 28, anchor: 'start' as const, top: TOP + 20 + 18 * i };
  const box = width - right - 22;
  return { box, text: box - 6, anchor: 'end' as const, top: height - BOTTOM - 14 - 18 * (count - 1 - i) };
}

function drawn(
  { points, colour, style, dashed }: Series,
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  const parts: string[] = [];
  if (style !== 'dots' && points.length > 1) {
    let path = '';
    for (const [i, [x, y]] of points.entries()) {
      const [px, py] = [toX(x).toFixed(1), toY(y).toFixed(1)];
      if (i === 0) path += `M${px} ${py}`;
      else path += style === 'steps' ? `H${px}V${py}` : `L${px} ${py}`;
    }
    const dash = dashed ? ' stroke-dasharray="5 4"' : '';
    parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`);
  }
  if (style === 'dots' || style === 'both') {
    for (const [x, y] of points) {
      parts.push(`<circle cx="${toX(x).toFixed(1)}" cy="${toY(y).toFixed(1)}" r="4" fill="${colour}"/>`);
    }
  }
  return parts.join('\n');
}
