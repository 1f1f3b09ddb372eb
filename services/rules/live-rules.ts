/**
 * People's rules as the pipeline asks for them, answered from the live collections: what `emend rules import` commits in
 * another process holds from the next request on, also when there were no rules before or the folder was made anew.
 *
 * Whether anything changed is asked once a turn of the event loop, so that one request sees one state of the rules. It
 * costs a look-up (0.5 us); without a folder, a look for one (2 us). A folder that was made anew is opened and verified
 * beside the requests (`folder-watch.ts`). Nothing here throws once it is open: rules that cannot be read are reported, and
 * the service goes on with those it had.
 */
import { isDeepStrictEqual } from 'node:util';
import { decodeUtf8, writeUtf8 } from '../../stores/bytes/utf8.ts';
import type { Collections } from '../../stores/lmdb/collections.ts';
import type { CollectionInfo } from '../../stores/lmdb/format.ts';
import { NO_RUDE_WORDS, type RudeWords } from '../../stores/profile/rude-words.ts';
import { BytesRef, MISS, type Store } from '../../stores/store.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import type { LiveFigures } from '../http/figures.ts';
import type { RuleLookup } from '../rewrite/rewriter.ts';
import type { RuleEngine } from '../rewrite/rule-engine.ts';
import { type BlockedRules, isChangeBlocked } from './blocked.ts';
import {
  BLOCKS_SOURCES,
  BLOCKS_TARGETS,
  blockedKey,
  LONGEST_BLOCKED_SHIFT,
  MAX_RULE_BYTES,
  overrideKey,
  RULE_COLLECTIONS,
  type RuleCollection,
  UNKNOWN_LONGEST_BLOCKED,
} from './collections.ts';
import { openEngine } from './engine/engine.ts';
import { RuleError } from './errors.ts';
import { FolderWatch } from './folder-watch.ts';
import { RULE_SET_COLLECTION, readPublished } from './published.ts';
import { shortages } from './shortages.ts';
import { parseStanding, type VocabularyStanding } from './vocabulary.ts';

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
  readonly vocabulary: number;
  readonly rude: number;
  readonly polite: number;
  /** Of the published rule set. */
  readonly ruleset: number;
}

/** A published rule set, opened. */
interface OpenRuleSet {
  readonly engine: RuleEngine;
  readonly digest: string;
  readonly rules: number;
  /** Of the collection that it was read from. */
  readonly info: CollectionInfo;
}

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
  readonly #watch: FolderWatch;
  #generation = -1;
  #protected: OpenCollection | undefined;
  #blocked: OpenCollection | undefined;
  #blockedRules = this.#toBlockedRules(undefined);
  #overrides: OpenCollection | undefined;
  #vocabulary: OpenCollection | undefined;
  #vocabularyGeneration = 0;
  #rudeWords: RudeWords = NO_RUDE_WORDS;
  #ruleSet: OpenRuleSet | undefined;
  /** What tells the state of the collections of rules from others: drafts and keys in the same folder are none. */
  #state = '0';
  /** Whether this turn of the event loop has looked for changes. */
  #fresh = false;
  #closed = false;
  readonly #endTurn = (): void => {
    this.#fresh = false;
  };
  readonly #key = new Uint8Array(MAX_RULE_BYTES);
  readonly #value = new BytesRef();

  constructor(folder: string, options: LiveRulesOptions) {
    this.folder = folder;
    this.#onProblem = options.onProblem ?? (() => {});
    this.#watch = new FolderWatch(folder);
  }

  /** Opens the folder if it is there. Called by `openRules`, which passes on what it throws. */
  open(): void {
    this.#take(this.#watch.openNow());
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

  /** Changes whenever the vocabulary does; 0 while there was none. */
  vocabularyGeneration(): number {
    this.#refresh();
    return this.#vocabularyGeneration;
  }

  /** The terms that the pipeline is to know beside the dataset's, or not to know; undefined when they cannot be read. */
  vocabulary(): (readonly [term: string, standing: VocabularyStanding])[] | undefined {
    const entries: (readonly [string, VocabularyStanding])[] = [];
    const store = this.#vocabulary?.store;
    if (store === undefined) return entries;
    try {
      const cursor = store.cursor();
      while (cursor.next()) {
        const { key, valueBytes } = cursor;
        const standing = parseStanding(decodeUtf8(valueBytes.bytes, valueBytes.start, valueBytes.end));
        if (standing !== undefined) entries.push([decodeUtf8(key.bytes, key.start, key.end), standing]);
      }
      return entries;
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  get rudeWords(): RudeWords {
    this.#refresh();
    return this.#rudeWords;
  }

  get engine(): RuleEngine | undefined {
    this.#refresh();
    return this.#ruleSet?.engine;
  }

  get revision(): string {
    this.#refresh();
    return this.#ruleSet === undefined ? this.#state : `${this.#state}-${this.#ruleSet.digest.slice(7, 19)}`;
  }

  /** How many rules are in force now. */
  counts(): RuleCounts {
    this.#refresh();
    return {
      generation: Math.max(this.#generation, 0),
      protected: this.#protected?.info.keyCount ?? 0,
      blocked: this.#blocked?.info.keyCount ?? 0,
      overrides: this.#overrides?.info.keyCount ?? 0,
      vocabulary: this.#vocabulary?.info.keyCount ?? 0,
      rude: this.#rudeWords.rude.length,
      polite: this.#rudeWords.polite.length,
      ruleset: this.#ruleSet?.rules ?? 0,
    };
  }

  /** What is known of all collections in the folder; undefined when there are none, or they cannot be read. */
  figures(): LiveFigures | undefined {
    this.#refresh();
    const collections = this.#collections;
    if (collections === undefined) return undefined;
    try {
      const rows = collections.names().flatMap((name) => {
        const info = collections.info(name);
        if (info === undefined) return [];
        const { keyCount: entries, bytes, generation, changedMs } = info;
        return [{ name, entries, bytes, generation, changedMs }];
      });
      return { collections: rows, ...collections.usage() };
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  /**
   * Looks after the folder: frees the slots of readers that ended without doing so, and says what runs out. To be called now
   * and then; some 0.1 ms.
   */
  tend(): readonly string[] {
    this.#refresh();
    const collections = this.#collections;
    if (collections === undefined) return [];
    try {
      collections.freeStaleReaders();
      return shortages(this.folder, collections.usage());
    } catch (error) {
      this.#report(error);
      return [];
    }
  }

  /** Closes the folder; from then on there are no rules. A second close does nothing. */
  close(): void {
    this.#closed = true;
    this.#watch.close();
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
      const change = this.#watch.look();
      if (change === 'gone') this.#forget();
      else if (change !== undefined) this.#take(change);
      else if (this.#collections !== undefined && this.#collections.generation() !== this.#generation) {
        this.#load(this.#collections);
      }
    } catch (error) {
      this.#report(error);
    }
  }

  /** Goes over to collections that were opened and verified; undefined for none. */
  #take(collections: Collections | undefined): void {
    if (collections === undefined) return;
    try {
      this.#load(collections);
    } catch (error) {
      collections.close();
      this.#watch.reject();
      throw error;
    }
    this.#collections?.close();
    this.#collections = collections;
  }

  /** Takes up what the collections hold now, all of it or nothing. */
  #load(collections: Collections): void {
    const generation = collections.generation();
    const [protectedTerms, blocked, overrides, vocabulary] = [
      this.#read(collections, 'protected'),
      this.#read(collections, 'blocked'),
      this.#read(collections, 'overrides'),
      this.#read(collections, 'vocabulary'),
    ];
    const rudeWords = {
      rude: keysOf(this.#read(collections, 'rude')),
      polite: keysOf(this.#read(collections, 'polite')),
    };
    const ruleSet = this.#readRuleSet(collections);
    this.#ruleSet = ruleSet;
    this.#protected = protectedTerms;
    this.#blocked = blocked;
    this.#blockedRules = this.#toBlockedRules(blocked);
    this.#overrides = overrides;
    // A folder made anew counts its changes anew.
    if (vocabulary?.info.changedMs !== this.#vocabulary?.info.changedMs) this.#vocabularyGeneration++;
    else if (vocabulary?.info.generation !== this.#vocabulary?.info.generation) this.#vocabularyGeneration++;
    this.#vocabulary = vocabulary;
    // The same object while they stay the same: whoever uses them need not look again.
    if (!isDeepStrictEqual(rudeWords, this.#rudeWords)) this.#rudeWords = rudeWords;
    this.#generation = generation;
    this.#state = stateOf(collections);
    this.#lastProblem = '';
  }

  /** What is published; what is open already where that is the same. A set of 20,000 rules takes some milliseconds. */
  #readRuleSet(collections: Collections): OpenRuleSet | undefined {
    const info = collections.info(RULE_SET_COLLECTION);
    const open = this.#ruleSet?.info;
    if (info === undefined) return undefined;
    if (open?.generation === info.generation && open.changedMs === info.changedMs) return this.#ruleSet;
    const published = readPublished(collections);
    if (published === undefined) return undefined;
    const { compiled, digest, rules } = published;
    return { engine: openEngine(compiled, `${this.folder}#${RULE_SET_COLLECTION}`), digest, rules, info };
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
    if (this.#vocabulary !== undefined) this.#vocabularyGeneration++;
    this.#vocabulary = undefined;
    // The one object, since a folder that is not there is forgotten at every look.
    this.#rudeWords = NO_RUDE_WORDS;
    this.#ruleSet = undefined;
    this.#generation = -1;
    this.#state = '0';
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

/** The last change of a collection of rules, and how many there are: one that is removed takes its change with it. */
function stateOf(collections: Collections): string {
  const infos = [...RULE_COLLECTIONS, RULE_SET_COLLECTION].flatMap((name) => collections.info(name) ?? []);
  if (infos.length === 0) return '0';
  return `${Math.max(...infos.map(({ generation }) => generation))}.${infos.length}`;
}
