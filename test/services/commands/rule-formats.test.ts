import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../services/commands/rules.ts';
import { FORMATS } from '../../../services/rules/formats/registry.ts';
import { captureIo } from '../../support/command-io.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-rule-formats-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const unused = () => Promise.reject(new Error('no dataset is wanted here'));
const DEPS = { ensureBundled: unused, stageDataset: unused };

async function emend(args: string[], stdin = ''): Promise<[number, string, string]> {
  const io = captureIo({ stdin, cwd: folder });
  return [await run(args, io, DEPS), io.out(), io.err()];
}

async function misuse(args: string[]): Promise<string> {
  try {
    await emend(args);
  } catch (error) {
    return `${(error as { code?: unknown }).code}: ${(error as Error).message}`;
  }
  return 'no error';
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

describe('emend rules import --format', () => {
  it('writes a rule set and prints what was taken over', async () => {
    const [code, out, err] = await emend([
      'import',
      '--format',
      'solr',
      file('s.txt', 'tv, telly\na => b\nalone\n'),
      '--out',
      'r.json',
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`Rules imported from solr

taken over  rules
----------  -----
whole           2
in part         0
not             1

0 errors, 1 warning

Warnings

s.txt:3: one term alone: the rule never fires; write "from => to", or two terms and more (NEVER_FIRES)

Lost

s.txt:3: not taken over: the rule: one term alone: the rule never fires; write "from => to", or two terms and more
`);
    expect(JSON.parse(read('r.json')).rules.map(({ id }: { id: string }) => id)).toEqual(['tv, telly', 'a => b']);
    expect(readdirSync(folder).sort()).toEqual(['r.json', 's.txt']);
  });

  it('writes nothing when rules are wrong, and names them all, unless they are to be left out', async () => {
    const args = ['import', '--format', 'solr', file('s.txt', 'a => b => c\nx, y\n, ,\n'), '--out', 'r.json'];
    const [code, out, err] = await emend(args);
    expect([code, existsSync(join(folder, 'r.json'))]).toEqual([1, false]);
    expect(err).toBe(
      'emend rules: nothing was written; correct the 2 errors, or leave those rules out with --skip-bad\n',
    );
    expect(out).toContain('s.txt:1: expected one "=>", found 2');
    expect(out).toContain('s.txt:3: an empty term');
    expect((await emend([...args, '--skip-bad']))[0]).toBe(0);
    expect(JSON.parse(read('r.json')).rules).toHaveLength(1);
  });

  it('reads several files and stdin, prints and writes the report as JSON', async () => {
    const args = [
      'import',
      '--format',
      'es',
      file('1.json', '{"synonyms_set":[{"id":"a","synonyms":"x,y"}]}'),
      '-',
      '--json',
      '--report',
      'report.json',
    ];
    const [code, out, err] = await emend(args, '{"synonyms_set":[{"id":"a","synonyms":"x,z"}]}');
    expect([code, err]).toEqual([
      0,
      'emend rules: nothing was written; --out FILE.json takes the rules, --publish puts them in force\n',
    ]);
    const report = JSON.parse(out);
    expect([report.whole, report.warnings, report.findings[0].code, report.findings[0].source.file]).toEqual([
      2,
      1,
      'DUPLICATE',
      'stdin',
    ]);
    expect(JSON.parse(read('report.json'))).toEqual(report);
  });

  it('takes options of the format and values of placeholders', async () => {
    await emend(['import', '--format', 'solr', '--option', 'expand=false', file('s.txt', 'a, b\n'), '--out', 'r.json']);
    expect(JSON.parse(read('r.json')).rules[0].actions).toEqual([{ do: 'synonym', to: 'a', keepOriginal: false }]);
    const rule =
      '{"objectID":"1","conditions":[{"pattern":"{facet:brand}","anchoring":"is"}],"consequence":{"hide":[1]}}';
    file('brands.txt', '# brands\nNew Balance\n\nAdidas\n');
    await emend([
      'import',
      '--format',
      'algolia',
      file('a.json', rule),
      '--values',
      'brand=brands.txt',
      '--out',
      'r.json',
    ]);
    expect(JSON.parse(read('r.json')).values).toEqual({ brand: ['New Balance', 'Adidas'] });
  });

  it.each([
    [['import', '--format', 'csv', 'x'], /^USAGE: unknown format "csv"; expected solr, es,/],
    [['import', '--format', 'solr'], /^USAGE: import needs at least one FILE/],
    [['list', '--format', 'solr'], /^USAGE: --format goes with import and export/],
    [['import', '--format', 'solr', 'x', '--in', 'y'], /^USAGE: --in goes with export/],
    [['import', '--format', 'solr', 'x', '--option', 'expand'], /^USAGE: --option takes NAME=VALUE/],
    [['export', '--format', 'solr', '--in', 'y', '--rules', 'z'], /^USAGE: --rules goes with import --publish, and/],
    [['export', '--format', 'solr', '--publish'], /^USAGE: --publish goes with import/],
    [['import', '--format', 'solr', 'x', '--reason', 'y'], /^USAGE: --reason goes with --publish/],
    [['import', '--format', 'solr', 'x', '--rules', 'y'], /^USAGE: --rules goes with import --publish/],
    [['export', '--format', 'solr', '--in', 'y', 'z'], /^USAGE: unexpected argument "z"/],
    [['export', '--format', 'solr', '--in', 'y', '--skip-bad'], /^USAGE: --skip-bad goes with import/],
    [['import', '--format', 'solr', 'none.txt'], /^STORE_NOT_FOUND: .*none\.txt/],
  ])('refuses %j', async (args, message) => {
    expect(await misuse(args)).toMatch(message);
  });

  it.each([
    [['--option', 'expnd=false'], /^USAGE: solr: unknown option "expnd"; expected variant, expand, lenient$/],
    [['--option', 'expand=no'], /^USAGE: solr: expand: expected true or false, found "no"$/],
    [['--option', 'variant=csv'], /^USAGE: solr: variant: expected auto or solr or managed or wordnet, found "csv"$/],
  ])('refuses the options %j', async (options, message) => {
    expect(await misuse(['import', '--format', 'solr', file('s.txt', 'a, b'), ...options])).toMatch(message);
  });

  it('has help that names every format and option', async () => {
    const [code, out] = await emend(['import', '--format', 'solr', '--help']);
    expect(code).toBe(0);
    for (const { name, importOptions } of FORMATS) {
      expect(out).toContain(`  ${name} `);
      for (const option of importOptions) expect(out).toContain(`${option.name}=`);
    }
  });
});

describe('emend rules export --format', () => {
  const RULES =
    '{"rules":[{"id":"a","triggers":[{"kind":"sequence","text":"tv"}],"actions":[{"do":"synonym","to":"telly"},{"do":"filter","query":"x"}]}]}';

  it('writes the file and prints what was lost', async () => {
    const [code, out] = await emend(['export', '--format', 'solr', '--in', file('r.json', RULES), '--out', 's.txt']);
    expect([code, read('s.txt')]).toEqual([0, 'tv => tv, telly\n']);
    expect(out).toContain('a: in part: filter: the format has synonyms alone');
  });

  it('prints the rules where no file is given, and the report beside', async () => {
    const [code, out, err] = await emend(['export', '--format', 'solr', '--in', file('r.json', RULES)]);
    expect([code, out]).toEqual([0, 'tv => tv, telly\n']);
    expect(err).toContain('Rules exported to solr');
    expect(await misuse(['export', '--format', 'solr', '--in', 'r.json', '--json'])).toMatch(
      /^USAGE: --json prints the report/,
    );
  });

  it('names all that is wrong with the rule set', async () => {
    file('r.json', '{"rules":[{"id":"a","triggers":[],"actions":[{"do":"fly"}]},7]}');
    const [code, out, err] = await emend(['export', '--format', 'solr', '--in', 'r.json']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^emend rules: r\.json#\/rules\/0\/actions\/0\/do: expected one of .*\nemend rules: r\.json#\/rules\/1: expected an object, found 7\n$/,
    );
  });

  it('refuses a format that can be read alone', async () => {
    file('r.json', RULES);
    expect(await misuse(['export', '--format', 'es', '--in', 'r.json'])).toBe(
      'USAGE: es can be imported alone; export is to solr, querqy, smui, algolia, typesense, lines',
    );
  });
});

describe('emend rules import --format --publish', () => {
  const LINES = 'tv, telly\na => b\nusa => ???\n';
  const publish = (...more: string[]) =>
    emend(['import', '--format', 'solr', file('s.txt', LINES), '--publish', '--rules', 'here', ...more]);

  it('refuses rules that cannot act by name, and publishes nothing', async () => {
    const [code, out, err] = await publish('--out', 'r.json');
    expect([code, existsSync(join(folder, 'r.json')), existsSync(join(folder, 'here'))]).toEqual([1, false, false]);
    expect(out).toMatch(/whole +3/);
    expect(err).toMatch(
      /rule "usa => \?\?\?": empty-text: .*\n.*nothing was published; correct the rule that cannot act, or/,
    );
  });

  it('puts the others in force in one step, with the report; export then needs no file', async () => {
    const [code, out, err] = await publish('--skip-bad', '--reason', 'from Solr');
    expect([code, err]).toEqual([0, expect.stringContaining('left out: 1 rule that cannot act')]);
    expect(out).toMatch(/whole +3[\s\S]*ruleset: 2 rules published as version 1/);
    expect((await emend(['export', '--format', 'solr', '--rules', 'here']))[1]).toBe('tv, telly\na => b\n');
    expect((await emend(['history', '--rules', 'here']))[1]).toMatch(/rules:publish.*from Solr/);
    expect(JSON.parse((await emend(['export', '--collection', 'ruleset', '--rules', 'here']))[1]).settings).toEqual({
      selection: 'longest',
    });
  });

  it('keeps quantities and protected terms of a tool', async () => {
    const config = '{"numberUnitDefinitions":[{"units":[{"term":"kg"}],"fields":[{"fieldName":"weight"}]}]}';
    const [code] = await emend([
      'import',
      '--format',
      'querqy-number-unit',
      file('n.json', config),
      '--publish',
      '--rules',
      'here',
    ]);
    expect(code).toBe(0);
    const set = JSON.parse((await emend(['export', '--collection', 'ruleset', '--rules', 'here']))[1]);
    expect(set.quantities).toMatchObject([{ units: [{ term: 'kg', multiplier: 1 }] }]);
  });

  it('says where nothing is published', async () => {
    const [code, , err] = await emend(['export', '--format', 'solr', '--rules', 'none']);
    expect([code, err]).toEqual([1, expect.stringMatching(/nothing is published in .*none; "emend rules publish"/)]);
  });
});
