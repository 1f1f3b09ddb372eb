/**
 * From counted sources to the files of a dataset version: vocabulary, language model, deletion indexes.
 *
 * | file | holds |
 * | --- | --- |
 * | `terms` | term -> id |
 * | `ngrams` | ids of a pair or triple -> cost, and the back-off cost of pairs that triples continue |
 * | `deletes1`, `deletes2` | deletion hash -> ids |
 * | `phonetic` | sound of a word -> ids; left out if the language has no phonetic rules |
 * | `misspellings` | known misspelling -> what is meant; left out where there is none |
 * | `marks` | term written without its marks -> ids; left out where no term has marks |
 * | `forms` | term -> the form in which the owner's documents write it; left out where there is none |
 * | `lexicon.bin` | by id: text, costs, standing |
 * | `channel.tsv` | what people type in place of what they mean |
 * | `vectors.bin` | by id: the vector of a word; only where vectors were given |
 * | `letters.bin` | how likely strings are as words, by their letters |
 * | `neighbours.bin` | by id: which terms the n-grams may hold beside it |
 * | `titles.bin` | rows of terms that something is called by; left out where there are none |
 */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeChannel, type GroupCost } from '../../stores/channel/format.ts';
import { GroupChannel } from '../../stores/channel/group-channel.ts';
import { encodeId, encodeNgramValue, MAX_NGRAM_BYTES, quantiseCost } from '../../stores/language/ngram-key.ts';
import {
  BACKOFF_STEP,
  encodeLexicon,
  FIRST_TERM_ID,
  NOT_EDITED,
  TermFlag,
  UNIGRAM_STEP,
} from '../../stores/lexicon/format.ts';
import { Marks } from '../../stores/marks/marks.ts';
import { encodeNeighbours } from '../../stores/neighbours/format.ts';
import type { Language } from '../../stores/profile/language.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { encodeVectors } from '../../stores/vectors/format.ts';
import type { TypedWord } from '../channel/em.ts';
import { type ChannelSources, type LearnedChannel, learnChannel } from '../channel/learn.ts';
import type { CountedSource } from '../count/counted-source.ts';
import type { DeletionIndex } from '../deletes/deletions.ts';
import type { WrittenForm } from '../extract/written-forms.ts';
import { sortKeys } from '../sort/sort-keys.ts';
import type { WordVectors } from '../sources/vectors.ts';
import type { StoreSummary } from '../store-writer.ts';
import { writeFile } from '../write-file.ts';
import type { AssembledFile, OpenWriter } from './assembled-file.ts';
import { type IndexedTerms, type WrittenDeletions, writeDeletions } from './deletion-store.ts';
import { encodeTexts } from './encoded-texts.ts';
import { estimateLanguageModel } from './language-model.ts';
import { writeLetters } from './letters.ts';
import { unmarkedTerms, writeMarks } from './marks.ts';
import { type MisspellingList, markListed, usableMisspellings, writeMisspellings } from './misspellings.ts';
import type { LanguageModel } from './model.ts';
import { neighboursOf } from './neighbours.ts';
import { ownForms, writeOwnForms } from './own-forms.ts';
import { writePhonetics } from './phonetics.ts';
import { ID_SPACE, secondOf } from './source-counts.ts';
import { markRunOns, markSuspects, markZeroHits } from './standing.ts';
import { SuspectFinder } from './suspects.ts';
import { type TitleSources, writeTitles } from './titles.ts';
import { termVectors } from './vectors.ts';
import { buildVocabulary, type Vocabulary } from './vocabulary.ts';

export interface AssembleOptions {
  /** What needs to be known about the language. */
  readonly language: Pick<Language, 'language' | 'listedEndings' | 'marks' | 'phonetic'>;
  readonly openWriter: OpenWriter;
  /** What the error model is learned from. */
  readonly channel: ChannelSources;
  /** What is often typed wrong. */
  readonly misspellings?: readonly MisspellingList[];
  /** How the owner's documents write words that have capitals inside. */
  readonly forms?: readonly WrittenForm[];
  /** Terms that only queries without results have, and how often they were asked for. */
  readonly zeroHits?: ReadonlyMap<string, number>;
  /** What things are called. */
  readonly titles?: TitleSources;
  /** Vectors of words, and the name of the file that they came from. */
  readonly vectors?: { readonly source: string; readonly words: WordVectors };
  /**
   * Writes the deletion indexes elsewhere while the rest is made here: what {@link DELETION_INDEXES} names, in that order. By
   * default they are written here, to the same bytes.
   *
   * @param onDone to be told how far it is: hashes, of 2^32 an index
   */
  readonly writeDeletions?: (
    terms: IndexedTerms,
    channel: readonly GroupCost[],
    onDone: (hashes: number) => void,
  ) => Promise<WrittenDeletions>;
}

export const DELETION_INDEXES: readonly DeletionIndex[] = ['deletes1', 'deletes2'];

/**
 * Told what is being made and how far it is: `done` of `total` entries. What it answers is awaited where that is
 * possible: that is where an interrupted build stops.
 */
export type AssembleProgress = (step: string, done: number, total: number) => Promise<void> | undefined;

/** K of the language model, before the fit: what a context must have been seen before its counts outweigh the unigrams. */
const PRIOR_COUNT = 20;
/** Counts of web-scale lists stop near 100,000: one such count is taken as one observation. */
const WEB_SCALE_TOKENS = 1e9;
const WEB_SCALE_EVIDENCE = 1e-4;
/** What a triple must be worth, in nats a word of text: measured in services/evaluate/README.md. */
const TRIPLE_LOSS = 1e-9;

/**
 * Writes the stores of a dataset version into `outDir`, which exists. The same sources give the same bytes.
 *
 * @throws {BuildError} `BUILD_LIMIT`, or what the writers throw; files begun are left to the caller to remove
 */
export async function assemble(
  sources: readonly CountedSource[],
  outDir: string,
  options: AssembleOptions,
  progress: AssembleProgress,
): Promise<AssembledFile[]> {
  await progress('vocabulary', 0, 1);
  const { language, listedEndings, marks, phonetic } = options.language;
  const vocabulary = buildVocabulary(sources, unigramWeight, listedEndings);
  const channel = learnChannel(options.channel, () => typedWords(vocabulary, sources));
  const elsewhere = beginDeletions(vocabulary, channel.costs, options, progress);
  await progress('language model', 0, 1);
  const model = estimateLanguageModel(sources, vocabulary, {
    priorCount: PRIOR_COUNT,
    evidencePerCount,
    isOwners,
    isFitted: true,
    tripleLoss: TRIPLE_LOSS,
  });
  const terms = await writeTerms(vocabulary, options, progress);
  const ngrams = await writeNgrams(model, options, progress);
  const neighbours = writeNeighbours(vocabulary, model, outDir);
  const letters = writeLetters(vocabulary, outDir);
  const vectors = options.vectors === undefined ? [] : [writeVectors(vocabulary, options.vectors, outDir)];
  const deletions = await (elsewhere?.() ?? deletionsHere(vocabulary, channel.costs, options, progress));
  await progress('standing', 0, 1);
  for (const { suspects } of deletions) markSuspects(suspects, vocabulary);
  markRunOns(vocabulary, model);
  const misspellings = usableMisspellings(options.misspellings ?? [], vocabulary);
  markListed(misspellings, vocabulary);
  markZeroHits(options.zeroHits ?? new Map(), vocabulary);
  const unmarked = unmarkedTerms(vocabulary, new Marks(marks));
  const forms = ownForms(options.forms ?? [], sources, vocabulary);
  return [
    terms,
    ngrams,
    ...deletions.map(({ file }) => file),
    ...(phonetic === null ? [] : [await writePhonetics(vocabulary, language, phonetic, options.openWriter)]),
    ...(misspellings.size === 0 ? [] : [await writeMisspellings(misspellings, options.openWriter)]),
    ...(unmarked.idsByKey.size === 0 ? [] : [writeMarks(unmarked, options.openWriter)]),
    ...(forms.length === 0 ? [] : [writeOwnForms(forms, options.openWriter)]),
    writeLexicon(vocabulary, model, sources, outDir),
    neighbours,
    letters,
    writeChannel(channel, outDir),
    ...vectors,
    ...(options.titles === undefined ? [] : [writeTitles(options.titles, outDir)]),
  ];
}

/** How often progress is told while another thread is waited for. */
const WAIT_MS = 50;

/** Has the deletion indexes written elsewhere, where they can be; what it answers waits for them. */
function beginDeletions(
  vocabulary: Vocabulary,
  channel: readonly GroupCost[],
  { writeDeletions }: AssembleOptions,
  progress: AssembleProgress,
): (() => Promise<WrittenDeletions>) | undefined {
  if (writeDeletions === undefined) return undefined;
  let done = 0;
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  const written = writeDeletions(vocabulary, channel, (hashes) => {
    done = hashes;
  });
  written.then(settle, settle);
  return async () => {
    while (!isSettled) {
      await progress('deletion indexes', done, DELETION_INDEXES.length * 2 ** 32);
      await Promise.race([written, sleep(WAIT_MS)]);
    }
    return written;
  };
}

/** Writes the deletion indexes in this thread. */
async function deletionsHere(
  vocabulary: Vocabulary,
  channel: readonly GroupCost[],
  { openWriter }: AssembleOptions,
  progress: AssembleProgress,
): Promise<WrittenDeletions> {
  const groups = new GroupChannel(channel);
  const written: WrittenDeletions[number][] = [];
  for (const name of DELETION_INDEXES) {
    await progress(name, 0, 2 ** 32);
    const suspects = new SuspectFinder(name, vocabulary, groups);
    const file = writeDeletions(name, vocabulary, openWriter, suspects, (hash) => void progress(name, hash, 2 ** 32));
    written.push({ file, suspects: suspects.found() });
  }
  return written;
}

/** The owner's text outweighs what is only general. */
function unigramWeight(source: CountedSource): number {
  return isOwners(source) ? 2 * source.weight : source.weight;
}

/** Whether a source is the owner's own text rather than general knowledge of the language. */
function isOwners(source: CountedSource): boolean {
  return source.wordClass !== 'general' && (source.role === 'documents' || source.role === 'queries');
}

/** The words of the owner's text, as often as they occur there; words of dictionaries are certain. */
function typedWords(vocabulary: Vocabulary, sources: readonly CountedSource[]): TypedWord[] {
  const { texts, flags, counts } = vocabulary;
  const owners = counts.filter((_, i) => isOwners(sources[i]!));
  const words: TypedWord[] = [];
  for (let id = FIRST_TERM_ID; id < texts.length; id++) {
    const count = owners.reduce((sum, of) => sum + of[id]!, 0);
    if (count > 0) words.push({ text: texts[id]!, count, isCertain: (flags[id]! & TermFlag.dictionary) !== 0 });
  }
  return words;
}

function evidencePerCount(source: CountedSource): number {
  return source.weight * (source.tokenCount > WEB_SCALE_TOKENS ? WEB_SCALE_EVIDENCE : 1);
}

function assembled(name: string, opened: ReturnType<OpenWriter>, summary: StoreSummary): AssembledFile {
  return {
    name,
    file: opened.file,
    kind: opened.kind,
    entries: summary.keyCount,
    bytes: summary.fileBytes,
    parameters: summary.parameters,
  };
}

async function writeTerms(
  vocabulary: Vocabulary,
  options: AssembleOptions,
  progress: AssembleProgress,
): Promise<AssembledFile> {
  const { bytes, starts } = encodeTexts(vocabulary.texts);
  const ids = new Uint32Array(vocabulary.texts.length - FIRST_TERM_ID).map((_, i) => i + FIRST_TERM_ID);
  sortKeys(ids, bytes, starts);
  const opened = options.openWriter('terms', { valueKind: 'uint', keyCount: ids.length });
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    opened.writer.add(bytes, starts[id]!, starts[id + 1]!, id);
    if (i % 10_000 === 0) await progress('terms', i, ids.length);
  }
  return assembled('terms', opened, opened.writer.finish());
}

async function writeNgrams(
  model: LanguageModel,
  options: AssembleOptions,
  progress: AssembleProgress,
): Promise<AssembledFile> {
  const keyCount = model.pairs.length + model.tripleLasts.length;
  const opened = options.openWriter('ngrams', { valueKind: 'uint', keyCount, mayMistake: true });
  const key = new Uint8Array(MAX_NGRAM_BYTES);
  let triple = 0;
  for (let pair = 0; pair < model.pairs.length; pair++) {
    const first = Math.floor(model.pairs[pair]! / ID_SPACE);
    const pairEnd = encodeId(secondOf(model.pairs[pair]!), key, encodeId(first, key, 0));
    const backoff = model.pairBackoffs[pair]!;
    const cost = -Math.log(model.pairProbabilities[pair]!);
    opened.writer.add(key, 0, pairEnd, encodeNgramValue(cost, backoff > 0 ? -Math.log(backoff) : -1));
    for (; model.triplePairs[triple] === pair; triple++) {
      const tripleEnd = encodeId(model.tripleLasts[triple]!, key, pairEnd);
      opened.writer.add(key, 0, tripleEnd, encodeNgramValue(-Math.log(model.tripleProbabilities[triple]!), -1));
    }
    if (pair % 50_000 === 0) await progress('n-grams', pair, model.pairs.length);
  }
  return assembled('ngrams', opened, opened.writer.finish());
}

/**
 * How frequent terms are in edited text: in dictionaries that come with counts, as those of books do. Misspellings that the web is full of are not
 * there. In the lexicon's steps; the costs of all text where no source says.
 */
function editedCosts({ counts }: Vocabulary, sources: readonly CountedSource[], unigramCosts: Uint8Array): Uint8Array {
  const edited = counts.filter((_, i) => isEdited(sources[i]!));
  const total = edited.reduce((sum, of) => sum + of.reduce((all, count) => all + count, 0), 0);
  if (total === 0) return unigramCosts;
  return unigramCosts.map((_, id) => {
    const count = edited.reduce((sum, of) => sum + of[id]!, 0);
    return count === 0 ? NOT_EDITED : Math.min(NOT_EDITED - 1, quantiseCost(-Math.log(count / total), UNIGRAM_STEP));
  });
}

function isEdited({ role, wordClass, weight }: CountedSource): boolean {
  return role === 'words' && wordClass === 'dictionary' && weight > 0;
}

function writeLexicon(
  vocabulary: Vocabulary,
  model: LanguageModel,
  sources: readonly CountedSource[],
  outDir: string,
): AssembledFile {
  const termCount = vocabulary.texts.length;
  const { bytes: text, starts: textOffsets } = encodeTexts(vocabulary.texts);
  const unigramCosts = new Uint8Array(termCount);
  const backoffCosts = new Uint8Array(termCount);
  for (let id = 0; id < termCount; id++) {
    unigramCosts[id] = id < FIRST_TERM_ID ? 255 : quantiseCost(-Math.log(vocabulary.probabilities[id]!), UNIGRAM_STEP);
    backoffCosts[id] = quantiseCost(-Math.log(model.backoffs[id]!), BACKOFF_STEP);
  }
  const edited = editedCosts(vocabulary, sources, unigramCosts);
  const { flags } = vocabulary;
  const arrays = { termCount, textOffsets, text, unigramCosts, backoffCosts, flags, editedCosts: edited };
  const bytes = encodeLexicon(arrays, TEXT_VERSION);
  writeFile(join(outDir, LEXICON_FILE), bytes);
  return {
    name: 'lexicon',
    file: LEXICON_FILE,
    kind: 'lexicon',
    entries: termCount - FIRST_TERM_ID,
    bytes: bytes.length,
    parameters: { textVersion: TEXT_VERSION },
  };
}

function writeNeighbours({ texts }: Vocabulary, model: LanguageModel, outDir: string): AssembledFile {
  const bytes = encodeNeighbours(neighboursOf(model, texts.length));
  writeFile(join(outDir, NEIGHBOURS_FILE), bytes);
  return {
    name: 'neighbours',
    file: NEIGHBOURS_FILE,
    kind: 'neighbours',
    entries: texts.length - FIRST_TERM_ID,
    bytes: bytes.length,
    parameters: {},
  };
}

function writeChannel({ costs, parameters }: LearnedChannel, outDir: string): AssembledFile {
  const text = encodeChannel(costs);
  writeFile(join(outDir, CHANNEL_FILE), text);
  return {
    name: 'channel',
    file: CHANNEL_FILE,
    kind: 'channel',
    entries: costs.length,
    bytes: Buffer.byteLength(text),
    parameters,
  };
}

function writeVectors(
  { texts }: Vocabulary,
  { source, words }: NonNullable<AssembleOptions['vectors']>,
  outDir: string,
): AssembledFile {
  const arrays = termVectors(texts, words);
  const bytes = encodeVectors(arrays);
  writeFile(join(outDir, VECTORS_FILE), bytes);
  const { dimensions } = arrays;
  return {
    name: 'vectors',
    file: VECTORS_FILE,
    kind: 'vectors',
    entries: arrays.values.length / dimensions,
    bytes: bytes.length,
    parameters: { dimensions, source },
  };
}

/** File names in every dataset; of vectors, in one that has some. */
const LEXICON_FILE = 'lexicon.bin';
const NEIGHBOURS_FILE = 'neighbours.bin';
const CHANNEL_FILE = 'channel.tsv';
const VECTORS_FILE = 'vectors.bin';
