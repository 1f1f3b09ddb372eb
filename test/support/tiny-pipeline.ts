import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RewriteAnswer } from '../../services/rewrite/answer.ts';
import { DEFAULT_OPTIONS, type RewriteOptions } from '../../services/rewrite/options.ts';
import type { Parameters } from '../../services/rewrite/parameters.ts';
import { createRewriter, type Pipeline } from '../../services/rewrite/pipeline.ts';
import type { RuleLookup } from '../../services/rewrite/rewriter.ts';
import type { RuleEngine } from '../../services/rewrite/rule-engine.ts';
import { type BlockedRules, isChangeBlocked } from '../../services/rules/blocked.ts';
import { partsOf } from '../../services/tuned-parameters.ts';
import { type Dataset, openDataset } from '../../stores/dataset/open.ts';
import { buildTinyDataset } from './tiny-dataset.ts';

/** People's decisions written out: protected terms, blocked `from => to`, overrides by query. */
export interface WrittenRules {
  readonly protected?: readonly string[];
  readonly blocked?: readonly (readonly [from: string, to: string])[];
  readonly overrides?: Readonly<Record<string, string>>;
  readonly rude?: readonly string[];
  readonly polite?: readonly string[];
  /** A rule set, opened. */
  readonly engine?: RuleEngine;
}

/** A dataset of a few words, and pipelines over it. */
export interface TinyPipelines {
  readonly dataset: Dataset;
  pipeline(rules?: WrittenRules, parameters?: Parameters): Pipeline;
  close(): void;
}

/** Builds the dataset of some documents in a folder of its own; `close` removes it. */
export async function tinyPipelines(documents?: readonly string[]): Promise<TinyPipelines> {
  const folder = mkdtempSync(join(tmpdir(), 'emend-pipeline-'));
  const dataset = openDataset(await buildTinyDataset(folder, documents));
  return {
    dataset,
    pipeline(rules = {}, parameters) {
      const parts = { ...partsOf(dataset), rules: lookupOf(rules) };
      return createRewriter(parameters === undefined ? parts : { ...parts, parameters });
    },
    close() {
      dataset.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a pipeline over local stores answers: at once. */
export function rewriteNow(pipeline: Pipeline, query: string, options: Partial<RewriteOptions> = {}): RewriteAnswer {
  const answer = pipeline.rewrite(query, { ...DEFAULT_OPTIONS, ...options });
  if (answer instanceof Promise) throw new Error('a pipeline over local stores answers at once');
  return answer;
}

function lookupOf(rules: WrittenRules): RuleLookup {
  const held = new Set(rules.protected);
  const blocked = new Set((rules.blocked ?? []).map(([from, to]) => `${from}\n${to}`));
  const blockedRules: BlockedRules = {
    has: (from, to) => blocked.has(`${from}\n${to}`),
    longest: Math.max(0, ...(rules.blocked ?? []).flat().map((side) => side.split(' ').length)),
    hasAnySource: true,
    hasAnyTarget: true,
  };
  return {
    isProtected: (terms) => held.has(terms),
    longestProtected: Math.max(0, ...[...held].map((terms) => terms.split(' ').length)),
    isBlocked: (from, to) => isChangeBlocked(blockedRules, from, to),
    longestBlocked: blockedRules.longest,
    override: (query) => rules.overrides?.[query],
    rudeWords: { rude: rules.rude ?? [], polite: rules.polite ?? [] },
    engine: rules.engine,
    revision: 'test',
  };
}
