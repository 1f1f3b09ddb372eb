import { Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { rewriteWith, run as runCommand } from '../../../services/commands/rewrite.ts';
import type { OpenRewriter } from '../../../services/commands/rewriter-flags.ts';
import { captureIo } from '../../support/command-io.ts';
import { type TableEntry, TableRewriter } from '../../support/table-rewriter.ts';

const TABLE: Record<string, TableEntry> = {
  teh: {
    rewritten: 'the',
    confidence: 0.97126,
    alternatives: [
      ['ten', 0.01],
      ['the', 0.01],
      ['tech', 0.005],
    ],
  },
  'teh cat': { rewritten: 'the cat', decision: 'suggest', confidence: 0.5 },
  bar: {
    rewritten: 'a|b',
    alternatives: [
      ['c|d', 0.1],
      ['e', 0.1],
      ['f', 0.1],
      ['g', 0.1],
      ['h', 0.1],
    ],
  },
  rule: { rewritten: 'two\tfields\nand lines' },
};

/** Runs the command in place. */
async function run(args: string[], stdin: string | Buffer[] = '', waits = false) {
  const io = captureIo();
  const pieces = typeof stdin === 'string' ? [Buffer.from(stdin)] : stdin;
  const rewriter = new TableRewriter(TABLE, waits);
  let closed = 0;
  const code = await rewriteWith(args, { ...io, stdin: Readable.from(pieces) }, async () => ({
    rewriter,
    close: () => {
      closed++;
    },
  }));
  expect(closed).toBe(args.includes('--help') ? 0 : 1);
  return { code, out: io.out(), err: io.err(), rewriter };
}

const tsv = (line: string) => `${line}\t${line}\tnone\t0.9900\t\n`;

describe('emend rewrite', () => {
  it('takes its words joined by spaces as one query', async () => {
    const { code, out } = await run(['teh', 'cat']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ query: 'teh cat', rewritten: 'the cat', decision: 'suggest' });
    expect(out.endsWith('}\n')).toBe(true);
  });

  it('takes one empty word as the empty query', async () => {
    expect((await run(['--format', 'tsv', ''])).out).toBe(tsv(''));
  });

  it('answers each line by a JSON object, in order', async () => {
    const { out } = await run([], 'teh\r\n\nteh cat\n\ta\tb\nlast');
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ query }) => query)).toEqual(['teh', '', 'teh cat', '\ta\tb', 'last']);
    expect(answers.map(({ rewritten }) => rewritten)).toEqual(['the', '', 'the cat', '\ta\tb', 'last']);
    expect(answers.map(({ decision }) => decision)).toEqual(['auto', 'none', 'suggest', 'none', 'none']);
  });

  it('leaves a byte order mark out of the first query, in whatever pieces it comes', async () => {
    const text = Buffer.from('\uFEFFteh cat\r\n\uFEFFteh\nteh');
    for (const size of [1, 2, 3, 4, 100]) {
      const pieces: Buffer[] = [];
      for (let i = 0; i < text.length; i += size) pieces.push(text.subarray(i, i + size));
      const { out } = await run([], pieces);
      const queries = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).query);
      expect(queries).toEqual(['teh cat', '\uFEFFteh', 'teh']);
    }
    expect((await run([], '\uFEFF')).out).toBe('');
    expect((await run(['--format', 'tsv'], '\uFEFF\n')).out).toBe(tsv(''));
    // No mark, though it begins like one.
    expect((await run(['--format', 'tsv'], '\uFEBFx')).out).toBe(tsv('\uFEBFx'));
  });

  it('answers each line by a TSV line', async () => {
    const { out } = await run(['--format', 'tsv'], 'teh\r\n\nteh\tcat\nx\ry\n');
    expect(out).toBe(`teh\tthe\tauto\t0.9713\tten|tech\n${tsv('')}teh cat\tthe cat\tsuggest\t0.5000\t\n${tsv('xy')}`);
  });

  it('writes at most four alternatives, bars escaped, and one line whatever a rule puts in', async () => {
    const { out } = await run(['--format', 'tsv'], 'bar\nrule\n');
    expect(out).toBe('bar\ta|b\tauto\t0.9900\tc\\|d|e|f|g\n' + 'rule\ttwo fieldsand lines\tauto\t0.9900\t\n');
  });

  it('gives lines that are no UTF-8 back as they are', async () => {
    const bad = Buffer.from([0x61, 0xff, 0x09, 0xc3, 0x0d, 0x0a]);
    const io = captureIo();
    const chunks: Buffer[] = [];
    const stdout = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    const open = async () => ({ rewriter: new TableRewriter(TABLE), close: () => {} });
    const stdin = Readable.from([Buffer.concat([Buffer.from('teh\n'), bad, Buffer.from('x\n')])]);
    await rewriteWith(['--format', 'tsv'], { ...io, stdin, stdout }, open);
    const field = Buffer.from([0x61, 0xff, 0x20, 0xc3]);
    const line = Buffer.concat([field, Buffer.from('\t'), field, Buffer.from('\tnone\t1.0000\t\n')]);
    expect(Buffer.concat(chunks)).toEqual(
      Buffer.concat([Buffer.from('teh\tthe\tauto\t0.9713\tten|tech\n'), line, Buffer.from(tsv('x'))]),
    );
    const { out } = await run([], [bad]);
    expect(JSON.parse(out)).toMatchObject({
      query: 'a\ufffd\t\ufffd',
      rewritten: 'a\ufffd\t\ufffd',
      decision: 'none',
      reasons: ['invalid-utf8'],
    });
  });

  it('gives lines over 16 KiB back as they are', async () => {
    const long = 'teh '.repeat(4097);
    const { out, rewriter } = await run(['--format', 'tsv'], `${long}\nteh\n`);
    expect(out).toBe(`${long}\t${long}\tnone\t1.0000\t\nteh\tthe\tauto\t0.9713\tten|tech\n`);
    expect(rewriter.asked).toHaveLength(1);
    expect(JSON.parse((await run([], long)).out)).toMatchObject({ decision: 'none', reasons: ['too-long'] });
  });

  it('gives one line out per line in, in order, however the input is cut and whether answers wait', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '😀', '\r', '\t'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 90 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (lines, size, waits) => {
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
          const pieces: Buffer[] = [];
          for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
          const { out } = await run(['--format', 'tsv'], pieces, waits);
          expect(out).toBe(lines.map((text) => tsv(text.replaceAll('\r', '').replaceAll('\t', ' '))).join(''));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('answers what it has read before more comes', async () => {
    let seen = '';
    const stdout = new Writable({
      write(chunk: Buffer, _encoding, done) {
        seen += chunk.toString();
        done();
      },
    });
    async function* typed() {
      yield Buffer.from('teh\nte');
      // The second piece comes only after the first line is answered.
      for (let turn = 0; turn < 100 && seen === ''; turn++) await new Promise((done) => setTimeout(done, 5));
      expect(seen).toMatch(/^teh\tthe\t/);
      yield Buffer.from('h\n');
    }
    const open = async () => ({ rewriter: new TableRewriter(TABLE), close: () => {} });
    await rewriteWith(['--format', 'tsv'], { ...captureIo(), stdin: Readable.from(typed()), stdout }, open);
    expect(seen.split('\n')).toHaveLength(3);
  });

  it('reads no faster than its output is taken', async () => {
    let made = 0;
    let taken = 0;
    let ahead = 0;
    async function* lines() {
      for (; made < 400; made++) {
        ahead = Math.max(ahead, made - taken);
        yield Buffer.from(`${'x'.repeat(1000)}\n`);
      }
    }
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        setTimeout(() => {
          taken++;
          done();
        }, 0);
      },
    });
    const open = async () => ({ rewriter: new TableRewriter({}), close: () => {} });
    const stdin = Readable.from(lines(), { highWaterMark: 1 });
    await rewriteWith(['--format', 'tsv'], { ...captureIo(), stdin, stdout }, open);
    expect(taken).toBe(400);
    expect(ahead).toBeLessThan(10);
  });

  it('stops quietly when its reader goes', async () => {
    let made = 0;
    async function* endless() {
      for (; made < 1_000_000; made++) yield Buffer.from('teh\n');
    }
    let left = 5;
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        const gone: NodeJS.ErrnoException = new Error('write EPIPE');
        gone.code = 'EPIPE';
        done(left-- > 0 ? null : gone);
      },
    });
    const open = async () => ({ rewriter: new TableRewriter(TABLE), close: () => {} });
    const code = await rewriteWith([], { ...captureIo(), stdin: Readable.from(endless()), stdout }, open);
    expect(code).toBe(0);
    expect(made).toBeLessThan(1000);
  });

  it('hands its options to the rewriter', async () => {
    const flags = ['--only', 'spell,normalise', '--max-edits', '1', '--error-rate', '0.1', '--cost-of-breaking', '4'];
    const { rewriter } = await run([...flags, '--syntax', 'lucene', '--alternatives', '7', '--explain', 'teh']);
    expect(rewriter.asked[0]?.options).toMatchObject({
      workers: ['normalise', 'spell'],
      maxEdits: 1,
      errorRate: 0.1,
      costOfBreaking: 4,
      syntax: 'lucene',
      alternatives: 7,
      explain: true,
    });
  });

  it.each([
    [['--format', 'xml']],
    [['--only', 'spell,nothing']],
    [['--max-edits', '3']],
    [['--error-rate', '0']],
    [['--error-rate', 'x']],
    [['--cost-of-breaking=-1']],
    [['--syntax', 'sql']],
    [['--alternatives', '11']],
  ])('refuses %j as misuse before anything is opened', async (args) => {
    const open = async () => {
      throw new Error('opened');
    };
    await expect(rewriteWith(args, captureIo(), open)).rejects.toMatchObject({
      code: expect.stringMatching(/^(USAGE|CONFIG_.*)$/),
    });
  });

  it('takes what no flag says from the environment', async () => {
    const io = captureIo({ env: { EMEND_ERROR_RATE: '0.2', EMEND_ALTERNATIVES: '5', EMEND_DATASET: 'there' } });
    const rewriter = new TableRewriter(TABLE);
    const datasets: unknown[] = [];
    const open: OpenRewriter = async ({ dataset }) => {
      datasets.push(dataset);
      return { rewriter, close: () => {} };
    };
    await rewriteWith(['--alternatives', '6', 'teh'], io, open);
    expect(rewriter.asked[0]?.options).toMatchObject({ errorRate: 0.2, alternatives: 6 });
    expect(datasets).toEqual(['there']);
  });

  it('asks for the bundled dataset when none is named, and opens what is named otherwise', async () => {
    const deps = {
      ensureBundled: async () => '/no/such/bundled',
      stageDataset: () => Promise.reject(new Error('nothing is staged here')),
    };
    await expect(runCommand(['teh'], captureIo(), deps)).rejects.toThrow(/\/no\/such\/bundled/);
    const io = captureIo({ cwd: '/no/such' });
    await expect(runCommand(['--dataset', 'named', 'teh'], io, deps)).rejects.toThrow(/\/no\/such\/named/);
  });

  it('explains itself with an example', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Rewrites queries/);
    expect(out).toContain('emend rewrite wireles hedphones');
  });
});
