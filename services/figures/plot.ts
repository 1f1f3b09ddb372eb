/** As much of SVG as a plot needs. */

/** Where the numbers of a plot lie in the picture. */
export interface Axis {
  readonly label: string;
  /** The values at the two ends; low < high. */
  readonly low: number;
  readonly high: number;
  /** Values that get a line and a label. */
  readonly ticks: readonly number[];
  /** How a value is written. */
  format(value: number): string;
}

/** Points joined by lines, or standing alone. */
export interface Series {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly (readonly [number, number])[];
  /** `line` joins the points, `steps` holds each height until the next point, `dots` leaves them alone, `both` joins and marks. */
  readonly style: 'line' | 'steps' | 'dots' | 'both';
  readonly dashed?: boolean;
}

const WIDTH = 640;
const HEIGHT = 480;
const LEFT = 70;
const RIGHT = 20;
const TOP = 44;
const BOTTOM = 58;
/** Left edge of the colour boxes of a legend on the right. */
const BOX = WIDTH - RIGHT - 22;

/** Which corner of the plot names the series: one that they leave empty. */
export type Corner = 'top left' | 'bottom right';

/** A plot of some series over two axes: the whole text of an SVG file, the same for the same input. */
export function plotSvg(title: string, x: Axis, y: Axis, series: readonly Series[], corner: Corner): string {
  const toX = (value: number) => LEFT + ((value - x.low) / (x.high - x.low)) * (WIDTH - LEFT - RIGHT);
  const toY = (value: number) => HEIGHT - BOTTOM - ((value - y.low) / (y.high - y.low)) * (HEIGHT - TOP - BOTTOM);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<clipPath id="area"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/></clipPath>`,
    label(WIDTH / 2, 24, title, 'middle', 15),
  ];
  for (const tick of x.ticks) {
    const at = toX(tick).toFixed(1);
    parts.push(`<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/>`);
    parts.push(label(toX(tick), HEIGHT - BOTTOM + 18, x.format(tick), 'middle'));
  }
  for (const tick of y.ticks) {
    const at = toY(tick).toFixed(1);
    parts.push(`<path d="M${LEFT} ${at}H${WIDTH - RIGHT}" stroke="#ddd"/>`);
    parts.push(label(LEFT - 8, toY(tick) + 4, y.format(tick), 'end'));
  }
  parts.push(
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="#333"/>`,
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x.label, 'middle'),
    `<g transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">${label(0, 0, y.label, 'middle')}</g>`,
    '<g clip-path="url(#area)">',
  );
  for (const one of series) parts.push(drawn(one, toX, toY));
  parts.push('</g>');
  const labelled = series.filter((one) => one.label !== '');
  const first = corner === 'top left' ? TOP + 20 : HEIGHT - BOTTOM - 14 - 18 * (labelled.length - 1);
  const [box, text, anchor] =
    corner === 'top left' ? [LEFT + 10, LEFT + 28, 'start' as const] : [BOX, BOX - 6, 'end' as const];
  for (const [i, one] of labelled.entries()) {
    const top = first + 18 * i;
    parts.push(`<rect x="${box}" y="${top - 9}" width="12" height="12" fill="${one.colour}"/>`);
    parts.push(label(text, top + 1, one.label, anchor));
  }
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;
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

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', size = 12): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="#222">${escaped}</text>`;
}
