/** Word lists made of the dataset's terms, written once into the workshop. */
import { createReadStream, existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TermFlag } from '../../stores/lexicon/format.ts';
import type { Workshop } from './peer.ts';

/**
 * `all`: every term of the dataset; rare ones are in general word lists alone, and misspellings are among those from the web.
 * `trusted`: those in a dictionary, the documents or a list of names, which are not marked as probable misspellings.
 * `frequent`: the commonest {@link FREQUENT_TERMS} of all.
 */
export type Vocabulary = 'all' | 'trusted' | 'frequent';

const FREQUENT_TERMS = 100_000;

const { dictionary, documents, name, suspect, variant, runOn } = TermFlag;

/** Whether a term is in a vocabulary; `rank` counts from 0 by falling frequency. */
export function isIn(vocabulary: Vocabulary, flags: number, rank: number): boolean {
  if (vocabulary === 'all') return true;
  if (vocabulary === 'frequent') return rank < FREQUENT_TERMS;
  return (flags & (dictionary | documents | name)) !== 0 && (flags & (suspect | variant | runOn)) === 0;
}

/** The path of the list, `term<TAB>count` by falling count. */
export async function vocabularyFile(vocabulary: Vocabulary, { dir, material }: Workshop): Promise<string> {
  const path = join(dir, `terms-${vocabulary}.tsv`);
  if (existsSync(path)) return path;
  const lines: string[] = [];
  let rank = 0;
  for await (const line of createInterface({ input: createReadStream(join(material, 'terms.tsv')) })) {
    const [term, count, flags] = line.split('\t');
    if (isIn(vocabulary, Number(flags), rank++)) lines.push(`${term}\t${count}\n`);
  }
  await writeFile(`${path}.part`, lines.join(''));
  await rename(`${path}.part`, path);
  return path;
}
