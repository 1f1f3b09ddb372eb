/** What an audit says: the shapes that the page shows and `--json` prints. */
import type { Share } from '../figures/shares.ts';
import type { Decision, Edit } from '../rewrite/answer.ts';

/** What the page says of an edit. */
export type ShownEdit = Pick<
  Edit,
  'from' | 'to' | 'kind' | 'confidence' | 'evidence' | 'offset' | 'length' | 'rewrittenOffset' | 'rewrittenLength'
>;

/** A changed query as the page shows it. */
export interface AuditRow {
  readonly query: string;
  readonly rewritten: string;
  readonly decision: Decision;
  readonly confidence: number;
  /** Searches; those known to have found nothing and something. */
  readonly count: number;
  readonly zero: number;
  readonly good: number;
  /** Whether the log itself has the new text with results. */
  readonly isConfirmed: boolean;
  readonly edits: readonly ShownEdit[];
}

/** Queries, each once, and the searches for them. */
export interface Weighed {
  readonly queries: number;
  readonly searches: number;
}

/** What is done on one level. */
export interface AuditLevel {
  readonly changed: Weighed;
  /** Queries that find nothing, of those known to: changed, and changed into a text that the log has with results. */
  readonly zeroChanged: Share;
  readonly zeroConfirmed: Share;
  readonly zeroSearches: number;
  /** Queries that find something, of those known to: changed. */
  readonly goodChanged: Share;
  readonly goodSearches: number;
  /** The most frequent. */
  readonly rows: readonly AuditRow[];
}

/** What would be changed without asking if it had to be more likely than `above`. */
export interface Threshold extends Weighed {
  readonly above: number;
  /** Searches among them known to have found nothing and something. */
  readonly zeroSearches: number;
  readonly goodSearches: number;
}

/** A word and how the dataset came by it. */
export interface AuditWord {
  readonly word: string;
  readonly why: 'documents' | 'queries' | 'both' | 'suspect' | 'run-on';
}

/** Words of the owner's own: learned, and taken for mistakes. */
export interface AuditVocabulary {
  readonly terms: number;
  readonly learned: { readonly total: number; readonly words: readonly AuditWord[] };
  readonly doubted: { readonly total: number; readonly words: readonly AuditWord[] };
}

/** The whole. */
export interface AuditReport {
  readonly dataset: string;
  /** The moment of the audit, ISO 8601. */
  readonly made: string;
  readonly settings: { readonly errorRate: number; readonly costOfBreaking: number; readonly autoAbove: number };
  readonly log: {
    readonly rows: number;
    readonly queries: number;
    readonly searches: number;
    /** What was rewritten: the most frequent. */
    readonly looked: Weighed;
    /** Searches whose hits are known: none, and some. */
    readonly zeroSearches: number;
    readonly goodSearches: number;
  };
  readonly auto: AuditLevel;
  readonly suggest: AuditLevel;
  readonly thresholds: readonly Threshold[];
  readonly vocabulary: AuditVocabulary | null;
}
