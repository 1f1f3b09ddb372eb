import cluster from 'node:cluster';
import { resolve } from 'node:path';
import { openDataset } from '../stores/dataset/open.ts';
import { watchFiles } from '../stores/dataset/watch-files.ts';
import type { CommandIo } from './command.ts';
import type { Config } from './config.ts';
import type { OpenedRewriter } from './main.ts';
import type { RewriterParts } from './rewrite/pipeline.ts';
import { openRules } from './rules/live-rules.ts';
import { Tending } from './rules/tending.ts';
import { partsOf } from './tuned-parameters.ts';
import { createLivePipeline } from './vocabulary/live-pipeline.ts';

/**
 * Opens a dataset version and the live rules, and makes the rewriter of them.
 *
 * @param dataset absolute path of the dataset version's folder
 * @param change what to change of the parts before the rewriter is made of them
 * @param files files of the dataset that were read already
 * @param io where problems with the rules are reported: the rewriter keeps those it had. The first of several processes
 *   also reports what the dataset lacks and the program's defaults replace
 * @throws {StoreError} when a file is missing, damaged or of a version that this program does not read
 * @throws {RuleError} when the rules were written with another version of the text module
 */
export async function openRewriter(
  dataset: string,
  config: Config,
  io: CommandIo,
  change: (parts: RewriterParts) => RewriterParts = (parts) => parts,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<OpenedRewriter> {
  const speaks = cluster.isPrimary || cluster.worker?.id === 1;
  const opened = openDataset(dataset, {
    cacheBytes: config.cacheBytes,
    io: config.io,
    files,
    onWarning: (message) => void (speaks && io.stderr.write(`emend: ${message}\n`)),
  });
  try {
    const rules = openRules(resolve(io.cwd, config.rulesDir), {
      onProblem: (problem) => io.stderr.write(`emend: rules: ${problem.message}\n`),
    });
    const tending = new Tending(rules, (line) => void (speaks && io.stderr.write(`emend: rules: ${line}\n`)));
    const { cache } = opened;
    const rewriter = createLivePipeline(
      change({
        ...partsOf(opened),
        rules,
        waitsForReads: config.io === 'async',
      }),
      rules,
    );
    return {
      rewriter,
      stepMs: () => rewriter.stepMs(),
      wordCosts: (query, asked) => rewriter.wordCosts(query, asked),
      explore: (query, asked) => rewriter.explore(query, asked),
      cacheCounts: () => ({
        ...cache.counters,
        ...opened.blockCounters(),
        bytes: cache.usedBytes,
        capacityBytes: cache.capacityBytes,
        pinnedBytes: cache.pinnedBytes,
      }),
      liveFigures: () => rules.figures(),
      shortages: () => tending.shortages,
      damage: watchFiles(dataset),
      close() {
        tending.close();
        rules.close();
        opened.close();
      },
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}
