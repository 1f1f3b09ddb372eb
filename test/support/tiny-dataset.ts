import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../builders/commands/build.ts';
import { captureIo } from './command-io.ts';

/** What the owner of the tiny catalogue has: each line often enough to be known. */
const DOCUMENTS = [
  'wireless headphones for running',
  'wireless bluetooth speaker',
  'adidas running shoes',
  'new york hotels',
  'new york city hotels',
  'notebook computer',
  'iphone case',
];

/** Builds a dataset of a few words in `folder/tiny`, in a tenth of a second, and answers its path. */
export async function buildTinyDataset(folder: string, lines: readonly string[] = DOCUMENTS): Promise<string> {
  const documents = join(folder, 'documents.txt');
  const dataset = join(folder, 'tiny');
  mkdirSync(dataset, { recursive: true });
  writeFileSync(documents, `${Array.from({ length: 6 }, () => lines.join('\n')).join('\n')}\n`);
  const io = captureIo({ cwd: folder });
  const code = await run(['--out', dataset, '--docs', documents], io);
  if (code !== 0) throw new Error(`building the tiny dataset: exit code ${code}: ${io.err()}`);
  return dataset;
}
