/** The public face of the running side: what `import ... from 'emend'` has. docs/library.md is its manual. */

export { type Dataset, type OpenDatasetOptions, openDataset } from '../stores/dataset/open.ts';
export { StoreError, type StoreErrorCode } from '../stores/errors.ts';
export type { RudeWords } from '../stores/profile/rude-words.ts';
export { ConfigError, type ConfigErrorCode } from './config.ts';
export type { CacheCounts } from './http/figures.ts';
export type { Logger } from './http/logger.ts';
export {
  type AppOptions,
  type AppSettings,
  createApp,
  createRewriter,
  type DatasetRewriter,
  type RewriterOptions,
} from './library.ts';
export type {
  Alternative,
  Decision,
  Decoration,
  DocumentsAction,
  Edit,
  EditKind,
  Expansion,
  ParametersAction,
  Phrase,
  ProtectedSpan,
  Quantity,
  QueryBoost,
  QueryFilter,
  RangeBoost,
  RangeFilter,
  Redirect,
  RewriteAnswer,
  RuleBoost,
  RuleFilter,
  RuleMatch,
  RuleOutcome,
  Span,
  TraceEntry,
} from './rewrite/answer.ts';
export {
  ALL_RULES,
  DEFAULT_OPTIONS,
  type RequestContext,
  type RewriteOptions,
  RUDE_SETTINGS,
  type RudeSetting,
  type RuleChoice,
  WORKER_NAMES,
  type WorkerName,
} from './rewrite/options.ts';
export type { Rewriter, RuleLookup } from './rewrite/rewriter.ts';
export type {
  FiredAction,
  FiredRule,
  LostRule,
  LostWhy,
  NumberRange,
  ProtectedTerms,
  QuantityEffect,
  QuantityRules,
  RuleEngine,
  RuleRun,
} from './rewrite/rule-engine.ts';
export { type LineProblem, RuleError, type RuleErrorCode } from './rules/errors.ts';
