/** Whether the path of a URL is one that a pattern of segments names. */
export type PathTest = (path: string) => boolean;

/**
 * A test of paths by a pattern such as `/products/_search`: `*` stands for any letters within a segment, a segment `**` for any
 * number of segments. Paths are compared as they are sent, percent signs and all.
 */
export function pathTest(pattern: string): PathTest {
  const wanted = pattern.split('/');
  return (path) => fits(wanted, 0, path.split('/'), 0);
}

function fits(wanted: readonly string[], w: number, path: readonly string[], p: number): boolean {
  const segment = wanted[w];
  if (segment === undefined) return p === path.length;
  if (segment === '**') {
    for (let rest = p; rest <= path.length; rest++) if (fits(wanted, w + 1, path, rest)) return true;
    return false;
  }
  const found = path[p];
  return found !== undefined && segmentFits(segment, found) && fits(wanted, w + 1, path, p + 1);
}

/** The parts between stars are found one after another, each as early as it stands: no path makes that slow. */
function segmentFits(segment: string, found: string): boolean {
  const parts = segment.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return segment === found;
  const last = parts.at(-1) ?? '';
  if (found.length < first.length + last.length || !found.startsWith(first) || !found.endsWith(last)) return false;
  let at = first.length;
  const end = found.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const place = found.indexOf(part, at);
    if (place < 0 || place + part.length > end) return false;
    at = place + part.length;
  }
  return true;
}
