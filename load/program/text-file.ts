import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The whole text of a file in UTF-8, plain or, by its name, gzipped. */
export function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
