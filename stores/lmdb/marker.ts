/**
 * The file `data.mdb` beside the collections. Programs that read format version 1 open that name: without it they would
 * find no collections and go on without, instead of saying that they cannot read them. It is a page that begins as an LMDB
 * file does, of a data version that none of them reads.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE_BYTES = 4096;
const META = 8;
const MAGIC = 0xbeefc0de;
/** Far above LMDB's own: "the collections are elsewhere". */
const MARKER_VERSION = 1002;

/** Puts the marker in its place unless something is there. */
export function writeMarker(folder: string): void {
  if (!existsSync(join(folder, 'data.mdb'))) replaceByMarker(folder);
}

/** Puts the marker in the place of what is there. */
export function replaceByMarker(folder: string): void {
  const page = Buffer.alloc(PAGE_BYTES);
  page.writeUInt16LE(META, 18);
  page.writeUInt32LE(MAGIC, 24);
  page.writeUInt32LE(MARKER_VERSION, 28);
  page.writeUInt32LE(PAGE_BYTES, 48);
  page.write('The collections are in collections.mdb; this file tells older versions of Emend so.', 200, 'latin1');
  const temporary = join(folder, `data.mdb.${process.pid}.tmp`);
  writeFileSync(temporary, page);
  renameSync(temporary, join(folder, 'data.mdb'));
}

/** What a `data.mdb` is, by its first 32 bytes. */
export function kindOfDataFile(bytes: Buffer): 'marker' | 'lmdb' | 'foreign' {
  if (bytes.length < 32 || bytes.readUInt32LE(24) !== MAGIC) return 'foreign';
  return bytes.readUInt32LE(28) === MARKER_VERSION ? 'marker' : 'lmdb';
}
