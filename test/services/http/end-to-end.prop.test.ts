import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseConfig } from '../../../services/config.ts';
import type { OpenedRewriter } from '../../../services/main.ts';
import { openRewriter } from '../../../services/open-rewriter.ts';
import type { Edit, RewriteAnswer } from '../../../services/rewrite/answer.ts';
import { captureIo } from '../../support/command-io.ts';
import { startService, type TestService } from '../../support/http-service.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

describe('rewriting over HTTP, from the stores up', () => {
  let folder: string;
  let opened: OpenedRewriter;
  let service: TestService;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-http-'));
    const dataset = await buildTinyDataset(folder);
    opened = await openRewriter(dataset, parseConfig({}), captureIo({ cwd: folder }));
    service = await startService({}, opened.rewriter);
  });
  afterAll(async () => {
    await service.close();
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
    expect(service.log).toEqual([]);
  });

  const post = (body: object) =>
    fetch(`${service.url}/rewrite`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const rewrite = async (q: string, options: object = {}) => {
    const response = await post({ q, ...options });
    expect(response.status).toBe(200);
    return (await response.json()) as RewriteAnswer;
  };

  /** What holds of every answer. */
  function checkAnswer(query: string, answer: RewriteAnswer): void {
    expect(answer.query).toBe(query);
    expect(splice(query, answer.edits)).toBe(answer.rewritten);
    for (const edit of answer.edits) {
      expect(query.slice(edit.offset, edit.offset + edit.length)).toBe(edit.from);
      const to = answer.rewritten.slice(edit.rewrittenOffset, edit.rewrittenOffset + edit.rewrittenLength);
      expect(to).toBe(edit.to);
    }
    for (const alternative of answer.alternatives) expect(splice(query, alternative.edits)).toBe(alternative.query);
    for (const { offset, length } of answer.protected) {
      for (const edit of answer.edits) {
        expect(edit.offset + edit.length <= offset || edit.offset >= offset + length).toBe(true);
      }
    }
    if (answer.decision === 'none') expect([answer.rewritten, answer.edits]).toEqual([query, []]);
    expect(answer.suggestion).not.toBe(answer.search);
    const marks = answer.highlighted.replaceAll('<em>', '').replaceAll('</em>', '');
    expect(marks).not.toMatch(/[<>]/);
    const shares = [answer.confidence, answer.otherMass, ...answer.alternatives.map(({ confidence }) => confidence)];
    for (const share of shares) expect(share >= 0 && share <= 1).toBe(true);
    const sum = shares.reduce((total, share) => total + share, 0);
    // What is missing is the share of the query as it was typed.
    if (answer.decision === 'none') expect(sum).toBeCloseTo(1, 6);
    else expect(sum).toBeLessThan(1 + 1e-6);
  }

  const word = fc.constantFrom(
    'wireles',
    'hedphones',
    'newyork',
    'note',
    'book',
    'adidsa',
    'running',
    'iphone',
    '👟',
    'ß',
  );
  const glue = fc.constantFrom(
    ' ',
    '  ',
    '\t',
    '-',
    '"',
    ':',
    '/',
    '.',
    ' AND ',
    '<b>',
    '&amp;',
    '\u0000',
    '\u200d',
    '\u3000',
  );
  const typed = fc
    .array(fc.oneof(word, glue, fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 12 })
    .map((parts) => parts.join('').toWellFormed());

  it('answers whatever is typed with edits that give the reading, and probabilities that are some', async () => {
    await fc.assert(
      fc.asyncProperty(typed, fc.constantFrom('plain', 'lucene'), async (query, syntax) => {
        checkAnswer(query, await rewrite(query, { syntax, alternatives: 10 }));
      }),
      { numRuns: 300 },
    );
  });

  it('answers GET, POST and a batch alike', async () => {
    const plain = ({ queryId, tookMs, ...rest }: RewriteAnswer) => rest;
    await fc.assert(
      fc.asyncProperty(typed, async (query) => {
        const get = (await (
          await fetch(`${service.url}/rewrite?q=${encodeURIComponent(query)}`)
        ).json()) as RewriteAnswer;
        const batch = (await (await post({ queries: [query] })).json()) as { results: [RewriteAnswer] };
        const one = plain(await rewrite(query));
        expect(plain(get)).toEqual(one);
        expect(plain(batch.results[0])).toEqual(one);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses any text with half a character, and takes any other', async () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(units, async (codes) => {
        const query = String.fromCharCode(...codes);
        expect((await post({ q: query })).status).toBe(query.isWellFormed() ? 200 : 400);
      }),
      { numRuns: 100 },
    );
  });

  it('answers 400 or 200 to any JSON at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        const response = await fetch(`${service.url}/rewrite`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
        });
        expect([200, 400]).toContain(response.status);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['5,000 characters of words', 'wireles hedphones '.repeat(278).slice(0, 5_000)],
    ['5,000 characters without a space', 'hedphones'.repeat(556).slice(0, 5_000)],
    ['a query of the greatest length', 'adidsa '.repeat(2_340)],
    ['deep quotes and brackets', `${'("'.repeat(1_000)}adidsa${'")'.repeat(1_000)}`],
    ['combining marks without end', `adidsa${'\u0301'.repeat(3_000)}`],
    ['emoji joined without end', '👨\u200d'.repeat(1_000)],
    ['a ligature that unfolds', '\ufdfa'.repeat(2_000)],
    ['Cyrillic that looks like Latin', 'аdіdаs shоеs'],
    ['CJK', '無線ヘッドホン 运动鞋 무선 헤드폰'],
    ['Arabic', 'سماعات لاسلكية'],
    ['NUL bytes', 'adidsa\u0000shose\u0000'],
  ])('has a clear answer to %s', async (_name, query) => {
    for (const syntax of ['plain', 'lucene']) checkAnswer(query, await rewrite(query, { syntax, explain: true }));
  });

  it('corrects what is wrong and leaves alone what is protected', async () => {
    const answer = await rewrite('"teh wireles" Adidsa 24/7 site:example.com');
    expect(answer.rewritten).toBe('"teh wireles" Adidas 24/7 site:example.com');
    expect(answer.edits).toMatchObject([{ from: 'Adidsa', to: 'Adidas', offset: 14, length: 6 }]);
    expect(answer.protected.map(({ why }) => why).sort()).toHaveLength(3);
  });
});

function splice(query: string, edits: readonly Edit[]): string {
  let text = query;
  for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) {
    text = text.slice(0, edit.offset) + edit.to + text.slice(edit.offset + edit.length);
  }
  return text;
}
