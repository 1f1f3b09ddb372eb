import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../data/package-root.ts';
import { type Compiled, compiledProgram } from './support/compiled.ts';
import { npxPath } from './support/npx.ts';

const ROOT = packageRoot();
const BLOCKS = [...readFileSync(join(ROOT, 'docs', 'library.md'), 'utf8').matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', text = '']) => ({ language, text }),
);

/** The examples in their order, each with what the block after it says that it prints. */
const EXAMPLES = BLOCKS.flatMap(({ language, text }, i) => {
  if (language === 'text') return [];
  const after = BLOCKS[i + 1];
  return [
    { language, text, printed: after?.language === 'text' ? after.text : undefined, name: text.split('\n', 1)[0] },
  ];
});

describe('docs/library.md', () => {
  const run = promisify(execFile);
  let program: Compiled;
  let folder: string;
  let env: Record<string, string>;

  // A project in which `emend` is installed, and `npx emend` is the program as it was compiled.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-library-'));
    program = await compiledProgram();
    const installed = join(folder, 'node_modules', 'emend');
    mkdirSync(installed, { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
    symlinkSync(join(dirname(program.emend), '..'), join(installed, 'dist'));
    env = { PATH: npxPath(folder, program.emend) };
  }, 120_000);
  afterAll(() => {
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has examples that are run', () => {
    expect(
      EXAMPLES.filter(({ language, printed }) => language === 'js' && printed !== undefined).length,
    ).toBeGreaterThan(4);
    expect(EXAMPLES.filter(({ language }) => language !== 'js' && language !== 'sh')).toEqual([]);
  });

  it.each(EXAMPLES)('runs: $name', async ({ language, text, printed }) => {
    const file = join(folder, language === 'js' ? 'example.mjs' : 'example.sh');
    writeFileSync(file, text);
    const { stdout } = await run(language === 'js' ? process.execPath : 'sh', [file], { cwd: folder, env });
    if (printed !== undefined) expect(stdout).toBe(printed);
  });
});
