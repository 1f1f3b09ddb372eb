/** The public face for reading: what `import ... from 'emend/stores'` has. docs/library.md is its manual. */

export type { BlocksCounters } from './blocks/block-loader.ts';
export { BlockCache, type BlockCacheOptions, type CacheCounters } from './blocks/cache.ts';
export { BlocksReader, type OpenBlocksOptions, openBlocks } from './blocks/reader.ts';
export type { Manifest, ManifestFile, ManifestInput } from './dataset/manifest.ts';
export {
  type Dataset,
  type DatasetStores,
  type OpenDatasetOptions,
  openDataset,
  readManifest,
} from './dataset/open.ts';
export { verifyDataset } from './dataset/verify.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export { FstCursor } from './fst/cursor.ts';
export { FuzzySearch } from './fst/fuzzy.ts';
export { FstStore, type OpenFstOptions, openFst, openFstBytes, PrefixMatch } from './fst/reader.ts';
export type {
  ChangeSummary,
  CollectionDescription,
  CollectionEntry,
  CollectionWriter,
} from './lmdb/collection-writer.ts';
export { type Collections, type CollectionsOptions, openCollections } from './lmdb/collections.ts';
export type { CompactOptions, CompactSummary } from './lmdb/compact.ts';
export type { CollectionInfo, CollectionKind, CollectionOwner } from './lmdb/format.ts';
export type { EntryChange } from './lmdb/last-change.ts';
export { LiveList } from './lmdb/live-list.ts';
export { LiveMap } from './lmdb/live-map.ts';
export { LiveSet } from './lmdb/live-set.ts';
export type { SetMember } from './lmdb/record-keys.ts';
export type { SourceDifference, SourceFigures, SourceMode } from './lmdb/switch.ts';
export { SwitchedList, SwitchedMap, type SwitchedOptions, SwitchedSet } from './lmdb/switched.ts';
export type { CollectionsUsage } from './lmdb/usage.ts';
export type { JsonValue } from './lmdb/values.ts';
export { type OpenStoreOptions, openStore } from './open.ts';
export { openScores, openScoresBytes, ScoreTable } from './scores/reader.ts';
export {
  BytesRef,
  type Cursor,
  type KeyBatch,
  MAX_VALUE,
  MISS,
  type Store,
  type StoreKind,
  type StoreMemory,
  type ValueKind,
} from './store.ts';
