import { join } from 'node:path';
import { buildOnce, type JvmProgram, jvmCommand, missingForJvm } from './jvm.ts';
import type { Peer, Variant } from './peer.ts';
import { type Vocabulary, vocabularyFile } from './vocabularies.ts';

const PROGRAM: JvmProgram = {
  main: 'LuceneSpelling',
  artifacts: ['org.apache.lucene:lucene-suggest:9.12.1'],
  heapMb: 128,
};

/** What may be set. */
interface Settings {
  readonly index: Vocabulary | 'documents';
  readonly mode: 'missing' | 'popular';
  readonly accuracy: number;
  readonly maxEdits: 1 | 2;
  readonly minPrefix: number;
  /** Shorter words are left alone. */
  readonly minLength: number;
  /** What is best: what is most like the word, or the most frequent of what is alike enough. */
  readonly order: 'score' | 'freq';
  /** Matches looked at for one suggestion. */
  readonly inspections: number;
  /** Share of the documents above which a word is not corrected. */
  readonly maxQueryFrequency: number;
  /** Whether words for which nothing is spelled alike are split, and whether words are joined. */
  readonly breaks: 'none' | 'split' | 'both';
  /** Documents in which each part of a split, or a joined word, must stand. */
  readonly minBreakFrequency: number;
}

/** As DirectSpellChecker comes. */
const DEFAULTS: Settings = {
  index: 'all',
  mode: 'missing',
  accuracy: 0.5,
  maxEdits: 2,
  minPrefix: 1,
  minLength: 4,
  order: 'score',
  inspections: 5,
  maxQueryFrequency: 0.01,
  breaks: 'both',
  minBreakFrequency: 1,
};

const AS_IT_COMES = variant({ ...DEFAULTS, index: 'documents' });
const CHOSEN = variant({
  ...DEFAULTS,
  maxEdits: 1,
  breaks: 'none',
  minPrefix: 0,
  inspections: 200,
  order: 'freq',
});

export const LUCENE: Peer = {
  name: 'Lucene spell checkers',
  missing: missingForJvm,
  asItComes: AS_IT_COMES,
  chosen: CHOSEN,
  variants: [
    {},
    { index: 'documents' },
    { index: 'trusted' },
    { index: 'frequent' },
    { inspections: 200 },
    { breaks: 'none' },
    { accuracy: 0.8, breaks: 'none', minPrefix: 0 },
    { accuracy: 0.8, breaks: 'none', minPrefix: 0, inspections: 200 },
    { maxEdits: 1, breaks: 'none', minPrefix: 0, inspections: 200 },
    { maxEdits: 1, breaks: 'none', minPrefix: 0, inspections: 200, order: 'freq' },
    { maxEdits: 1, breaks: 'none', minPrefix: 0, inspections: 200, order: 'freq', minLength: 3 },
    { maxEdits: 1, breaks: 'none', minPrefix: 0, inspections: 200, order: 'freq', minLength: 2 },
    { maxEdits: 1, breaks: 'both', minPrefix: 0, inspections: 200, order: 'freq', minBreakFrequency: 200 },
    { maxEdits: 1, breaks: 'none', minPrefix: 0, inspections: 200, order: 'freq', mode: 'popular' },
  ].map((changed) => variant({ ...DEFAULTS, ...(changed as Partial<Settings>) })),
};

function variant(settings: Settings): Variant {
  const {
    index,
    mode,
    accuracy,
    maxEdits,
    minPrefix,
    minLength,
    order,
    inspections,
    maxQueryFrequency,
    breaks,
    minBreakFrequency,
  } = settings;
  const when = { none: 'no word breaks', split: 'words split', both: 'words split and joined' }[breaks];
  const parts = breaks === 'none' ? '' : `, minSuggestionFrequency of parts ${minBreakFrequency}`;
  const suggests = mode === 'popular' ? 'SUGGEST_MORE_POPULAR' : 'SUGGEST_WHEN_NOT_IN_INDEX';
  const over = index === 'documents' ? 'the bundled documents' : `${index} terms of the dataset`;
  return {
    settings: `DirectSpellChecker, WordBreakSpellChecker: index of ${over}, ${suggests}, accuracy ${accuracy}, edits ${maxEdits}, prefix ${minPrefix}, minQueryLength ${minLength}, by ${order}, maxInspections ${inspections}, maxQueryFrequency ${maxQueryFrequency}, ${when}${parts}`,
    prepare: async (workshop) => {
      const [kind, file] =
        index === 'documents'
          ? ['documents', join(workshop.material, 'documents.txt')]
          : ['words', await vocabularyFile(index, workshop)];
      const folder = buildOnce(PROGRAM, workshop, `lucene-${index}`, [kind, file]);
      return jvmCommand(PROGRAM, workshop, [
        'answer',
        folder,
        mode,
        ...[accuracy, maxEdits, minPrefix, minLength, maxQueryFrequency].map(String),
        breaks,
        String(minBreakFrequency),
        order,
        String(inspections),
      ]);
    },
  };
}
