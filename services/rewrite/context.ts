import type { Edit, ProtectedSpan, TraceEntry } from './answer.ts';
import type { TermRow } from './decide/term-row.ts';
import type { Path } from './decode/decoder.ts';
import type { Lattice, Slot } from './decode/lattice.ts';
import type { WriteTerms } from './decode/reading.ts';
import type { RudeTerms } from './language/rude-terms.ts';
import type { RewriteOptions } from './options.ts';
import type { RuleRun } from './rule-engine.ts';

/** One request on its way through the pipeline: each worker reads what those before it wrote and adds its own. */
export interface RewriteContext {
  readonly query: string;
  readonly options: RewriteOptions;
  /** How replacements are written for what was typed. */
  readonly write: WriteTerms;
  readonly rudeTerms: RudeTerms;
  normalized: string;
  slots: Slot[];
  protectedSpans: ProtectedSpan[];
  lattice: Lattice;
  /** The n best readings, cheapest first; empty until they are decoded. */
  paths: Path[];
  /** What a rule makes of the whole query; the workers after `rules` then have nothing to do. */
  override: Edit | undefined;
  /** The rule set at work on this query; undefined without one, or before it was asked. */
  ruleRun: RuleRun | undefined;
  /** The terms that it was begun with. */
  typedRow: TermRow | undefined;
  /** Edits that rules make of what was typed, the override among them; in order. */
  ruleEdits: readonly Edit[];
  /** Work done so far, in candidates verified: what later steps have left of the query's budget (`budget.ts`). */
  work: number;
  readonly reasons: Set<string>;
  readonly trace: TraceEntry[];
}

/** Adds to the trace when the request asked for one. */
export function traced(context: RewriteContext, worker: string, event: string, detail?: TraceEntry['detail']): void {
  if (!context.options.explain) return;
  context.trace.push(detail === undefined ? { worker, event } : { worker, event, detail });
}
