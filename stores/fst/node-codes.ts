/**
 * The first byte of a node says its form, whether a key ends at it, and, for small nodes, all else but the targets:
 *
 *       0..63   step       one transition with step label 0..63, to the node that follows
 *      64..159  jump       one transition with list label 0..31: 64 + 32 (class - TABLE) + label, class TABLE, NEAR or FAR
 *     160..175  single     one transition: 160 + 8 final + class; then its label byte
 *          176  leaf       no transitions, a key ends
 *          177  empty      no transitions, no key: the root of an empty store
 *     192..223  coded list k transitions, 2..17: 192 + 16 final + k - 2; then k bytes 8 (list label) + class
 *     224..239  list       k transitions, 2..9: 224 + 8 final + k - 2; then k label bytes, k classes of four bits
 *     242..243  long list  242 + final; then k - 1; then as a list
 *     244..245  leaves     244 + final; then k - 1; then k label bytes; every transition leads to the leaf
 *     246..247  leaf set   246 + final; then k - 1; then a bitmap of 256 labels; every transition leads to the leaf
 *     248..255  direct     248 + 2 (label form) + final; then k - 1; then width of a target (1..4) + 8 if relative; then
 *                          labels: 0 a label byte each, 1 the first of a range without gaps, 2 a bitmap of the 32 list
 *                          labels, 3 a bitmap of 256 labels
 *
 * Then, in files with ordinals, in lists and direct nodes: four bits that choose a width of COUNT_BITS, and k - 1 numbers
 * of that width, rounded up to whole bytes: how many keys pass by before transition i (1..k-1), less i, less one if a
 * key ends at the node itself. Then the targets, of the widths that their classes have, or of the one width.
 *
 * Classes: how a transition says where it leads.
 *
 *     0 LEAF    to the leaf                                  no bytes
 *     1 NEXT    to the node that follows                     no bytes
 *     2 AHEAD   bytes ahead of the node's first              1 byte
 *     3 AHEAD2  the same                                     2 bytes
 *     4 TABLE   entry of the table of popular nodes          1 byte
 *     5 NEAR    address                                      2 bytes
 *     6 FAR     address                                      3 bytes, 4 in files with more than 16 MiB of nodes
 *     7 BEHIND  bytes behind the node's first                2 bytes, 3 in files with more than 16 MiB of nodes
 */

/** First codes of each form. */
export const CODE_JUMP = 64;
export const CODE_SINGLE = 160;
export const CODE_LEAF = 176;
export const CODE_EMPTY = 177;
export const CODE_CODED_LIST = 192;
export const CODE_LIST = 224;
export const CODE_LONG_LIST = 242;
export const CODE_LEAVES = 244;
export const CODE_LEAF_SET = 246;
export const CODE_DIRECT = 248;

/** The forms by number: what `FORM_OF` answers. */
export const FORM_NONE = 0;
export const FORM_STEP = 1;
export const FORM_JUMP = 2;
export const FORM_SINGLE = 3;
export const FORM_LEAF = 4;
export const FORM_EMPTY = 5;
export const FORM_CODED_LIST = 6;
export const FORM_LIST = 7;
export const FORM_LONG_LIST = 8;
export const FORM_LEAVES = 9;
export const FORM_LEAF_SET = 10;
/** Direct nodes, with how they give their labels: a list, a range, a bitmap of list labels, a bitmap of all. */
export const FORM_DIRECT_LIST = 11;
export const FORM_DIRECT_RANGE = 12;
export const FORM_DIRECT_CODED = 13;
export const FORM_DIRECT_BITMAP = 14;

/** What the forms are called, by number. */
export const FORM_NAMES = [
  'none',
  'step',
  'jump',
  'single',
  'leaf',
  'empty',
  'codedList',
  'list',
  'longList',
  'leaves',
  'leafSet',
  'directList',
  'directRange',
  'directCoded',
  'directBitmap',
] as const;

/** The form of a node by its first byte. */
export const FORM_OF = new Uint8Array(256);
/** Whether a key ends at a node, by its first byte. */
export const FINAL_OF = new Uint8Array(256);

for (let code = 0; code < 256; code++) {
  FORM_OF[code] = formOf(code);
  FINAL_OF[code] = finalOf(code);
}

function formOf(code: number): number {
  if (code < CODE_JUMP) return FORM_STEP;
  if (code < CODE_SINGLE) return FORM_JUMP;
  if (code < CODE_LEAF) return FORM_SINGLE;
  if (code === CODE_LEAF) return FORM_LEAF;
  if (code === CODE_EMPTY) return FORM_EMPTY;
  if (code < CODE_CODED_LIST) return FORM_NONE;
  if (code < CODE_LIST) return FORM_CODED_LIST;
  if (code < CODE_LIST + 16) return FORM_LIST;
  if (code < CODE_LONG_LIST) return FORM_NONE;
  if (code < CODE_LEAVES) return FORM_LONG_LIST;
  if (code < CODE_LEAF_SET) return FORM_LEAVES;
  if (code < CODE_DIRECT) return FORM_LEAF_SET;
  return FORM_DIRECT_LIST + ((code - CODE_DIRECT) >> 1);
}

function finalOf(code: number): number {
  if (code < CODE_SINGLE) return 0;
  if (code < CODE_LEAF) return (code >> 3) & 1;
  if (code < CODE_CODED_LIST) return code === CODE_LEAF ? 1 : 0;
  if (code < CODE_LIST) return (code >> 4) & 1;
  if (code < CODE_LIST + 16) return (code >> 3) & 1;
  return code & 1;
}

/** The most transitions that a coded list and a list hold. */
export const MOST_CODED = 17;
export const MOST_LISTED = 9;

/** Sizes of the label tables and of the table of popular nodes. */
export const STEP_LABELS = 64;
export const LIST_LABELS = 32;
export const TABLE_ENTRIES = 256;

export const CLASS_LEAF = 0;
export const CLASS_NEXT = 1;
export const CLASS_AHEAD = 2;
export const CLASS_AHEAD2 = 3;
export const CLASS_TABLE = 4;
export const CLASS_NEAR = 5;
export const CLASS_FAR = 6;
export const CLASS_BEHIND = 7;

/** Set in a direct node's width byte when its targets count from the node's first byte. */
export const RELATIVE = 8;

/** Beyond this many bytes of nodes, addresses take four bytes. */
export const WIDE_NODES = 2 ** 24;

/** Widths in bits that the four bits before the counts choose from. */
export const COUNT_BITS = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32);

/** Bytes of a target by its class, four bits each, so that the hot path finds them in a register. */
export function classWidths(nodeBytes: number): number {
  return nodeBytes > WIDE_NODES ? 0x3421_2100 : 0x2321_2100;
}

/** Bytes that a target of the given class takes, by `classWidths`. */
export function widthOf(targetClass: number, widths: number): number {
  return (widths >>> (4 * targetClass)) & 15;
}

/** Bytes that the counts of a node with k transitions take when they are `bits` wide. */
export function countBytes(transitions: number, bits: number): number {
  return (11 + (transitions - 1) * bits) >>> 3;
}

/** How many bits of a 32-bit word are set. */
export function popcount(word: number): number {
  word -= (word >>> 1) & 0x5555_5555;
  word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The unsigned integer of `width` bytes at `at`, low byte first: 0..4 bytes. */
export function readUint(bytes: Uint8Array, at: number, width: number): number {
  switch (width) {
    case 0:
      return 0;
    case 1:
      return bytes[at]!;
    case 2:
      return bytes[at]! | (bytes[at + 1]! << 8);
    case 3:
      return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    default:
      return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }
}

/** The `bits` bits, 0..32, from bit `from` on of the bytes at `at`. */
export function readBits(bytes: Uint8Array, at: number, from: number, bits: number): number {
  const byte = at + (from >>> 3);
  const shift = from & 7;
  const low = readUint(bytes, byte, 4);
  if (bits <= 24) return (low >>> shift) & ((1 << bits) - 1);
  return (low >>> shift) + (shift === 0 ? 0 : (bytes[byte + 4]! & ((1 << shift) - 1)) * 2 ** (32 - shift));
}

/** How many members below `member` the bitmap of 256 at `at` has. */
export function rankBelow(bytes: Uint8Array, at: number, member: number): number {
  const word = member >>> 5;
  let rank = 0;
  for (let i = 0; i < word; i++) rank += popcount(readUint(bytes, at + 4 * i, 4));
  return rank + popcount(readUint(bytes, at + 4 * word, 4) & ((1 << (member & 31)) - 1));
}

/** Member number `index` of the bitmap of `length` bytes at `at`; 8 `length` when it has not as many. */
export function memberAt(bytes: Uint8Array, at: number, length: number, index: number): number {
  for (let i = 0; i < length; i++) {
    let byte = bytes[at + i]!;
    const members = popcount(byte);
    if (index >= members) {
      index -= members;
      continue;
    }
    for (; index > 0; index--) byte &= byte - 1;
    return 8 * i + 31 - Math.clz32(byte & -byte);
  }
  return 8 * length;
}
