/** What SMUI keeps, whichever way it was read. */

/** A rule below an input: SMUI's synonym, up/down, filter, delete and redirect rules. */
export interface SmuiPart {
  readonly id: string;
  readonly active: boolean;
  readonly what: 'synonym' | 'undirected' | 'up' | 'down' | 'filter' | 'delete' | 'redirect';
  /** Terms, a query, or a redirect's target. */
  readonly term: string;
  /** Of `up` and `down`; 1 for others. */
  readonly value: number;
}

export interface SmuiTag {
  readonly property: string;
  readonly value: string;
  readonly exported: boolean;
}

export interface SmuiInput {
  readonly id: string;
  readonly term: string;
  readonly active: boolean;
  readonly comment: string;
  readonly parts: readonly SmuiPart[];
  readonly tags: readonly SmuiTag[];
}

export interface SmuiSpelling {
  readonly id: string;
  readonly term: string;
  readonly active: boolean;
  readonly comment: string;
  readonly alternatives: readonly { readonly id: string; readonly term: string; readonly active: boolean }[];
}
