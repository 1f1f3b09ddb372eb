/**
 * People's rules as the pipeline asks for them, answered from the live collections: what `emend rules import` commits in
 * another process holds from the next request on, also when there were no rules before or the folder was made anew.
 *
 * Whether anything changed is asked once a turn of the event loop, so that one request sees one state of the rules. It
 * costs a look-up (0.5 us); without a folder, a look for one (2 us). Nothing here throws once it is open: rules that
 * cannot be read are reported, and the service goes on with those it had.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decodeUtf8, writeUtf8 } from '../../stores/bytes/utf8.ts';
import { type Collections, openCollections } from '../../stores/lmdb/collections.ts';
import { hasEnvironment } from '../../stores/lmdb/environment.ts';
import { type CollectionInfo, MAX_KEY_BYTES } from '../../stores/lmdb/format.ts';
import type { RudeWords } from '../../stores/profile/rude-words.ts';
import { BytesRef, MISS, type Store } from '../../stores/store.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import type { RuleLookup } from '../rewrite/rewriter.ts';
import { type BlockedRules, isChangeBlocked } from './blocked.ts';
import {
  BLOCKS_SOURCES,
  BLOCKS_TARGETS,
  blockedKey,
  LONGEST_BLOCKED_SHIFT,
  overrideKey,
  type RuleCollection,
  UNKNOWN_LONGEST_BLOCKED,
} from './collections.ts';
import { RuleError } from './errors.ts';

export interface LiveRulesOptions {
  /** Told when the rules cannot be read any more, once for each kind of trouble. Default: nobody is. */
  readonly onProblem?: (problem: Error) => void;
}

/** How many rules are in force. */
export interface RuleCounts {
  /** Changes since the folder was made; 0 when there is none. */
  readonly generation: number;
  readonly protected: number;
  readonly blocked: number;
  readonly overrides: number;
  readonly rude: number;
  readonly polite: number;
}

/** How often to see whether the folder was removed or made anew, or can be read after all, in milliseconds. */
const FOLDER_CHECK_MS = 100;

/**
 * Opens the rules in `folder`, which need not be there yet.
 *
 * @throws {StoreError} as `openCollections`, when there is something in the folder that cannot be read
 * @throws {RuleError} `RULES_TEXT_VERSION`
 */
export function openRules(folder: string, options: LiveRulesOptions = {}): LiveRules {
  const rules = new LiveRules(folder, options);
  rules.open();
  return rules;
}

/** One collection that holds something. */
interface OpenCollection {
  readonly store: Store;
  readonly info: CollectionInfo;
}

/** Live rules. Made by `openRules`. */
export class LiveRules implements RuleLookup {
  readonly folder: string;
  readonly #onProblem: (problem: Error) => void;
  #lastProblem = '';
  #collections: Collections | undefined;
  #folderId = '';
  #folderCheckedMs = 0;
  #generation = -1;
  #protected: OpenCollection | undefined;
  #blocked: OpenCollection | undefined;
  #blockedRules = this.#toBlockedRules(undefined);
  #overrides: OpenCollection | undefined;
  #rudeWords: RudeWords = { rude: [], polite: [] };
  /** Whether this turn of the event loop has looked for changes. */
  #fresh = false;
  #closed = false;
  readonly #endTurn = (): void => {
    this.#fresh = false;
  };
  readonly #key = new Uint8Array(MAX_KEY_BYTES);
  readonly #value = new BytesRef();

  constructor(folder: string, options: LiveRulesOptions) {
    this.folder = folder;
    this.#onProblem = options.onProblem ?? (() => {});
  }

  /** Opens the folder if it is there. Called by `openRules`, which passes on what it throws. */
  open(): void {
    if (!hasEnvironment(this.folder)) return;
    const folderId = this.#readFolderId();
    const collections = openCollections(this.folder, { readOnly: true });
    try {
      // All of it once, since a damaged key is a rule that would silently not be found.
      collections.verify();
      this.#load(collections);
    } catch (error) {
      collections.close();
      throw error;
    }
    this.#collections?.close();
    this.#collections = collections;
    this.#folderId = folderId;
  }

  isProtected(terms: string): boolean {
    this.#refresh();
    return this.#holds(this.#protected, terms);
  }

  get longestProtected(): number {
    this.#refresh();
    return this.#protected?.info.detail ?? 0;
  }

  isBlocked(from: string, to: string): boolean {
    this.#refresh();
    return this.#blocked !== undefined && isChangeBlocked(this.#blockedRules, from, to);
  }

  get longestBlocked(): number {
    this.#refresh();
    return this.#blocked === undefined ? 0 : this.#blockedRules.longest;
  }

  override(query: string): string | undefined {
    this.#refresh();
    const overrides = this.#overrides;
    if (overrides === undefined) return undefined;
    const end = writeUtf8(overrideKey(query), this.#key, 0);
    if (end < 0) return undefined;
    try {
      if (!overrides.store.findBytes(this.#key, 0, end, this.#value)) return undefined;
      return decodeUtf8(this.#value.bytes, this.#value.start, this.#value.end);
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  get rudeWords(): RudeWords {
    this.#refresh();
    return this.#rudeWords;
  }

  /** How many rules are in force now. */
  counts(): RuleCounts {
    this.#refresh();
    return {
      generation: Math.max(this.#generation, 0),
      protected: this.#protected?.info.keyCount ?? 0,
      blocked: this.#blocked?.info.keyCount ?? 0,
      overrides: this.#overrides?.info.keyCount ?? 0,
      rude: this.#rudeWords.rude.length,
      polite: this.#rudeWords.polite.length,
    };
  }

  /** Closes the folder; from then on there are no rules. A second close does nothing. */
  close(): void {
    this.#closed = true;
    this.#forget();
  }

  #holds(collection: OpenCollection | undefined, key: string): boolean {
    if (collection === undefined) return false;
    const end = writeUtf8(key, this.#key, 0);
    if (end < 0) return false;
    try {
      return collection.store.find(this.#key, 0, end) !== MISS;
    } catch (error) {
      this.#report(error);
      return false;
    }
  }

  #refresh(): void {
    if (this.#fresh || this.#closed) return;
    this.#fresh = true;
    setImmediate(this.#endTurn);
    try {
      const collections = this.#collections;
      if (collections === undefined) {
        if (this.#lastProblem === '' || this.#folderCheckIsDue()) this.open();
      } else if (!this.#wasReplaced()) {
        if (collections.generation() !== this.#generation) this.#load(collections);
      } else if (hasEnvironment(this.folder)) this.open();
      else this.#forget();
    } catch (error) {
      this.#report(error);
    }
  }

  /** Whether the folder at hand is no longer the one that was opened. Looks every `FOLDER_CHECK_MS`. */
  #wasReplaced(): boolean {
    return this.#folderCheckIsDue() && this.#readFolderId() !== this.#folderId;
  }

  #folderCheckIsDue(): boolean {
    const now = performance.now();
    if (now - this.#folderCheckedMs < FOLDER_CHECK_MS) return false;
    this.#folderCheckedMs = now;
    return true;
  }

  #readFolderId(): string {
    const stat = statSync(join(this.folder, 'data.mdb'), { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.dev}:${stat.ino}`;
  }

  /** Takes up what the collections hold now, all of it or nothing. */
  #load(collections: Collections): void {
    const generation = collections.generation();
    const [protectedTerms, blocked, overrides] = [
      this.#read(collections, 'protected'),
      this.#read(collections, 'blocked'),
      this.#read(collections, 'overrides'),
    ];
    const rudeWords = {
      rude: keysOf(this.#read(collections, 'rude')),
      polite: keysOf(this.#read(collections, 'polite')),
    };
    this.#protected = protectedTerms;
    this.#blocked = blocked;
    this.#blockedRules = this.#toBlockedRules(blocked);
    this.#overrides = overrides;
    // The same object while they stay the same: whoever uses them need not look again.
    if (!isDeepStrictEqual(rudeWords, this.#rudeWords)) this.#rudeWords = rudeWords;
    this.#generation = generation;
    this.#lastProblem = '';
  }

  #toBlockedRules(blocked: OpenCollection | undefined): BlockedRules {
    const detail = blocked?.info.detail ?? 0;
    return {
      has: (from, to) => this.#holds(blocked, blockedKey(from, to)),
      longest: detail >> LONGEST_BLOCKED_SHIFT || UNKNOWN_LONGEST_BLOCKED,
      hasAnySource: (detail & BLOCKS_TARGETS) !== 0,
      hasAnyTarget: (detail & BLOCKS_SOURCES) !== 0,
    };
  }

  #read(collections: Collections, name: RuleCollection): OpenCollection | undefined {
    const info = collections.info(name);
    if (info === undefined || info.keyCount === 0) return undefined;
    if (info.textVersion !== TEXT_VERSION) {
      throw new RuleError(
        'RULES_TEXT_VERSION',
        `${this.folder}: the collection "${name}" has terms of text version ${info.textVersion}, this build reads ` +
          `${TEXT_VERSION}; import its file again with "emend rules import"`,
      );
    }
    return { store: collections.store(name), info };
  }

  #forget(): void {
    this.#collections?.close();
    this.#collections = undefined;
    this.#protected = undefined;
    this.#blocked = undefined;
    this.#overrides = undefined;
    this.#rudeWords = { rude: [], polite: [] };
    this.#generation = -1;
    this.#folderId = '';
  }

  #report(error: unknown): void {
    const problem = error instanceof Error ? error : new Error(String(error));
    if (problem.message === this.#lastProblem) return;
    this.#lastProblem = problem.message;
    this.#onProblem(problem);
  }
}

function keysOf(collection: OpenCollection | undefined): string[] {
  const keys: string[] = [];
  if (collection === undefined) return keys;
  const cursor = collection.store.cursor();
  while (cursor.next()) keys.push(decodeUtf8(cursor.key.bytes, cursor.key.start, cursor.key.end));
  return keys;
}
