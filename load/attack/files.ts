/** Attacks on files: bytes changed in a dataset, builds and imports killed at any moment. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { compiled } from '../../data/package-root.ts';
import type { Random } from '../../services/figures/random.ts';
import type { FlipResult } from './flips-process.ts';

/** What came of killed builds and imports. */
export interface KillResult {
  builds: number;
  imports: number;
  /** What was left half made. */
  readonly broken: string[];
}

const LINES = [
  'wireless headphones for running',
  'wireless bluetooth speaker',
  'adidas running shoes',
  'new york city hotels',
  'notebook computer',
  'iphone case',
];

/** Enough of a rules file for its import to be met at work. */
const RULES = 20_000;

/** A folder for the attack's own files, with a small dataset in it. */
export class Workshop {
  readonly folder: string;
  readonly dataset: string;
  readonly documents: string;
  readonly #emend: string;

  constructor(emend: string) {
    this.#emend = emend;
    this.folder = mkdtempSync(join(tmpdir(), 'emend-attack-'));
    this.dataset = join(this.folder, 'dataset');
    this.documents = join(this.folder, 'documents.txt');
    writeFileSync(this.documents, `${Array.from({ length: 6 }, () => LINES.join('\n')).join('\n')}\n`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Builds the small dataset. */
  async build(): Promise<void> {
    await this.#run('build', '--docs', this.documents, '--out', this.dataset);
  }

  /** @returns what came of it; a process that ended otherwise is thrown */
  async flip(seconds: number, seed: number): Promise<FlipResult> {
    const tree = dirname(dirname(this.#emend));
    const args = [compiled('load/attack/flips-process.js'), tree, this.dataset, String(seconds), String(seed)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout) as FlipResult;
  }

  async kill(seconds: number, random: Random): Promise<KillResult> {
    const result: KillResult = { builds: 0, imports: 0, broken: [] };
    const rules = join(this.folder, 'rules');
    const [first, second] = ['first', 'second'].map((name) => {
      const path = join(this.folder, `${name}.txt`);
      writeFileSync(path, `${Array.from({ length: RULES }, (_, i) => `${name}${i}`).join('\n')}\n`);
      return path;
    }) as [string, string];
    await this.#import(rules, first);
    const whole = [await this.#exported(rules)];
    await this.#import(rules, second);
    whole.push(await this.#exported(rules));
    const untilMs = performance.now() + 1000 * seconds;
    while (performance.now() < untilMs) {
      await this.#killBuild(random, result);
      await this.#killed(
        random,
        'rules',
        'import',
        '--collection',
        'protected',
        '--rules',
        rules,
        random() < 0.5 ? first : second,
      );
      result.imports++;
      const now = await this.#exported(rules).catch((error: Error) => error.message);
      if (!whole.includes(now)) result.broken.push(`an import left ${now.length} bytes of rules: ${now.slice(0, 80)}`);
    }
    return result;
  }

  async #killBuild(random: Random, result: KillResult): Promise<void> {
    const out = join(this.folder, 'killed');
    await this.#killed(random, 'build', '--docs', this.documents, '--out', out);
    result.builds++;
    if (existsSync(join(out, 'manifest.json'))) {
      await this.#run('dataset', 'verify', out).catch(() => result.broken.push('a build left a damaged dataset'));
      rmSync(out, { recursive: true });
    } else if (existsSync(out) && readdirSync(out).some((name) => !name.startsWith('.'))) {
      result.broken.push(`a build left ${readdirSync(out).join(', ')}`);
    }
    // What it left must not be in the way of the next.
    await this.#run('build', '--docs', this.documents, '--out', out).catch((error: Error) =>
      result.broken.push(error.message),
    );
    rmSync(out, { recursive: true, force: true });
  }

  async #killed(random: Random, ...args: string[]): Promise<void> {
    const child = spawn(process.execPath, [this.#emend, ...args], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await Promise.race([ended, wait(random() * 1_200)]);
    child.kill('SIGKILL');
    await ended;
  }

  async #import(rules: string, file: string): Promise<void> {
    await this.#run('rules', 'import', '--collection', 'protected', '--rules', rules, file);
  }

  #exported(rules: string): Promise<string> {
    return this.#run('rules', 'export', '--collection', 'protected', '--rules', rules);
  }

  async #run(...args: string[]): Promise<string> {
    const options = { maxBuffer: 2 ** 27 };
    return (await promisify(execFile)(process.execPath, [this.#emend, ...args], options)).stdout;
  }
}
