import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../data/package-root.ts';
import { type Compiled, compiledProgram } from './support/compiled.ts';
import { startService } from './support/http-service.ts';
import { buildTinyDataset } from './support/tiny-dataset.ts';

const ROOT = packageRoot();
const ROOT_DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const FOLDERS = ['services', 'stores', 'builders', 'data', 'load', 'test'];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name).slice(ROOT.length + 1),
  ),
);
const DOCUMENTS = [...ROOT_DOCUMENTS, ...FILES.filter((file) => file.endsWith('.md'))];
const README = read('README.md');

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

describe.each(ROOT_DOCUMENTS)('what %s names', (document) => {
  const text = read(document);

  it('are folders and files of the tree', () => {
    const names = codeSpans(text).filter(
      (name) => FOLDERS.includes(name.split('/')[0] ?? '') || /^\w[\w./-]*\.(ts|md|yaml|json)$/.test(name),
    );
    // Files that only a dataset or its user has.
    const elsewhere = ['manifest.json', 'model.json'];
    const missing = names.filter(
      (name) =>
        !elsewhere.includes(name) &&
        !existsSync(join(ROOT, name)) &&
        !(name === basename(name) && FILES.some((file) => basename(file) === name)),
    );
    expect(missing).toEqual([]);
  });

  it('are scripts of package.json and programs that are compiled', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm (?:run )?([a-z]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
    const programs = [...text.matchAll(/node dist\/([\w/-]+)\.js/g)].map((match) => `${match[1]}.ts`);
    expect(programs.filter((path) => !FILES.includes(path))).toEqual([]);
  });
});

describe('README.md', () => {
  it('lists every error code of every class', () => {
    const sources = FILES.filter((file) => /(errors|config)\.ts$/.test(file) && !/^(test|load)/.test(file));
    const declared = sources.flatMap((file) => {
      const unions = [...read(file).matchAll(/export type \w+ErrorCode =([\s\S]*?);/g)];
      return unions.flatMap((union) => [...(union[1] ?? '').matchAll(/'([A-Z_]+)'/g)].map((match) => match[1] ?? ''));
    });
    const listed = [...README.matchAll(/^\| `\w+Error` +\| `([A-Z_]+)` +\|/gm)].map((match) => match[1] ?? '');
    expect(declared.length).toBeGreaterThan(20);
    expect(listed.sort()).toEqual([...declared, 'USAGE'].sort());
  });
});

describe('what README.md shows', () => {
  let program: Compiled;
  let folder: string;
  let tiny: string;
  let env: Record<string, string>;
  const run = promisify(execFile);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-documents-'));
    [program, tiny] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
    // `npx emend` as it is in the root of the project, wherever the test runs.
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${program.emend}" "$@"\n`);
    chmodSync(join(bin, 'npx'), 0o755);
    env = { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
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
    const rows = README.match(/^\| `emend \w+` +\| .* \|$/gm) ?? [];
    expect(rows.map((row) => row.replace(/ +\|/g, ' |'))).toEqual(commands);
  });

  it('names only commands and flags that there are', async () => {
    const code = ROOT_DOCUMENTS.flatMap((document) => {
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
      const name = /\bemend ([a-z]+)/.exec(line)?.[1];
      const help = name === undefined ? all : (helps.get(name) ?? '');
      return (line.match(/(?<=^|\s)--[a-z][a-z-]*/g) ?? []).filter((flag) => !new RegExp(`${flag}\\b`).test(help));
    });
    expect(unknown).toEqual([]);
  });

  it('runs, and prints what it says', async () => {
    const examples = blocks(README, 'console').join('').split(/^\$ /m).slice(1);
    expect(examples.length).toBeGreaterThan(10);
    for (const example of examples) {
      const [command = '', ...expected] = example.trimEnd().split('\n');
      const { stdout } = await run('sh', ['-c', command], { cwd: folder, env });
      const printed = stdout.split('\n').map((line) => line.trimEnd());
      const pattern = expected.map((line) => line.trimEnd().split('...').map(escaped).join('[^]*')).join('\n');
      expect({ command, printed: printed.join('\n').trimEnd() }).toEqual({
        command,
        printed: expect.stringMatching(new RegExp(`^${pattern}$`)),
      });
    }
  });

  it('is a request that the service takes', async () => {
    const service = await startService();
    try {
      const paths = [...README.matchAll(/\/rewrite\?[^\s'`]+/g)].map(([path]) => path);
      expect(paths.length).toBeGreaterThan(1);
      for (const path of paths) {
        const response = await fetch(`${service.url}${path}`);
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ query: 'wireles hedphones for runing' });
      }
      for (const path of README.match(/(?<=`)\/[a-z]+(\.json)?(?=`)/g) ?? []) {
        const response = await fetch(`${service.url}${path === '/rewrite' ? '/rewrite?q=' : path}`);
        expect({ path, status: response.status }).toEqual({ path, status: 200 });
      }
    } finally {
      await service.close();
    }
  });

  it('is an answer of the shape that the service gives, and its edits make what it says', async () => {
    const shown = JSON.parse(blocks(README, 'json5')[0] ?? '') as Answer;
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
      'README.md',
      'LICENSE',
    ];
    expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
    expect(paths.filter((path) => /^(test|load|dist\/test|dist\/load|data\/build)\//.test(path))).toEqual([]);
  });
});
