/** Many keys in two flat arrays, in byte order, with values beside them: no object a key. */

import type { Random } from '../../../services/figures/random.ts';

export interface KeyList {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** The same bytes, for making strings of them. */
  readonly buffer: Buffer;
  /** Key i is `bytes[offsets[i], offsets[i + 1])`. */
  readonly offsets: Uint32Array;
  /** A value for each key; undefined for a set. */
  readonly values: Float64Array | undefined;
}

/** A list over the given arrays. */
export function keyList(bytes: Uint8Array, offsets: Uint32Array, values?: Float64Array): KeyList {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { count: offsets.length - 1, bytes, buffer, offsets, values };
}

/** Sorted, distinct keys from strings, each the first time that it comes, with its value where there is one. */
export function keyListOf(
  entries: Iterable<readonly [key: string, value: number]>,
  withValues: boolean,
  encoding: BufferEncoding = 'utf8',
): KeyList {
  const seen = new Map<string, number>();
  for (const [key, value] of entries) if (!seen.has(key)) seen.set(key, value);
  const keys = [...seen.keys()].map((key) => Buffer.from(key, encoding));
  const values = [...seen.values()];
  const order = Uint32Array.from(keys.keys()).sort((a, b) => Buffer.compare(keys[a]!, keys[b]!));
  const offsets = new Uint32Array(keys.length + 1);
  order.forEach((index, i) => {
    offsets[i + 1] = offsets[i]! + keys[index]!.length;
  });
  const bytes = new Uint8Array(offsets[keys.length]!);
  order.forEach((index, i) => {
    bytes.set(keys[index]!, offsets[i]!);
  });
  return keyList(bytes, offsets, withValues ? Float64Array.from(order, (index) => values[index]!) : undefined);
}

/** The keys picked by number, in that order: what a benchmark asks for. */
export function pickKeys(keys: KeyList, picks: Uint32Array): KeyList {
  const offsets = new Uint32Array(picks.length + 1);
  picks.forEach((pick, i) => {
    offsets[i + 1] = offsets[i]! + keys.offsets[pick + 1]! - keys.offsets[pick]!;
  });
  const bytes = new Uint8Array(offsets[picks.length]!);
  picks.forEach((pick, i) => {
    bytes.set(keys.bytes.subarray(keys.offsets[pick]!, keys.offsets[pick + 1]!), offsets[i]!);
  });
  return keyList(bytes, offsets);
}

/**
 * The same keys, each with one letter changed, so that nearly none is there.
 *
 * @param last how many of a key's last bytes may change; default all
 */
export function spoilKeys(keys: KeyList, random: Random, last = Number.POSITIVE_INFINITY): KeyList {
  const bytes = keys.bytes.slice();
  for (let i = 0; i < keys.count; i++) {
    const start = keys.offsets[i]!;
    const length = keys.offsets[i + 1]! - start;
    if (length === 0) continue;
    const at = start + length - 1 - Math.floor(random() * Math.min(last, length));
    bytes[at] = 97 + ((bytes[at]! - 97 + 1 + Math.floor(random() * 24) + 256) % 26);
  }
  return keyList(bytes, keys.offsets);
}

/** Numbers below `count` in a random order, `picks` of them. */
export function randomPicks(count: number, picks: number, random: Random): Uint32Array {
  return Uint32Array.from({ length: picks }, () => Math.floor(random() * count));
}

/** Numbers below `count`, few of them very often, as words in queries are: the rank grows as a power of a random number. */
export function skewedPicks(count: number, picks: number, random: Random): Uint32Array {
  // Which keys are frequent has nothing to do with their order: a large odd factor scatters the ranks.
  return Uint32Array.from({ length: picks }, () => Math.floor(count ** random() * 2_654_435_761) % count);
}

/** Key i as a string of one character a byte: for keys of ASCII. */
export function keyText(keys: KeyList, i: number): string {
  return keys.buffer.toString('latin1', keys.offsets[i]!, keys.offsets[i + 1]!);
}

/** All keys as strings of one character a byte. */
export function keyTexts(keys: KeyList): string[] {
  return Array.from({ length: keys.count }, (_, i) => keyText(keys, i));
}
