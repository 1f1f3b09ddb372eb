import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../data/package-root.ts';
import { OPTION_NAMES } from '../services/http/options.ts';
import { PROBLEMS } from '../services/http/problems.ts';
import { type Compiled, compiledProgram } from './support/compiled.ts';
import { startService } from './support/http-service.ts';
import { npxPath } from './support/npx.ts';
import { buildTinyDataset } from './support/tiny-dataset.ts';

const ROOT = packageRoot();
const ROOT_DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const FOLDERS = ['services', 'stores', 'builders', 'data', 'docs', 'load', 'test'];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name).slice(ROOT.length + 1),
  ),
);
const DOCUMENTS = [...ROOT_DOCUMENTS, ...FILES.filter((file) => file.endsWith('.md'))];
/** Those that people read who use the program: what they name and show is checked beside their links. */
const MANUAL = FILES.filter((file) => /^docs\/[\w-]+\.md$/.test(file));
const README = read('README.md');
const HTTP = read('docs/http.md');

/** One concept each, with the same sections in the same order. */
const REFERENCE_PAGES = ['commands', 'http', 'configuration', 'rules', 'measuring', 'tuning', 'operating'];
const REFERENCE_SECTIONS = ['Example', 'Reference', 'Limits', 'Errors', 'See also'];

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The fenced blocks of a language, without their fences. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '');
}

/** The text outside of fenced blocks. */
function prose(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}

/** What is set as code in a line of text. */
function codeSpans(text: string): string[] {
  return [...prose(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
}

/** The anchors that a rendered document has. */
function anchors(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(DOCUMENTS)('%s', (document) => {
  it('links to what is there', () => {
    const links = [...prose(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe.each([...ROOT_DOCUMENTS, ...MANUAL])('what %s names', (document) => {
  const text = read(document);

  it('are folders and files of the tree', () => {
    const names = codeSpans(text).filter(
      (name) => FOLDERS.includes(name.split('/')[0] ?? '') || /^\w[\w./-]*\.(ts|md|yaml|json)$/.test(name),
    );
    // Files that only a dataset or its user has, and what the first start makes.
    const elsewhere = [
      'data/build',
      'manifest.json',
      'model.json',
      'report.json',
      'report.md',
      'NAME.json',
      'requests.json',
      'stop-words.set.json',
    ];
    const missing = names.filter(
      (name) =>
        !elsewhere.includes(name) &&
        !existsSync(join(ROOT, name)) &&
        !existsSync(join(ROOT, dirname(document), name)) &&
        !(name === basename(name) && FILES.some((file) => basename(file) === name)),
    );
    expect(missing).toEqual([]);
  });

  it('are scripts of package.json and programs that are compiled', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm (?:run )?([a-z]+)/g)].map((match) => match[1] ?? '');
    // Two are npm's own.
    expect(named.filter((name) => !['ci', 'sbom'].includes(name) && !(name in scripts))).toEqual([]);
    const programs = [...text.matchAll(/node dist\/([\w/-]+)\.js/g)].map((match) => `${match[1]}.ts`);
    expect(programs.filter((path) => !FILES.includes(path))).toEqual([]);
  });
});

describe('README.md', () => {
  it('is read in a few minutes', () => {
    expect(README.split(/\s+/).length).toBeLessThan(900);
  });
});

describe('docs', () => {
  it('are all in the list of pages', () => {
    const listed = [...read('docs/README.md').matchAll(/^\| \[[^\]]+\]\((\S+)\)/gm)].map(([, page]) => `docs/${page}`);
    expect(listed.sort()).toEqual(MANUAL.filter((page) => page !== 'docs/README.md').sort());
  });

  it.each(REFERENCE_PAGES)('%s.md has the sections of a reference page, in their order', (page) => {
    const sections = [...prose(read(`docs/${page}.md`)).matchAll(/^## (.*)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(REFERENCE_SECTIONS);
  });

  it('name every FORMAT.md in formats.md', () => {
    const formats = FILES.filter((file) => file.endsWith('FORMAT.md'));
    expect(formats.filter((file) => !read('docs/formats.md').includes(`](../${file})`))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  const rows = [
    ...read('docs/errors.md').matchAll(/^\| `([A-Za-z_-]+)` +\| +(\S+) +\| +(\d+) \| (.*?) +\| (.*?) +\|$/gm),
  ].map(([, code = '', where = '', exit, message = '', remedy = '']) => ({
    code,
    where: where.replaceAll('`', ''),
    exit: Number(exit),
    message,
    remedy,
  }));

  it('has every code of every class of error once, with its exit code', () => {
    const sources = FILES.filter((file) => /^(services|stores|builders)\//.test(file) && file.endsWith('.ts'));
    const declared = sources.flatMap((file) =>
      [...read(file).matchAll(/export type (\w+Error)Code =([\s\S]*?);/g)].flatMap(([, name = '', union = '']) =>
        [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => `${name} ${code}`),
      ),
    );
    expect(declared.length).toBeGreaterThan(20);
    const ofClasses = rows.filter(({ where }) => where !== 'HTTP');
    expect(ofClasses.map(({ where, code }) => `${where} ${code}`).sort()).toEqual(
      [...declared, 'UsageError USAGE'].sort(),
    );
    for (const { where, code, exit } of ofClasses) {
      expect({ code, exit }).toEqual({ code, exit: ['UsageError', 'ConfigError'].includes(where) ? 2 : 1 });
    }
  });

  it('has every problem that the service answers, with its status and title', () => {
    const answered = Object.entries(PROBLEMS).map(([code, { status, title }]) => `${code} ${status} ${title}`);
    const ofHttp = rows.filter(({ where }) => where === 'HTTP');
    expect(ofHttp.map(({ code, exit, message }) => `${code} ${exit} ${message}`).sort()).toEqual(answered.sort());
  });

  it('says what to do about each', () => {
    expect(rows.filter(({ remedy }) => remedy.length < 7)).toEqual([]);
  });
});

describe('what the documents show', () => {
  let program: Compiled;
  let folder: string;
  let tiny: string;
  let env: Record<string, string>;
  const run = promisify(execFile);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-documents-'));
    [program, tiny] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
    // `npx emend` as it is in the root of the project, wherever the test runs.
    env = { PATH: npxPath(folder, program.emend) };
  }, 120_000);
  afterAll(() => {
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function emend(...args: string[]): Promise<string> {
    return (await run(process.execPath, [program.emend, ...args], { cwd: folder, env })).stdout;
  }

  it('lists the commands of `emend --help` with what they do', async () => {
    const help = (await emend('--help')).match(/^ {2}(\w+) {2,}(\w.*)$/gm) ?? [];
    const commands = help
      .map((line) => line.trim().split(/ {2,}/))
      .filter(([name = '']) => !name.startsWith('emend'))
      .map(([name, summary]) => `| \`emend ${name}\` | ${summary} |`);
    expect(commands.length).toBeGreaterThan(5);
    const rows = read('docs/commands.md').match(/^\| `emend \w+` +\| .* \|$/gm) ?? [];
    expect(rows.map((row) => row.replace(/ +\|/g, ' |'))).toEqual(commands);
  });

  it('names only commands and flags that there are', async () => {
    const code = [...ROOT_DOCUMENTS, ...MANUAL].flatMap((document) => {
      const text = read(document);
      return [...blocks(text, 'sh'), ...blocks(text, 'console')]
        .flatMap((block) => block.split('\n'))
        .concat(codeSpans(text));
    });
    const names = [...new Set(code.flatMap((line) => /\bemend ([a-z]+)/.exec(line)?.[1] ?? []))];
    const helps = new Map<string, string>();
    for (const name of names) helps.set(name, await emend(name, '--help'));
    const load = await run(process.execPath, [join(dirname(program.emend), '..', 'load', 'run.js'), '--help']);
    const all = [...helps.values(), load.stdout].join('\n');
    const unknown = code.flatMap((line) => {
      // The flags of npm are its own.
      if (/^\s*npm /.test(line)) return [];
      const name = /\bemend ([a-z]+)/.exec(line)?.[1];
      const help = name === undefined ? all : (helps.get(name) ?? '');
      return (line.match(/(?<=^|\s)--[a-z][a-z-]*/g) ?? []).filter(
        (flag) => flag !== '--help' && !new RegExp(`${flag}\\b`).test(help),
      );
    });
    expect(unknown).toEqual([]);
  });

  it.each(MANUAL.filter((document) => blocks(read(document), 'console').length > 0))(
    'runs, and prints what %s says',
    async (document) => {
      const cwd = mkdtempSync(join(folder, 'examples-'));
      const examples = blocks(read(document), 'console').join('').split(/^\$ /m).slice(1);
      for (const example of examples) {
        const [command = '', ...expected] = example.trimEnd().split('\n');
        const { stdout } = await run('sh', ['-c', command], { cwd, env });
        const printed = stdout.split('\n').map((line) => line.trimEnd());
        const pattern = expected.map((line) => line.trimEnd().split('...').map(escaped).join('[^]*')).join('\n');
        expect({ command, printed: printed.join('\n').trimEnd() }).toEqual({
          command,
          printed: expect.stringMatching(new RegExp(`^${pattern}$`)),
        });
      }
    },
  );

  it.each(['README.md', 'docs/http.md'])('is a request that the service takes: %s', async (document) => {
    const service = await startService();
    try {
      const text = read(document);
      const paths = [...text.matchAll(/\/rewrite\?[^\s'`]+/g)]
        .map(([path]) => path)
        .filter((path) => !path.endsWith('...'));
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) {
        const response = await fetch(`${service.url}${path}`);
        expect({ path, status: response.status }).toEqual({ path, status: 200 });
      }
      for (const path of text.match(/(?<=`)\/[a-z]+(\.json)?(?=`)/g) ?? []) {
        const response = await fetch(`${service.url}${path === '/rewrite' ? '/rewrite?q=' : path}`);
        expect({ path, status: response.status }).toEqual({ path, status: 200 });
      }
    } finally {
      await service.close();
    }
  });

  it('is an answer of the shape that the service gives, and its edits make what it says', async () => {
    const shown = JSON.parse(blocks(HTTP, 'json5')[0] ?? '') as Answer;
    const printed = await emend('rewrite', '--dataset', tiny, '--alternatives', '0', shown.query);
    const given = JSON.parse(printed) as Answer;
    expect(given.edits).toHaveLength(3);
    expect(shapeOf({ ...shown, suggestion: '' })).toEqual(shapeOf({ ...given, suggestion: '' }));
    expect(shown.rewritten).toBe('wireless headphones for running');
    let rewritten = shown.query;
    for (const { offset, length, from, to, rewrittenOffset, rewrittenLength } of shown.edits.toReversed()) {
      expect(shown.query.slice(offset, offset + length)).toBe(from);
      expect(shown.rewritten.slice(rewrittenOffset, rewrittenOffset + rewrittenLength)).toBe(to);
      rewritten = rewritten.slice(0, offset) + to + rewritten.slice(offset + length);
    }
    expect(rewritten).toBe(shown.rewritten);
    expect(shown.confidence + shown.otherMass).toBeLessThanOrEqual(1.0001);
  });

  it('is a description of every member of an answer', async () => {
    const given = JSON.parse(await emend('rewrite', '--dataset', tiny, 'wireles hedphones')) as Answer;
    const described = new Set(
      HTTP.split('\n').flatMap((line) => (line.startsWith('| `') ? codeSpans(line.split(' | ')[0] ?? '') : [])),
    );
    const { evidence } = given.edits[0] ?? { evidence: {} };
    expect([...Object.keys(given), ...Object.keys(evidence)].filter((name) => !described.has(name))).toEqual([]);
    expect(OPTION_NAMES.filter((name) => !described.has(name))).toEqual([]);
  });
});

interface Answer {
  readonly query: string;
  readonly rewritten: string;
  readonly confidence: number;
  readonly otherMass: number;
  readonly suggestion: string | null;
  readonly edits: readonly {
    readonly offset: number;
    readonly length: number;
    readonly from: string;
    readonly to: string;
    readonly evidence: Readonly<Record<string, unknown>>;
    readonly rewrittenOffset: number;
    readonly rewrittenLength: number;
  }[];
}

/** A value with each text, number and truth value replaced by the name of its type. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

describe('the package', () => {
  it('holds what an installed program reads, and neither tests nor built datasets', () => {
    const out = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const [packed] = JSON.parse(out) as [{ files: { path: string }[] }];
    const paths = packed.files.map(({ path }) => path);
    const needed = [
      'data/languages/en/dataset.json',
      'data/languages/en/language.json',
      'data/languages/en/model.json',
      'data/README.md',
      ...FILES.filter((file) => /^data\/(?!build)\w+\//.test(file) && statSync(join(ROOT, file)).isFile()),
      'services/http/openapi.yaml',
      ...FILES.filter((file) => file.startsWith('services/http/playground/')),
      ...FILES.filter((file) => file.startsWith('services/audit/page/')),
      'README.md',
      ...FILES.filter((file) => /^docs\/.*\.(md|svg|png)$/.test(file)),
      'LICENSE',
    ];
    expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
    expect(paths.filter((path) => /^(test|load|dist\/test|dist\/load|data\/build)\//.test(path))).toEqual([]);
  });
});
