import { Readable } from 'node:stream';
import fc from 'fast-check';
import { type InputDigest, streamInput } from '../../../builders/sources/input.ts';
import { isPacked, packNgrams, type RankedNgram, readPackedNgrams } from '../../../builders/sources/packed-ngrams.ts';

async function read(text: string | Buffer, skip = false): Promise<{ words: readonly string[]; ngrams: string[] }> {
  let words: readonly string[] = [];
  const ngrams: string[] = [];
  const digest: InputDigest = { bytes: 0, sha256: '' };
  const count = await readPackedNgrams(
    streamInput(Readable.from([Buffer.from(text as string)])),
    digest,
    { invalid: { skip, count: 0, first: '' } },
    (found) => {
      words = found;
    },
    (a, b, c, times) => ngrams.push(`${c < 0 ? [a, b] : [a, b, c]} ${times}`),
  );
  expect(count).toBe(ngrams.length);
  return { words, ngrams };
}

const WORDS = ['the', 'of', "it's", 'ñandú', 'x'];

describe('packed n-grams', () => {
  it('reads what stands in the description of the format', async () => {
    const text = '# packed n-grams 1\nthe of to a\n0 14:2,0 3:0\n1 2:1\n0,3 9:1\n0,0 1:0\n';
    await expect(read(text.replace('0,3 9:1\n0,0 1:0', '0,0 1:0\n0,2 9:1'))).resolves.toEqual({
      words: ['the', 'of', 'to', 'a'],
      ngrams: ['0,2 16384', '0,3 16384', '0,0 8', '2,1 4', '0,0,0 2', '0,3,1 512'],
    });
  });

  it('gives back what was packed', async () => {
    const rank = fc.nat(WORDS.length - 1);
    const ngram = fc.record({
      ranks: fc.oneof(fc.tuple(rank, rank), fc.tuple(rank, rank, rank)),
      level: fc.nat(50),
    });
    const ngrams = fc.uniqueArray(ngram, { selector: ({ ranks }) => ranks.join(), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(ngrams, async (packed: RankedNgram[]) => {
        const found = await read(packNgrams(WORDS, packed));
        expect(found.words).toEqual(WORDS);
        expect(found.ngrams.sort()).toEqual(packed.map(({ ranks, level }) => `${ranks} ${2 ** level}`).sort());
      }),
    );
  });

  it.each([
    ['entry\tcount', 'expected "# packed n-grams 1"'],
    ['# packed n-grams 1\na  b', 'an empty one'],
    ['# packed n-grams 1\na b\n0 3:2', 'expected ranks below 2'],
    ['# packed n-grams 1\na b\n2 3:0', 'expected ranks below 2'],
    ['# packed n-grams 1\na b\n0,2 3:0', 'expected ranks below 2'],
    ['# packed n-grams 1\na b\n0,0 3:0\n0 3:0', 'expected what follows a pair'],
    ['# packed n-grams 1\na b\n0 51:0', 'expected level:gap'],
    ['# packed n-grams 1\na b\n0 3', 'expected level:gap'],
    ['# packed n-grams 1\na b\n0 3:', 'expected a number'],
    ['# packed n-grams 1\na b\n0 3:123456789', 'expected a number'],
    ['# packed n-grams 1\na b\n0 3:0;', "expected the line's end"],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'BUILD_INPUT', message: expect.stringContaining(message) });
  });

  it('is told by its name', () => {
    expect(['a.ngrams', 'b.NGRAMS.gz', 'c.tsv', 'ngrams', 'd.ngrams.txt'].map(isPacked)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['another version', '# packed n-grams 2\nthe of to\n0 3:0\n', ':1:'],
    ['a line that is no n-grams', '# packed n-grams 1\nthe of to\n0 3:0\nx\n0 3:1\n', ':4:'],
    ['an empty line', '# packed n-grams 1\nthe of to\n0 3:0\n\n0 3:1\n', ':4:'],
    ['a rank that there is not', '# packed n-grams 1\nthe of to\n0 3:9\n0 3:1\n', ':3:'],
    ['bytes that are no UTF-8', '# packed n-grams 1\nthe of to\n0 3:0\n\xff\n0 3:1\n', ':4:'],
  ])('never leaves out %s: the lines behind it would mean other n-grams', async (_, text, place) => {
    await expect(read(Buffer.from(text, 'latin1'), true)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringContaining(place),
    });
  });
});
