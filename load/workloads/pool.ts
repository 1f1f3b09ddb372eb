import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../data/package-root.ts';
import { readText } from '../program/text-file.ts';

/** What workloads are drawn from. */
export interface Pool {
  /** Real queries, mostly right. */
  readonly queries: readonly string[];
  /** Words of a large dictionary, most of them rare. */
  readonly words: readonly string[];
  /** Where the queries came from, for the report. */
  readonly source: string;
}

/**
 * Reads the queries that come with the project (WANDS, MIT; Chorus, Apache-2.0), or those of a larger corpus, or the
 * user's own; and the SCOWL word list.
 *
 * @param options `queriesFile`: a query a line, optionally with tab-separated columns after it; `corpus`: a folder whose
 *   `queries/*.txt[.gz]` are taken
 */
export function readPool(options: { readonly queriesFile?: string; readonly corpus?: string }): Pool {
  const data = join(packageRoot(), 'data');
  const files = queryFiles(options, data);
  const queries = [...new Set(files.flatMap(readLines))];
  if (queries.length === 0) throw new Error(`${files.join(', ')}: expected queries, a line each, found none`);
  const words = readLines(join(data, 'languages', 'en', 'words', 'scowl_american_huge.txt.gz')).filter((word) =>
    /^[a-z]{2,}$/.test(word),
  );
  return { queries, words, source: files.map((file) => file.replace(`${packageRoot()}/`, '')).join(', ') };
}

function queryFiles(options: { readonly queriesFile?: string; readonly corpus?: string }, data: string): string[] {
  if (options.queriesFile !== undefined) return [options.queriesFile];
  const folder = join(options.corpus ?? data, 'queries');
  if (!existsSync(folder)) throw new Error(`${folder}: expected a folder of query files, found none`);
  return readdirSync(folder)
    .filter((name) => /\.txt(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function readLines(path: string): string[] {
  return readText(path)
    .split('\n')
    .map((line) => line.split('\t')[0]?.trim() ?? '')
    .filter((line) => line !== '' && line.length <= 1000);
}
