import { encodeMissed, measureReach, reachTables } from '../../../../services/evaluate/parts/reach.ts';
import { comparable } from '../../../../services/evaluate/rows/comparable.ts';
import { renderTables } from '../../../../services/figures/table.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const reads = (query: string, right: string) =>
  tiny
    .pipeline()
    .explore(query, DEFAULT_OPTIONS)
    .reads([comparable(right)], comparable);

describe('explore', () => {
  it.each([
    ['wireles hedphones', 'wireless headphones'],
    ['wireles hedphones', 'wireles headphones'],
    ['newyork  hotels ', 'new york hotels'],
    ['Note Book, computer', 'notebook, computer'],
    [' (wireles)  24/7!', '(wireless) 24/7!'],
  ])('reads %j as %j', (query, right) => {
    expect(reads(query, right)).toBe(true);
  });

  it.each([
    ['wireles hedphones', 'wireless'],
    ['wireles', 'wireless headphones'],
    ['newyork hotels', 'new yorkhotels'],
    ['wireles  24/7', 'wireless 24/6'],
    ['', 'wireless'],
  ])('does not read %j as %j', (query, right) => {
    expect(reads(query, right)).toBe(false);
  });

  it('gives the readings that the ranker weighs, and counts the work', () => {
    const { readings, work } = tiny.pipeline().explore('wireles speaker', DEFAULT_OPTIONS);
    expect(readings).toContain('wireless speaker');
    expect(readings).toContain('wireles speaker');
    expect(work).toMatchObject({ cutPostings: 0 });
    expect(Math.min(work.arcs, work.probes, work.verified, work.lookups)).toBeGreaterThan(0);
  });
});

describe('measureReach', () => {
  it('tells where right answers get lost', () => {
    const pipeline = tiny.pipeline();
    const rows = [
      { line: 1, input: 'wireles speaker', rights: ['wireless speaker'] },
      { line: 2, input: 'zzyzx speaker', rights: ['headphones speaker'] },
      { line: 3, input: 'running shoes', rights: ['running shoes'] },
    ];
    let steps = 0;
    const figures = measureReach(
      pipeline.explore,
      { name: 'set', rows, skipped: 0, firstSkipped: 0 },
      DEFAULT_OPTIONS,
      () => steps++,
    );
    expect(steps).toBe(3);
    expect(figures).toMatchObject({ needCorrection: 2, candidates: { share: 0.5 }, best: { share: 0.5 } });
    expect(encodeMissed([figures])).toBe('set\tcandidates\tzzyzx speaker\theadphones speaker\n');
    expect(renderTables(reachTables([figures]), 'text')).toMatch(/^set +2 +50\.0 /m);
  });
});
