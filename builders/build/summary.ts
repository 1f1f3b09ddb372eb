import type { Manifest } from '../../stores/dataset/manifest.ts';
import type { BuildReport } from './build-dataset.ts';
import { formatBytes } from './progress-line.ts';

/** The end of a build for people: what went in, what came out, where it lies. */
export function summaryTable(report: BuildReport, seconds: number): string {
  const bytes = report.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return `${manifestTables(report.manifest)}\n${withheldText(report.manifest)}${report.dir}\n${report.manifest.id}\n${formatBytes(bytes)} in ${seconds.toFixed(1)} s\n`;
}

/** A sentence on what was left out of query logs; empty if nothing was to be left out. */
export function withheldText({ parameters }: Manifest): string {
  const { minSessions, sessions, rareWords, rarePairs, rareTriples } = parameters;
  if (minSessions === undefined) return '';
  const where = sessions ? `in fewer than ${minSessions} sessions` : `fewer than ${minSessions} times`;
  const without = sessions ? '' : ' (the log names no sessions)';
  const [words, pairs, triples] = [rareWords, rarePairs, rareTriples].map((count) => formatCount(Number(count)));
  return `left out of the query logs: ${words} words, ${pairs} pairs and ${triples} triples typed ${where}${without} and in no other input\n\n`;
}

/** A manifest's inputs and files as two tables. */
export function manifestTables(manifest: Manifest): string {
  const inputs = manifest.inputs.map((input) => [
    input.name,
    input.role,
    input.wordClass,
    String(input.weight),
    formatBytes(input.bytes),
    ...[input.records, input.skipped, input.tokens, ...input.ngrams].map(formatCount),
  ]);
  const files = manifest.files.map((file) => [
    file.name,
    file.kind,
    formatCount(file.entries),
    formatBytes(file.bytes),
    file.entries === 0 ? '' : (file.bytes / file.entries).toFixed(1),
  ]);
  return [
    table(
      ['input', 'role', 'class', 'weight', 'size', 'records', 'left out', 'terms', 'words', 'pairs', 'triples'],
      inputs,
      3,
    ),
    table(['store', 'kind', 'entries', 'size', 'bytes/entry'], files, 2),
  ].join('\n');
}

/** Columns of text, those from `firstNumber` on to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[], firstNumber: number): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, i) => (i < firstNumber ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
