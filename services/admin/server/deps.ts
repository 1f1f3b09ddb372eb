/** What the admin application is made from. */
import type { Logger } from '../../http/logger.ts';
import type { SetEdits } from '../rule-edits.ts';
import type { Scope } from '../scopes.ts';
import type { AdminStore } from '../store.ts';

/** How people come in through a proxy. */
export interface ProxySettings {
  /** Header in which the proxy names the person; null: nobody comes in that way. */
  readonly userHeader: string | null;
  /** Addresses and networks (`10.0.0.0/8`) of proxies whose header is believed. */
  readonly trusted: readonly string[];
  /** What people may do. */
  readonly scopes: readonly Scope[];
}

/** A query of a log, and how often it was asked. */
export type AskedQuery = readonly [query: string, count: number];

export interface AdminDeps {
  readonly store: AdminStore;
  readonly proxy: ProxySettings;
  /** What the service serves: keys may be for one dataset alone. */
  readonly dataset: { readonly id: string; readonly name: string };
  readonly logger: Logger;
  readonly version: string;
  /** Folder of `openapi.yaml`. */
  readonly assetsDir: string;
  now(): number;
  /** Runs edits and the live rules over queries; the report as JSON. Where it cannot, it rejects. */
  check(edits: SetEdits, queries: readonly AskedQuery[]): Promise<unknown>;
}
