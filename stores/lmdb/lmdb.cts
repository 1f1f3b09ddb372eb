/**
 * The types of lmdb-js as `require` sees them, since its declarations for `import` do not compile (`export =` in an ES module).
 * What is emitted of it is empty.
 */
export type { default as Lmdb } from 'lmdb';
