import { join } from 'node:path';
import { quantitiesIn } from '../../../../services/rewrite/decide/quantities.ts';
import { rowOf } from '../../../../services/rewrite/decide/term-row.ts';
import { readUnits, UNITS_FILE } from '../../../../stores/profile/units.ts';
import { ENGLISH_FOLDER, ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { rewriteNow, tinyPipelines } from '../../../support/tiny-pipeline.ts';

const UNITS = readUnits(join(ENGLISH_FOLDER, UNITS_FILE));
const found = (query: string) => quantitiesIn(rowOf(query, [], 'plain'), UNITS);
/** What is found, as it stands in the query, with its value and unit. */
const read = (query: string) =>
  found(query).map(({ offset, length, value, unit }) => [query.slice(offset, offset + length), value, unit]);

describe('quantities', () => {
  it.each([
    ['6 ft ladder', ['6 ft', 6, 'ft']],
    ['ladder 6ft', ['6ft', 6, 'ft']],
    ['6-ft ladder', ['6-ft', 6, 'ft']],
    ['24-inch bike', ['24-inch', 24, 'in']],
    ['Dumbbell 5KG', ['5KG', 5, 'kg']],
    ['1/2 inch pipe', ['1/2 inch', 0.5, 'in']],
    ['1/2 in mini blinds', ['1/2 in', 0.5, 'in']],
    ['1 1/2 inch pvc', ['1 1/2 inch', 1.5, 'in']],
    ['1½ inch pvc', ['1½ inch', 1.5, 'in']],
    ['2.5 gallon tank', ['2.5 gallon', 2.5, 'gal']],
    ['1,000 watt heater', ['1,000 watt', 1000, 'W']],
    ['24" tv', ['24"', 24, 'in']],
    ['32in tv', ['32in', 32, 'in']],
    ['iphone 16gb', ['16gb', 16, 'gb']],
    ['500g coffee', ['500g', 500, 'g']],
    ['60w bulb', ['60w', 60, 'W']],
    ['12v battery', ['12v', 12, 'V']],
    ['200 square feet', ['200 square feet', 200, 'sq ft']],
    ['16 fl oz cup', ['16 fl oz', 16, 'fl oz']],
  ])('%s', (query, quantity) => {
    expect(read(query)).toEqual([quantity]);
  });

  it('are several where there are', () => {
    expect(read('2gb ram 500 gb disk')).toEqual([
      ['2gb', 2, 'gb'],
      ['500 gb', 500, 'gb'],
    ]);
    expect(read(`5'6" tall`)).toEqual([[`5'6"`, 5.5, 'ft']]);
  });

  it.each([
    '4k tv',
    '5g phone',
    '3d printer',
    '3g',
    'iphone 6s',
    'chrysler 300m',
    'form 1040v',
    '802.11g router',
    '127 yard sale',
    'icd 9 cm codes',
    'under 18 in delaware',
    '9 6 v drill',
    '24/7 oz',
    'route 66',
    '6, ft',
    '"6 ft" quoted',
    '360 degrees',
    '8gbx',
    '6/ ft',
    '0/0 in',
    'ft',
    '6',
    '',
  ])('are none in "%s"', (query) => {
    expect(found(query)).toEqual([]);
  });

  it('have their value in the unit of their kind, too', () => {
    expect(found('6 ft')[0]?.normal).toEqual({ value: 1.8288, unit: 'm' });
    expect(found('1 tb')[0]?.normal).toEqual({ value: 1e12, unit: 'B' });
    expect(found('1/2 lb')[0]?.normal).toEqual({ value: 0.226796185, unit: 'kg' });
  });

  it('are of what is searched for, and stand where they stand in the query', async () => {
    const tiny = await tinyPipelines(['10 foot ladder', 'wireless headphones']);
    try {
      const pipeline = tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
      const of = (query: string, costOfBreaking: number, workers?: ['normalise']) =>
        rewriteNow(pipeline, query, { costOfBreaking, ...(workers && { workers }) }).quantities;
      expect(of('ladder 10 foot', 9)).toMatchObject([{ offset: 7, length: 7, value: 10, confidence: 0.99 }]);
      const [through] = of('wireles 10 foott', 0);
      expect(through).toMatchObject({ offset: 8, length: 8, value: 10, unit: 'ft' });
      expect(through?.confidence).toBeLessThan(0.99);
      expect(of('wireles 10 foott', 1_000_000)).toEqual([]);
      expect(of('10 foot', 9, ['normalise'])).toEqual([]);
    } finally {
      tiny.close();
    }
  });
});
