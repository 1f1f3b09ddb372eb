/** The public face for writing stores: what `import ... from 'emend/builders'` has. docs/library.md is its manual. */

export { MemoryOutput, type Output } from './blocks/output.ts';
export { BlocksWriter, type BlocksWriterOptions } from './blocks/writer.ts';
export { BuildError, type BuildErrorCode } from './errors.ts';
export { FstWriter, type FstWriterOptions } from './fst/writer.ts';
export { ScoresWriter } from './scores/writer.ts';
export { ExternalSorter, type SortOptions } from './sort/external-sorter.ts';
export type { RecordCursor } from './sort/record.ts';
export type { StoreSummary, StoreWriter } from './store-writer.ts';
