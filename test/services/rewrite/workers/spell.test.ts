import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const readings = (query: string, maxEdits = 2) =>
  tiny.pipeline().explore(query, { ...DEFAULT_OPTIONS, maxEdits }).readings;

describe('a mark typed within a word', () => {
  it.each([
    ['speak;er', 'speaker'],
    ['wireless head,phones case', 'wireless headphones case'],
    ['speake.r', 'speaker'],
  ])('is taken out: %j may be %j', (query, right) => {
    expect(readings(query)).toContain(right);
  });

  it.each([
    // Both are words as they stand.
    ['new;york hotels', 'newyork hotels'],
    // Marks that join words, or several of them.
    ['speak/er', 'speaker'],
    ['speak;;er', 'speaker'],
    ['speak; er', 'speaker'],
    // Too short to be sure.
    ['ci;ty', 'city'],
  ])('stays where it may be meant: %j is not %j', (query, right) => {
    expect(readings(query)).not.toContain(right);
  });
});
