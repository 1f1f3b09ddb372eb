import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../../../builders/commands/build.ts';
import { run as runDataset } from '../../../builders/commands/dataset.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { captureIo } from '../../support/command-io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'emend-build-'));
  write(
    'docs.tsv',
    'id\ttitle\tbody\n1\tRed shoes\tRunning shoes, in red.\n2\tBlue hat\tA blue hat from Grumblewick\n',
  );
  write('log.tsv', 'query\tcount\thits\nred shoes\t30\t12\nshose red\t2\t0\nblue hat\t4\t3\n');
  write('words.txt', 'the 1000\nrunning 50\nshoes 40\nhats\n');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(cwd, name), content);
}

async function build(...args: string[]) {
  const io = captureIo({ cwd });
  const code = await run(args, io);
  return { code, out: io.out(), err: io.err() };
}

const INPUTS = ['--docs', 'docs.tsv:title,body', '--queries', 'log.tsv', '--words', 'words.txt'];

const isChannel = ({ name }: { name: string }) => name === 'channel';

function knows(dir: string, term: string): boolean {
  const dataset = openDataset(join(cwd, dir));
  const key = encodeUtf8(term);
  const found = dataset.stores.terms.find(key, 0, key.length) >= 0;
  dataset.close();
  return found;
}

describe('emend build', () => {
  it('builds a dataset that knows the words of documents, queries and lists', async () => {
    const { code, out, err } = await build('--out', 'data', ...INPUTS);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/docs\.tsv +documents/);
    expect(out).toMatch(/terms +fst/);
    expect(out).toContain(join(cwd, 'data'));
    for (const term of ['grumblewick', 'running', 'hats', 'hat']) expect(knows('data', term)).toBe(true);
    // From a query that found nothing, and from a header line.
    for (const term of ['shose', 'title']) expect(knows('data', term)).toBe(false);
    expect(readdirSync(cwd).sort()).toEqual(['data', 'docs.tsv', 'log.tsv', 'words.txt']);
  });

  it('teaches the error model what the owner knows to be misspelled', async () => {
    write('pairs.tsv', `wrong\tright\n${'runing shoes\trunning shoes\n'.repeat(40)}`);
    write('more.jsonl', '{"wrong":"shose","right":["shoes"],"count":9}\n');
    write('build.json', JSON.stringify({ pairs: [{ file: 'more.jsonl', weight: 2 }] }));
    await build('--out', 'plain', ...INPUTS);
    const { out } = await build(
      '--out',
      'taught',
      ...INPUTS,
      '--pairs',
      'pairs.tsv',
      '--config',
      'build.json',
      '--json',
    );
    const cost = (dir: string) => {
      const dataset = openDataset(join(cwd, dir));
      const found = dataset.stores.channel!.cost('skining', 'skinning');
      dataset.close();
      return found;
    };
    expect(cost('taught')).toBeLessThan(cost('plain') - 0.5);
    expect(knows('taught', 'runing')).toBe(false);
    const { inputs, files } = JSON.parse(out);
    expect(inputs.filter(({ role }: { role: string }) => role === 'pairs')).toMatchObject([
      { name: 'more.jsonl', role: 'pairs', records: 1, weight: 2, tokens: 0, ngrams: [0, 0, 0] },
      { name: 'pairs.tsv', role: 'pairs', records: 40 },
    ]);
    expect(files.find(isChannel)).toMatchObject({ parameters: { source: 'channel_en.tsv', pairs: 41 } });
  });

  it('learns the error model from pairs alone, or from what was typed where there are none', async () => {
    write('pairs.tsv', 'runing\trunning\n'.repeat(1000));
    await build('--out', 'paired', ...INPUTS, '--pairs', 'pairs.tsv', '--channel', 'none');
    expect(readFileSync(join(cwd, 'paired', 'channel.tsv'), 'utf8')).toMatch(/^emend-channel\t1\n.*nn\tn\t0\.00\n/s);
    await build('--out', 'kept', ...INPUTS, '--channel', 'paired/channel.tsv');
    expect(readFileSync(join(cwd, 'kept', 'channel.tsv'))).toEqual(readFileSync(join(cwd, 'paired', 'channel.tsv')));
    const log = [...'abcdefgh'].map((letter) => `footba${letter}l\t3\nfootball${letter}\t900\n`).join('');
    write('typed.tsv', `football\t9000\nfotball\t60\nvolleyball\t9000\nvoleyball\t60\n${log}`);
    const { out } = await build('--out', 'typed', '--queries', 'typed.tsv', '--channel', 'none', '--json');
    expect(JSON.parse(out).files.find(isChannel).parameters).toMatchObject({ source: 'words', pairs: 0 });
    const dataset = openDataset(join(cwd, 'typed'));
    expect(dataset.stores.channel!.cost('rols', 'rolls')).toBeLessThan(dataset.stores.channel!.cost('ross', 'rolls'));
    dataset.close();
  });

  it('tells machines what it did, and inspect and verify tell it again', async () => {
    const { out } = await build('--out', 'data', ...INPUTS, '--json', '--min-count', '1,1');
    const summary = JSON.parse(out);
    expect(summary).toMatchObject({
      dir: join(cwd, 'data'),
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      node: process.versions.node,
      parameters: { minCount1: 1, minCount2: 1, minCount3: 1, skipInvalid: false },
      inputs: [
        { name: 'docs.tsv', role: 'documents', records: 2, skipped: 0, tokens: 13 },
        { name: 'log.tsv', role: 'queries', records: 3, tokens: 68 },
        { name: 'words.txt', role: 'words', wordClass: 'dictionary', records: 4, tokens: 1091 },
      ],
    });
    const io = captureIo({ cwd });
    expect(await runDataset(['inspect', 'data', '--json'], io)).toBe(0);
    const { dir, seconds, ...manifest } = summary;
    expect(JSON.parse(io.out())).toEqual(manifest);
    const verified = captureIo({ cwd });
    expect(await runDataset(['verify', 'data', '--json'], verified)).toBe(0);
    expect(JSON.parse(verified.out())).toMatchObject({ id: manifest.id, files: 12, ok: true });
    const shown = captureIo({ cwd });
    expect(await runDataset(['inspect', 'data'], shown)).toBe(0);
    expect(shown.out()).toContain(manifest.id);
  });

  it('writes the same bytes again, whatever the memory and the compression of the inputs', async () => {
    let state = 7;
    const lines: string[] = [];
    for (let i = 0; i < 3000; i++) {
      const words: string[] = [];
      for (let j = 0; j < 8; j++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        words.push(
          `${String.fromCharCode(97 + (state % 26))}${(state >>> 8) % 60}`.replace(/\d/g, (d) => 'abcdefghij'[+d]!),
        );
      }
      lines.push(words.join(' '));
    }
    write('many.txt', lines.join('\n'));
    const parts = ['--docs', 'many.txt', '--queries', 'log.tsv'];
    expect((await build('--out', 'a', ...parts)).code).toBe(0);
    expect((await build('--out', 'b', ...parts, '--memory', '1M')).code).toBe(0);
    const names = readdirSync(join(cwd, 'a')).sort();
    expect(readdirSync(join(cwd, 'b')).sort()).toEqual(names);
    for (const name of names) {
      expect(readFileSync(join(cwd, 'b', name)).equals(readFileSync(join(cwd, 'a', name)))).toBe(true);
    }
    write('many.txt', gzipSync(lines.join('\r\n')));
    const { out } = await build('--out', 'c', ...parts, '--json');
    expect(JSON.parse(out).id).toBe(JSON.parse(readFileSync(join(cwd, 'a', 'manifest.json'), 'utf8')).id);
  });

  it('puts n-grams into a score table and says in the manifest how often it mistakes an absent one', async () => {
    const { out } = await build('--out', 'data', ...INPUTS, '--json');
    const ngrams = JSON.parse(out).files.find((file: { name: string }) => file.name === 'ngrams');
    expect(ngrams).toMatchObject({ kind: 'scores', parameters: { falsePositiveRate: 2 ** -16 } });
  });

  it('takes the engine of a store from its flag', async () => {
    const { out } = await build(
      '--out',
      'data',
      ...INPUTS,
      '--engine',
      'terms=blocks',
      '--engine',
      'deletes1=fst',
      '--json',
    );
    const kinds = JSON.parse(out).files.map((file: { name: string; kind: string }) => `${file.name} ${file.kind}`);
    expect(kinds).toEqual([
      'terms blocks',
      'ngrams scores',
      'deletes1 fst',
      'deletes2 blocks',
      'phonetic fst',
      'lexicon lexicon',
      'neighbours neighbours',
      'letters letters',
      'channel channel',
      'language language',
      'model model',
      'rude rude',
    ]);
    expect(knows('data', 'grumblewick')).toBe(true);
  });

  it('reads standard input, an empty folder as target, and a configuration file with flags over it', async () => {
    mkdirSync(join(cwd, 'data'));
    mkdirSync(join(cwd, 'conf'));
    write('conf/brands.txt', 'Zyxquat\n');
    write(
      'conf/build.json',
      JSON.stringify({
        words: [{ file: 'brands.txt', class: 'names', weight: 0 }],
        minCount: 9,
        docs: '../docs.tsv:3',
      }),
    );
    const io = captureIo({ cwd, stdin: '{"title": "velvet curtain"}\n' });
    const args = ['--out', 'data', '--config', 'conf/build.json', '--docs', '-:title', '--min-count', '1', '--json'];
    expect(await run(args, io)).toBe(0);
    const { inputs, parameters } = JSON.parse(io.out());
    expect(inputs).toMatchObject([
      { name: 'brands.txt', wordClass: 'names', weight: 0 },
      { name: 'docs.tsv' },
      { name: 'stdin', records: 1 },
    ]);
    expect(parameters.minCount1).toBe(1);
    for (const term of ['zyxquat', 'velvet', 'grumblewick']) expect(knows('data', term)).toBe(true);
  });

  it('reads a configuration that begins with a byte order mark', async () => {
    write('build.json', `\uFEFF${JSON.stringify({ docs: 'docs.tsv' })}`);
    expect((await build('--out', 'data', '--config', 'build.json')).code).toBe(0);
  });

  it('takes vectors of words, by flag or by configuration, and keeps those of its terms', async () => {
    write('vectors.txt', 'running 1 2 3\nGrumblewick 0 0 1\nunheard 1 1 1\n');
    write('build.json', JSON.stringify({ vectors: 'vectors.txt' }));
    const plain = await build('--out', 'plain', ...INPUTS, '--json');
    for (const flags of [
      ['--vectors', 'vectors.txt'],
      ['--config', 'build.json'],
    ]) {
      const { out } = await build('--out', flags[1]!.replace('.', '-'), ...INPUTS, ...flags, '--json');
      const file = JSON.parse(out).files.find(({ name }: { name: string }) => name === 'vectors');
      expect(file).toMatchObject({ entries: 2, parameters: { dimensions: 3, source: 'vectors.txt' } });
      expect(JSON.parse(out).id).not.toBe(JSON.parse(plain.out).id);
    }
    write('vectors.txt', 'running 1 2 3\ngrumblewick 0 0\n');
    await expect(build('--out', 'bad', ...INPUTS, '--vectors', 'vectors.txt')).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringContaining('vectors.txt:2:'),
    });
  });

  it('leaves out broken lines when told to, counts them and shows the first', async () => {
    write('broken.jsonl', '{"title": "fine"}\n{"title": \n');
    await expect(build('--out', 'data', '--docs', 'broken.jsonl')).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringContaining('broken.jsonl:2:'),
    });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
    const { code, out, err } = await build('--out', 'data', '--docs', 'broken.jsonl', '--skip-invalid', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).inputs[0]).toMatchObject({ records: 1, skipped: 1 });
    expect(err).toMatch(/broken\.jsonl:2:/);
  });

  it('leaves nothing behind when it fails, and never overwrites', async () => {
    mkdirSync(join(cwd, 'full'));
    write('full/file', 'x');
    for (const out of ['full', 'full/file', 'docs.tsv']) {
      await expect(build('--out', out, ...INPUTS)).rejects.toMatchObject({ code: 'BUILD_OUTPUT' });
    }
    await expect(build('--out', 'data', '--docs', 'none.txt')).rejects.toMatchObject({ code: 'BUILD_INPUT' });
    expect(readdirSync(cwd).sort()).toEqual(['docs.tsv', 'full', 'log.tsv', 'words.txt']);
    expect(readdirSync(join(cwd, 'full'))).toEqual(['file']);
  });

  it.each([
    ['--docs', '', 'no record in it'],
    ['--docs', '\n...\n', 'no term in its 1 records'],
    ['--docs', '\u{1F600}\n', 'no term in its 1 records'],
    ['--words', '# only a comment\n', 'no record in it'],
    ['--ngrams', 'one two three four 5\n', 'no term in its 1 records'],
    ['--queries', '\n\n', 'no record in it'],
    ['--pairs', '', 'no record in it'],
    ['--misspellings', '\n', 'no record in it'],
  ])('takes an input without anything in it only when told to: %s %j', async (flag, text, found) => {
    write('empty.txt', text);
    const args = ['--out', 'data', ...INPUTS, flag, 'empty.txt'];
    await expect(build(...args)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(new RegExp(`^empty\\.txt: .*${found}.*--allow-empty`)),
    });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
    expect((await build(...args, '--allow-empty')).code).toBe(0);
  });

  it('builds from inputs without a single word when told to', async () => {
    write('empty.txt', '\n...\n');
    write('build.json', JSON.stringify({ docs: 'empty.txt', allowEmpty: true }));
    expect((await build('--out', 'data', '--config', 'build.json')).code).toBe(0);
    expect(knows('data', 'a')).toBe(false);
  });

  it('says what was left out of an input of which nothing is left', async () => {
    write('bad.jsonl', '{"title": \n');
    await expect(build('--out', 'data', '--docs', 'bad.jsonl', '--skip-invalid')).rejects.toMatchObject({
      message: expect.stringMatching(/no record in it, and 1 lines left out \(the first: bad\.jsonl:1: /),
    });
  });

  it('counts what HTML shows, not its tags and entities', async () => {
    write('shop.csv', 'title,body\nLamp,"<p class=""zyx"">Caf&eacute;&nbsp;lamp</p><br><b>bri</b>ght"\n');
    expect((await build('--out', 'data', '--docs', 'shop.csv:title,body')).code).toBe(0);
    for (const term of ['café', 'lamp', 'bright']) expect(knows('data', term)).toBe(true);
    for (const term of ['p', 'br', 'b', 'nbsp', 'eacute', 'class', 'zyx']) expect(knows('data', term)).toBe(false);
  });

  it('shows what it would read and do, and builds nothing', async () => {
    write('log.csv', 'phrase;n;lang\nred shoes;30;en\n"blue\nhat";4;en\n');
    const args = [
      '--dry-run',
      '--docs',
      'docs.tsv:title',
      '--queries',
      'log.csv:query=phrase,count=n',
      '--words',
      'words.txt',
    ];
    const { code, out, err } = await build(...args, '--out', 'data');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('docs.tsv: documents of class documents, weight 1\n  ["Red shoes"]\n');
    expect(out).toContain('  note: log.csv:1: columns ignored: lang\n  {"query":"red shoes","count":30,"hits":null');
    expect(out).toContain('{"query":"blue\\nhat","count":4');
    expect(out).toContain('{"entry":"running","count":50}');
    expect(out).toMatch(/\nminCounts: \[1,1,2\]\n/);
    expect(readdirSync(cwd).sort()).toEqual(['docs.tsv', 'log.csv', 'log.tsv', 'words.txt']);
    const json = JSON.parse((await build(...args, '--json')).out);
    expect(json).toMatchObject({
      dryRun: true,
      out: null,
      inputs: [{ records: [['Red shoes'], ['Blue hat']] }, {}, {}],
    });
    write('build.json', JSON.stringify({ docs: 'docs.tsv', dryRun: true }));
    expect((await build('--config', 'build.json')).out).toContain('nothing was built');
    await expect(build('--dry-run', '--queries', 'log.csv')).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it.each([
    [['--docs', 'docs.tsv']],
    [['--out', 'data']],
    [['--out', 'data', ...INPUTS, '--engine', 'terms=lmdb']],
    [['--out', 'data', ...INPUTS, '--engine', 'words=fst']],
    [['--out', 'data', ...INPUTS, '--memory', '1K']],
    [['--out', 'data', ...INPUTS, '--memory', 'much']],
    [['--out', 'data', ...INPUTS, '--min-count', '0']],
    [['--out', 'data', ...INPUTS, '--min-count', '1,2,3,4']],
    [['--out', 'data', '--docs', '-', '--queries', '-']],
    [['--out', 'data', '--config', 'none.json']],
  ])('refuses %j as misuse', async (args) => {
    await expect(build(...args)).rejects.toMatchObject({ code: 'USAGE' });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });

  it.each([
    ['{', /reading the configuration/],
    ['[]', /expected an object/],
    ['{"document": []}', /there is no "document"/],
    ['{"docs": [{"file": "a.tsv", "field": 2}]}', /docs\[0\].*found "field"/],
    ['{"docs": [{"fields": [1]}]}', /expected a path as "file"/],
    ['{"words": [{"file": "a.txt", "fields": [1]}]}', /which are of documents/],
    ['{"docs": [{"file": "a.txt", "unit": "count"}]}', /which are of word lists/],
    ['{"words": [{"file": "a.txt", "weight": -1}]}', /expected 0, or a number from 1e-9/],
    ['{"words": [{"file": "a.txt", "columns": [0]}]}', /column of the entry/],
    ['{"engine": {"terms": 3}}', /expected fst or blocks/],
    ['{"bundled": "yes"}', /expected true or false/],
  ])('refuses the configuration %s', async (text, message) => {
    write('bad.json', text);
    await expect(build('--out', 'data', '--config', 'bad.json')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });

  it('shows how it is used', async () => {
    const { code, out } = await build('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Builds a dataset version.*\n\n {2}emend build --out/);
    const io = captureIo({ cwd });
    expect(await runDataset(['--help'], io)).toBe(0);
    await expect(runDataset(['mend', 'data'], io)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(runDataset(['inspect'], io)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(runDataset(['inspect', 'none'], io)).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
  });
});
