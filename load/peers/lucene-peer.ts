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
  /** Share of the documents above which a word is not corrected. */
  readonly maxQueryFrequency: number;
  /** When words are broken: never, where nothing is spelled alike, or before that is asked. */
  readonly breaks: 'none' | 'last' | 'first';
}

/** As DirectSpellChecker comes. */
const DEFAULTS: Settings = {
  index: 'all',
  mode: 'missing',
  accuracy: 0.5,
  maxEdits: 2,
  minPrefix: 1,
  maxQueryFrequency: 0.01,
  breaks: 'last',
};

const AS_IT_COMES = variant({ ...DEFAULTS, index: 'documents' });
const CHOSEN = variant({ ...DEFAULTS });

export const LUCENE: Peer = {
  name: 'Lucene, DirectSpellChecker and WordBreakSpellChecker',
  missing: missingForJvm,
  asItComes: AS_IT_COMES,
  chosen: CHOSEN,
  variants: [
    {},
    { index: 'documents' },
    { index: 'trusted' },
    { index: 'frequent' },
    { accuracy: 0.7 },
    { accuracy: 0.8 },
    { accuracy: 0.8, breaks: 'first' },
    { accuracy: 0.8, breaks: 'none' },
    { accuracy: 0.8, minPrefix: 0 },
    { accuracy: 0.8, maxEdits: 1 },
    { index: 'trusted', accuracy: 0.8 },
    { index: 'frequent', accuracy: 0.8 },
    { mode: 'popular', accuracy: 0.8 },
    { mode: 'popular', accuracy: 0.8, maxEdits: 1 },
  ].map((changed) => variant({ ...DEFAULTS, ...(changed as Partial<Settings>) })),
};

function variant(settings: Settings): Variant {
  const { index, mode, accuracy, maxEdits, minPrefix, maxQueryFrequency, breaks } = settings;
  const when = { none: 'no word breaks', last: 'breaks after spelling', first: 'breaks before spelling' }[breaks];
  const suggests = mode === 'popular' ? 'SUGGEST_MORE_POPULAR' : 'SUGGEST_WHEN_NOT_IN_INDEX';
  const over = index === 'documents' ? 'the bundled documents' : `${index} terms of the dataset`;
  return {
    settings: `index of ${over}, ${suggests}, accuracy ${accuracy}, edits ${maxEdits}, prefix ${minPrefix}, maxQueryFrequency ${maxQueryFrequency}, ${when}`,
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
        ...[accuracy, maxEdits, minPrefix, maxQueryFrequency].map(String),
        breaks,
      ]);
    },
  };
}
