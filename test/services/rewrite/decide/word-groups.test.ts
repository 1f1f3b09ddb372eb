import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

describe('phrases and quantities of one query', () => {
  it('have no word in common: a unit belongs to its number', () => {
    const pipeline = tiny.pipeline({ protected: ['ft new york', 'york hotels'] });
    for (const query of [
      '6 ft new york hotels',
      'new york 6 ft hotels',
      'ft new york hotels',
      '5 kg 6 ft wireless headphones',
    ]) {
      const { phrases, quantities } = rewriteNow(pipeline, query);
      for (const { offset, length } of quantities) {
        for (const phrase of phrases) {
          expect(phrase.offset + phrase.length <= offset || phrase.offset >= offset + length).toBe(true);
        }
      }
    }
    expect(rewriteNow(pipeline, '6 ft new york hotels').quantities).toMatchObject([
      { offset: 0, length: 4, unit: 'ft' },
    ]);
    expect(rewriteNow(pipeline, '6 ft york hotels').phrases).toMatchObject([{ offset: 5, length: 11 }]);
  });
});
