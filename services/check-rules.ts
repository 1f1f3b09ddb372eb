/** Runs edits of the rules and the rules in force over a query log: opens a dataset with a rewriter by each. */
import { resolve } from 'node:path';
import type { CommandIo } from './command.ts';
import type { CountedQuery } from './compare/compare.ts';
import { type RuleReport, ruleReport } from './compare/rule-report.ts';
import type { Config } from './config.ts';
import { openRewriter } from './open-rewriter.ts';
import type { RewriteOptions } from './rewrite/options.ts';
import { createRewriter, type Pipeline, type RewriterParts } from './rewrite/pipeline.ts';
import type { RuleLookup } from './rewrite/rewriter.ts';
import { compileRuleSet } from './rules/compile/compile.ts';
import { openEngine } from './rules/engine/engine.ts';
import type { RuleSet } from './rules/model/rule.ts';

/** What is checked. */
export interface RulesToCheck {
  readonly live: RuleSet;
  readonly draft: RuleSet;
  readonly queries: readonly CountedQuery[];
  readonly options: RewriteOptions;
  readonly nowMs: number;
}

/**
 * Makes the report of a draft. Lists (protected, blocked and so on) are as they are in the folder of the configuration.
 *
 * @param dataset absolute path of a dataset version; undefined: the rules alone are looked at
 * @throws {StoreError} as `openRewriter`
 */
export async function checkRules(
  dataset: string | undefined,
  config: Config,
  io: CommandIo,
  { live, draft, queries, options, nowMs }: RulesToCheck,
  onQuery?: () => void,
): Promise<RuleReport> {
  if (dataset === undefined) {
    return await ruleReport({ live, draft, rewriters: null }, [], options, nowMs);
  }
  let other: Pipeline | undefined;
  const opened = await openRewriter(resolve(io.cwd, dataset), config, io, (parts: RewriterParts) => {
    other = createRewriter({ ...parts, rules: withRuleSet(parts.rules, draft) });
    return { ...parts, rules: withRuleSet(parts.rules, live) };
  });
  try {
    if (other === undefined) throw new Error('the rewriter was made without its parts');
    return await ruleReport(
      { live, draft, rewriters: { live: opened.rewriter, draft: other } },
      queries,
      options,
      nowMs,
      onQuery,
    );
  } finally {
    await opened.close();
  }
}

/** The rules of a folder with another rule set. */
export function withRuleSet(rules: RuleLookup | undefined, set: RuleSet): RuleLookup {
  const engine = openEngine(compileRuleSet(set), 'the rules to check');
  return {
    isProtected: (terms) => rules?.isProtected(terms) ?? false,
    get longestProtected() {
      return rules?.longestProtected ?? 0;
    },
    isBlocked: (from, to) => rules?.isBlocked(from, to) ?? false,
    get longestBlocked() {
      return rules?.longestBlocked ?? 0;
    },
    override: (query) => rules?.override(query),
    get rudeWords() {
      return rules?.rudeWords;
    },
    engine,
    revision: 'checked',
  };
}
