/**
 * The file `data.mdb` beside the collections. Programs that read format version 1 open that name: without it they would
 * find no collections and go on without, instead of saying that they cannot read them. It is a page that begins as an LMDB
 * file does, of a data version that none of them reads.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const MARKER_PAGE_BYTES = 4096;
const META = 8;
const MAGIC = 0xbeefc0de;
/** Far above LMDB's own: "the collections are elsewhere". */
const MARKER_VERSION = 1002;
/** "They are in the file that this page names": current-file.ts. */
export const POINTER_VERSION = 1003;

/** Puts the marker in its place unless something is there. */
export function writeMarker(folder: string): void {
  if (!existsSync(join(folder, 'data.mdb'))) replaceByMarker(folder);
}

/** Puts the marker in the place of what is there. */
export function replaceByMarker(folder: string): void {
  const text = 'The collections are in collections.mdb; this file tells older versions of Emend so.';
  const temporary = join(folder, `data.mdb.${process.pid}.tmp`);
  writeFileSync(temporary, markerPage(MARKER_VERSION, text));
  renameSync(temporary, join(folder, 'data.mdb'));
}

/** A page that LMDB takes for the beginning of a file of a later version. */
export function markerPage(version: number, text: string): Buffer {
  const page = Buffer.alloc(MARKER_PAGE_BYTES);
  page.writeUInt16LE(META, 18);
  page.writeUInt32LE(MAGIC, 24);
  page.writeUInt32LE(version, 28);
  page.writeUInt32LE(MARKER_PAGE_BYTES, 48);
  page.write(text, 200, 'latin1');
  return page;
}

/** What a `data.mdb` is, by its first 32 bytes. */
export function kindOfDataFile(bytes: Buffer): 'marker' | 'lmdb' | 'foreign' {
  const version = versionOfPage(bytes);
  if (version === undefined) return 'foreign';
  return version === MARKER_VERSION ? 'marker' : 'lmdb';
}

/** The data version in the beginning of an LMDB file; undefined for another file. */
export function versionOfPage(bytes: Buffer): number | undefined {
  return bytes.length < 32 || bytes.readUInt32LE(24) !== MAGIC ? undefined : bytes.readUInt32LE(28);
}
