import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './program.ts';

const DOCUMENTS = [
  'wireless headphones for running',
  'wireless bluetooth speaker',
  'adidas running shoes',
  'new york city hotels',
  'notebook computer',
];

/** What a manifest says of a file, as far as faults need it. */
export interface ListedFile {
  readonly file: string;
  readonly kind: string;
  readonly bytes: number;
}

/** A folder of the machine in which faults are made, with two small datasets. */
export interface World {
  readonly folder: string;
  /** A whole dataset; block files among its stores. */
  readonly dataset: string;
  /** Another one, of other documents. */
  readonly other: string;
  /** Copies the dataset, to be damaged. */
  copy(): string;
  close(): void;
}

/** Builds it: two datasets of a few words. */
export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'emend-faults-'));
  const dataset = await build(folder, 'dataset', DOCUMENTS);
  const other = await build(folder, 'other', [...DOCUMENTS, 'garden hose', 'garden hoses']);
  let copies = 0;
  return {
    folder,
    dataset,
    other,
    copy() {
      const path = join(folder, `copy${copies++}`);
      cpSync(dataset, path, { recursive: true });
      return path;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function build(folder: string, name: string, lines: readonly string[]): Promise<string> {
  const documents = join(folder, `${name}.txt`);
  writeFileSync(documents, Array.from({ length: 6 }, () => `${lines.join('\n')}\n`).join(''));
  const out = join(folder, name);
  const ending = await runProgram(['build', '--out', out, '--docs', documents, '--engine', 'ngrams=blocks']);
  if (ending?.code !== 0) throw new Error(`building ${out}: ${ending?.err ?? 'no end'}`);
  return out;
}

/** The files that a dataset's manifest lists. */
export function listedFiles(dataset: string): ListedFile[] {
  return (JSON.parse(readFileSync(join(dataset, 'manifest.json'), 'utf8')) as { files: ListedFile[] }).files;
}

/** Has the manifest of a dataset say that a file has this size. */
export function listAs(dataset: string, file: string, bytes: number): void {
  const path = join(dataset, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { files: { file: string; bytes: number }[] };
  for (const listed of manifest.files) if (listed.file === file) listed.bytes = bytes;
  writeFileSync(path, JSON.stringify(manifest));
}

/** A new empty folder of this name. */
export function emptyFolder(world: World, name: string): string {
  const path = join(world.folder, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

/** Whether a build left anything in a folder. */
export function isEmpty(folder: string): boolean {
  return readdirSync(folder).length === 0;
}
