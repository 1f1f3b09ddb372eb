/**
 * The key sets that the block benchmarks run on: the bigrams of a folder of texts, the deletion index of its largest
 * word list, and as many made-up keys as one likes. Read from a corpus folder once and then kept in a scratch folder.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlocksWriter, type BlocksWriterOptions } from '../../../builders/blocks/writer.ts';
import type { StoreSummary } from '../../../builders/store-writer.ts';
import { seededRandom } from '../../../services/figures/random.ts';
import { compareBytes } from '../../../stores/bytes/compare.ts';
import { encodeVarint } from '../../../stores/bytes/varint.ts';
import { tokeniseDocument } from '../../../stores/text/tokenise.ts';
import { readText } from '../../program/text-file.ts';
import type { BenchOptions } from '../bench-options.ts';

/** Entries in key order, laid end to end. */
export interface Corpus {
  readonly name: string;
  readonly valueKind: 'uint' | 'bytes';
  readonly keys: Uint8Array;
  /** `count + 1` offsets into `keys`. */
  readonly keyEnds: Uint32Array;
  /** Value bytes: one each for integers. */
  readonly values: Uint8Array;
  readonly valueEnds: Uint32Array;
  /** Keys looked up, present and absent as they come in real queries, laid end to end. */
  readonly probes: Uint8Array;
  readonly probeEnds: Uint32Array;
}

/** How many entries. */
export function corpusCount(corpus: Corpus): number {
  return corpus.keyEnds.length - 1;
}

/** The folders of a corpus that the key sets are made from. */
const NEEDED = ['lm', 'docs', 'queries', 'eval'];

/** Why no key sets can be made of the folder, or `undefined` when they can. */
export function whyNoCorpus(folder: string): string | undefined {
  const missing = NEEDED.filter((part) => !existsSync(join(folder, part)));
  return missing.length === 0 ? undefined : `skipped: ${folder} has no ${missing.join(', ')}; give --corpus DIR\n`;
}

/** The key sets of a run, one after the other; none where none can be made, which is said. */
export function* corporaOf({ corpus, scratch, print }: BenchOptions): Generator<Corpus> {
  const why = whyNoCorpus(corpus);
  if (why !== undefined) {
    print(why);
    return;
  }
  for (const name of ['bigrams', 'deletions'] as const) yield loadCorpus(name, corpus, scratch);
}

/** The bigrams (two ordinals of three bytes) or the deletions of the corpus folder, from `scratch` when they are there. */
function loadCorpus(name: 'bigrams' | 'deletions', folder: string, scratch: string): Corpus {
  const path = join(scratch, `${name}.corpus`);
  if (!existsSync(path)) {
    const made = name === 'bigrams' ? makeBigrams(folder) : makeDeletions(folder);
    writeFileSync(path, pack(made));
  }
  return unpack(readFileSync(path));
}

function pack(corpus: Corpus): Uint8Array {
  const { name, valueKind } = corpus;
  const parts = [corpus.keys, corpus.keyEnds, corpus.values, corpus.valueEnds, corpus.probes, corpus.probeEnds];
  const header = Buffer.alloc(256);
  header.write(JSON.stringify({ name, valueKind, sizes: parts.map((part) => part.byteLength) }));
  return Buffer.concat([header, ...parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))]);
}

function unpack(bytes: Buffer): Corpus {
  const header = JSON.parse(bytes.toString('utf8', 0, 256).replaceAll('\0', ''));
  let at = 256;
  const parts: Uint8Array[] = header.sizes.map((size: number) => {
    at += size;
    return Uint8Array.from(bytes.subarray(at - size, at));
  });
  const words = (part: Uint8Array | undefined): Uint32Array => new Uint32Array(part?.buffer ?? new ArrayBuffer(0));
  const empty = new Uint8Array(0);
  return {
    name: header.name,
    valueKind: header.valueKind,
    keys: parts[0] ?? empty,
    keyEnds: words(parts[1]),
    values: parts[2] ?? empty,
    valueEnds: words(parts[3]),
    probes: parts[4] ?? empty,
    probeEnds: words(parts[5]),
  };
}

function* linesOf(path: string): Generator<string> {
  yield* readText(path).split('\n');
}

function makeBigrams(folder: string): Corpus {
  const counts = new Map<string, number>();
  const add = (pair: string, count: number): void => {
    counts.set(pair, (counts.get(pair) ?? 0) + count);
  };
  for (const part of ['docs', 'queries']) {
    for (const file of readdirSync(join(folder, part))) {
      for (const line of linesOf(join(folder, part, file))) {
        let before = '';
        for (const token of tokeniseDocument(line)) {
          if (before !== '' && !token.breakBefore) add(`${before} ${token.text}`, 1);
          before = token.text;
        }
      }
    }
  }
  for (const line of linesOf(join(folder, 'lm', 'symspell_bigrams_en_243342.txt.gz'))) {
    const [first, second, count] = line.split(' ');
    if (first && second) add(`${first} ${second}`, Math.ceil(Number(count) / 10_000));
  }
  return corpusOfPairs(counts);
}

function corpusOfPairs(counts: Map<string, number>): Corpus {
  const wordCounts = new Map<string, number>();
  for (const [pair, count] of counts) {
    for (const word of pair.split(' ')) wordCounts.set(word, (wordCounts.get(word) ?? 0) + count);
  }
  const words = [...wordCounts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const ids = new Map(words.map(([word], id) => [word, id]));
  const codes = new Float64Array(counts.size);
  const valueFor = new Map<number, number>();
  let at = 0;
  for (const [pair, count] of counts) {
    const [first = '', second = ''] = pair.split(' ');
    const code = (ids.get(first) ?? 0) * 0x100_0000 + (ids.get(second) ?? 0);
    codes[at++] = code;
    valueFor.set(code, Math.min(255, Math.round(12 * Math.log2(count + 1))));
  }
  codes.sort();
  const values = Uint8Array.from(codes, (code) => valueFor.get(code) ?? 0);
  // Probes: pairs of words drawn as texts draw them, as a decoder asks for neighbours that never met.
  const random = seededRandom(7);
  const draw = (): number => {
    const code = codes[Math.floor(random() * codes.length)] ?? 0;
    return random() < 0.5 ? Math.floor(code / 0x100_0000) : code % 0x100_0000;
  };
  const probes = Float64Array.from({ length: 400_000 }, () => draw() * 0x100_0000 + draw());
  return {
    name: 'bigrams',
    valueKind: 'uint',
    ...sixByteKeys('keys', codes),
    values,
    valueEnds: Uint32Array.from({ length: codes.length + 1 }, (_, i) => i),
    ...sixByteKeys('probes', probes),
  } as unknown as Corpus;
}

function sixByteKeys(name: 'keys' | 'probes', codes: Float64Array): object {
  const bytes = Buffer.alloc(6 * codes.length);
  for (let i = 0; i < codes.length; i++) bytes.writeUIntBE(codes[i] ?? 0, 6 * i, 6);
  const ends = Uint32Array.from({ length: codes.length + 1 }, (_, i) => 6 * i);
  return name === 'keys' ? { keys: bytes, keyEnds: ends } : { probes: bytes, probeEnds: ends };
}

/** Letters of a word that the deletion index looks at. */
const PREFIX = 7;

/** All strings made from `word` by taking away up to two letters of its first seven. */
function deletionsOf(word: string): Set<string> {
  const letters = [...word].slice(0, PREFIX);
  const found = new Set([letters.join('')]);
  for (let i = 0; i < letters.length; i++) {
    const once = letters.toSpliced(i, 1);
    found.add(once.join(''));
    for (let j = i; j < once.length; j++) found.add(once.toSpliced(j, 1).join(''));
  }
  return found;
}

function makeDeletions(folder: string): Corpus {
  const postings = new Map<string, number[]>();
  let id = 0;
  for (const line of linesOf(join(folder, 'lm', 'wordfreq_large_en.tsv.gz'))) {
    const word = line.split('\t')[0];
    if (!word) continue;
    for (const deletion of deletionsOf(word)) {
      const list = postings.get(deletion);
      if (list === undefined) postings.set(deletion, [id]);
      else list.push(id);
    }
    id++;
  }
  const keys = [...postings.keys()].map((text) => Buffer.from(text));
  keys.sort((a, b) => compareBytes(a, 0, a.length, b, 0, b.length));
  const scratch = new Uint8Array(1 << 20);
  const values = keys.map((key) => {
    let end = 0;
    let before = 0;
    for (const posting of postings.get(key.toString()) ?? []) {
      end = encodeVarint(posting - before, scratch, end);
      before = posting;
    }
    return scratch.slice(0, end);
  });
  const probes: Uint8Array[] = [];
  for (const line of [...linesOf(join(folder, 'eval', 'cspell_misspellings.dev.tsv'))].slice(0, 20_000)) {
    for (const deletion of deletionsOf(line.split('\t')[0] ?? '')) probes.push(Buffer.from(deletion));
  }
  return {
    name: 'deletions',
    valueKind: 'bytes',
    keys: Buffer.concat(keys),
    keyEnds: endsOf(keys),
    values: Buffer.concat(values),
    valueEnds: endsOf(values),
    probes: Buffer.concat(probes),
    probeEnds: endsOf(probes),
  };
}

function endsOf(parts: readonly Uint8Array[]): Uint32Array {
  const ends = new Uint32Array(parts.length + 1);
  for (let i = 0; i < parts.length; i++) ends[i + 1] = (ends[i] ?? 0) + (parts[i]?.length ?? 0);
  return ends;
}

/** Writes the entries as a block file. */
export function writeCorpus(corpus: Corpus, path: string, options: Partial<BlocksWriterOptions>): StoreSummary {
  const writer = new BlocksWriter(path, { valueKind: corpus.valueKind, ...options });
  const { keys, keyEnds, values, valueEnds } = corpus;
  for (let i = 0; i < corpusCount(corpus); i++) {
    const [start = 0, end = 0] = [keyEnds[i], keyEnds[i + 1]];
    if (corpus.valueKind === 'uint') writer.add(keys, start, end, values[i] ?? 0);
    else writer.addBytes(keys, start, end, values, valueEnds[i] ?? 0, valueEnds[i + 1] ?? 0);
  }
  return writer.finish();
}
