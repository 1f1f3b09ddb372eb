/** Grouped bars, plain enough to be read as text. */
import { escapeXml, svgFrame } from './svg.ts';

/** One group of bars, a bar a series. */
export interface BarGroup {
  readonly name: string;
  readonly bars: readonly number[];
}

const COLOURS = ['#b8c4d0', '#7f9bb3', '#d08770', '#2f6f4f', '#8a6fa8', '#c9b458'];
const WIDTH = 900;
const LEFT = 290;
const BAR = 13;

/** A chart of horizontal bars, grouped by what was measured, coloured by series. */
export function barChart(title: string, series: readonly string[], groups: readonly BarGroup[]): string {
  const largest = Math.max(1, ...groups.flatMap((group) => group.bars).filter(Number.isFinite));
  const scale = (WIDTH - LEFT - 70) / largest;
  const parts: string[] = [`<text x="10" y="24" font-size="16" font-weight="bold">${escapeXml(title)}</text>`];
  series.forEach((name, i) => {
    const x = LEFT + i * 130;
    parts.push(`<rect x="${x}" y="12" width="12" height="12" fill="${COLOURS[i % COLOURS.length]}"/>`);
    parts.push(`<text x="${x + 17}" y="23">${escapeXml(name)}</text>`);
  });
  let y = 44;
  for (const { name, bars } of groups) {
    const middle = y + (bars.length * BAR) / 2 + 4;
    parts.push(`<text x="${LEFT - 10}" y="${middle}" text-anchor="end">${escapeXml(name)}</text>`);
    bars.forEach((value, i) => {
      if (!(value > 0)) return;
      const width = Math.max(1, value * scale);
      parts.push(
        `<rect x="${LEFT}" y="${y + i * BAR}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${COLOURS[i % COLOURS.length]}"/>`,
        `<text x="${(LEFT + width + 5).toFixed(1)}" y="${y + i * BAR + 10}" font-size="11">${value.toPrecision(3)}</text>`,
      );
    });
    y += bars.length * BAR + 14;
  }
  const [open, close] = svgFrame(WIDTH, y, title);
  return [
    open,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`,
    ...parts,
    close,
  ].join('\n');
}
