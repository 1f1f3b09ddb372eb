/** As much of SVG as the pictures need. */

/** Which end of a text stands at its place. */
export type Anchor = 'start' | 'middle' | 'end';

/** What stands before the first and after the last element of a picture on white; the title is for those who cannot see it. */
export function svgFrame(width: number, height: number, title: string): readonly [open: string, close: string] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12"><title>${escapeXml(title)}</title>`,
    '</svg>\n',
  ];
}

/** A line of text. */
export function svgText(x: number, y: number, text: string, anchor: Anchor, size = 12): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="#222">${escapeXml(text)}</text>`;
}

/** Text, escaped for an element. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
