import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { streamInput } from '../../../builders/sources/input.ts';
import { readLines } from '../../../builders/sources/lines.ts';

/** Pieces that lines are made of, ends of lines among them. */
const piece = fc.oneof(
  fc.constantFrom('\n', '\r\n', '\r', '\n\n', 'a', 'é', '日', '\u{1F600}', '\0', '\uFEFF', ' ', 'x'.repeat(5000)),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

describe('readLines', () => {
  it('cuts any text as a split does, whatever the chunks, plain or gzipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), fc.nat(4000), fc.boolean(), async (pieces, size, zip) => {
        const text = pieces.join('').toWellFormed();
        const expected = text.split('\n').map((line) => line.replace(/\r$/, ''));
        if (expected.at(-1) === '' && !text.endsWith('\r')) expected.pop();
        if (expected.length > 0) expected[0] = expected[0]!.replace(/^\uFEFF/, '');
        const bytes = zip ? gzipSync(text) : Buffer.from(text);
        // Plain text that begins as gzip does is taken for it.
        fc.pre(zip || !(bytes[0] === 0x1f && bytes[1] === 0x8b));
        const chunks: Buffer[] = [];
        for (let i = 0; i < bytes.length; i += size + 1) chunks.push(bytes.subarray(i, i + size + 1));
        const lines: string[] = [];
        const invalid = { skip: false, count: 0, first: '' };
        const digest = { bytes: 0, sha256: '' };
        const count = await readLines(streamInput(Readable.from(chunks)), digest, { invalid }, (line, start, end) => {
          lines.push(line.toString('utf8', start, end));
        });
        expect(lines).toEqual(expected);
        expect(count).toBe(expected.length);
        expect(digest.bytes).toBe(bytes.length);
      }),
      { numRuns: 200 },
    );
  });
});
