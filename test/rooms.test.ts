import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageRoot } from '../data/package-root.ts';

const ROOT = packageRoot();

/** Folders whose own folders are rooms: imports between two of them run one way. */
const HALLS = ['services', 'services/rewrite', 'services/evaluate', 'services/tune', 'stores', 'builders', 'load'];

/** The rooms of `services/rewrite` from the bottom up: each may import those before it. */
const REWRITE_ROOMS = ['reads', 'decode', 'language', 'propose', 'rank', 'decide', 'why', 'workers'];

/** Lines of the longest file that is written by hand. */
const MOST_LINES = 400;

const SOURCES = ['services', 'stores', 'builders', 'load', 'data', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
);

/** `from` and `to` of every import of a file of the project. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) => join(dirname(file), path));
}

/** The room of a hall that a file lies in, or undefined for one that lies in the hall itself or outside. */
function roomOf(hall: string, file: string): string | undefined {
  const [room, ...rest] = relative(hall, file).split('/');
  return room === '..' || rest.length === 0 ? undefined : room;
}

/** Pairs of rooms `a -> b` with the imports behind each. */
function arrowsIn(hall: string): Map<string, string[]> {
  const arrows = new Map<string, string[]>();
  for (const file of SOURCES) {
    const from = roomOf(hall, file);
    if (from === undefined) continue;
    for (const target of importsOf(file)) {
      const to = roomOf(hall, target);
      if (to === undefined || to === from) continue;
      const arrow = `${from} -> ${to}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), `${file} imports ${target}`]);
    }
  }
  return arrows;
}

describe.each(HALLS)('the rooms of %s', (hall) => {
  it('import one another one way only', () => {
    const arrows = arrowsIn(hall);
    const both = [...arrows].filter(([arrow]) => arrows.has(arrow.split(' -> ').reverse().join(' -> ')));
    expect(both).toEqual([]);
  });
});

describe('services/rewrite', () => {
  it('has its rooms in layers, of which each imports those below it alone', () => {
    const against = [...arrowsIn('services/rewrite')].filter(([arrow]) => {
      const [from = '', to = ''] = arrow.split(' -> ');
      return REWRITE_ROOMS.indexOf(from) <= REWRITE_ROOMS.indexOf(to);
    });
    expect(against).toEqual([]);
  });
});

describe('source files', () => {
  it('hold one idea, in at most 400 lines', () => {
    const long = SOURCES.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > MOST_LINES + 1);
    expect(long).toEqual([]);
  });
});
