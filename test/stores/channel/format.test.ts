import { decodeChannel, encodeChannel, type GroupCost } from '../../../stores/channel/format.ts';
import { readChannel } from '../../../stores/channel/group-channel.ts';

const GOLDEN = 'emend-channel\t1\n\ta\t6.50\ne\t\t3.25\nie\tei\t0.69\ns^\t^\t2.00\n';

const COSTS: GroupCost[] = [
  { meant: '', typed: 'a', cost: 6.5 },
  { meant: 'e', typed: '', cost: 3.25 },
  { meant: 'ie', typed: 'ei', cost: 0.69 },
  { meant: 's^', typed: '^', cost: 2 },
];

describe('the file of the error model', () => {
  it('is these lines', () => {
    expect(encodeChannel(COSTS)).toBe(GOLDEN);
    expect(decodeChannel(GOLDEN, 'test')).toEqual(COSTS);
  });

  it('may be empty but for its first line', () => {
    expect(decodeChannel('emend-channel\t1\n', 'test')).toEqual([]);
  });

  const head = 'emend-channel\t1\n';
  it.each([
    ['', 'STORE_FOREIGN', 'test.tsv: '],
    ['EMENDFST', 'STORE_FOREIGN', 'test.tsv: '],
    ['emend-channel\n', 'STORE_VERSION', 'test.tsv: '],
    ['emend-channel\t2\n', 'STORE_VERSION', 'format 2'],
    ['emend-channel\t1', 'STORE_CORRUPT', 'test.tsv:2: '],
    [`${head}a\tb\t1.0\nc\td\t2.0`, 'STORE_CORRUPT', 'test.tsv:3: '],
    [`${head}a\tb\t1.0\nc\td\n`, 'STORE_CORRUPT', 'test.tsv:3: '],
    [`${head}a\tb\t1.0\t\n`, 'STORE_CORRUPT', 'test.tsv:2: '],
    [`${head}a\tb\t-1\n`, 'STORE_CORRUPT', 'test.tsv:2: '],
    [`${head}a\tb\tmuch\n`, 'STORE_CORRUPT', 'test.tsv:2: '],
    [`${head}a\tb\t\n`, 'STORE_CORRUPT', 'test.tsv:2: '],
    [`${head}a\tb\t \n`, 'STORE_CORRUPT', 'test.tsv:2: '],
    [`${head}a\tb\tInfinity\n`, 'STORE_CORRUPT', 'test.tsv:2: '],
    [`${head}\n`, 'STORE_CORRUPT', 'test.tsv:2: '],
  ])('%j is refused', (text, code, place) => {
    expect(() => decodeChannel(text, 'test.tsv')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(place) }),
    );
  });

  it('that is not there is not found', () => {
    expect(() => readChannel('/nonexistent/channel.tsv')).toThrow(expect.objectContaining({ code: 'STORE_NOT_FOUND' }));
  });
});
