import { join } from 'node:path';
import { buildOnce, type JvmProgram, jvmCommand, missingForJvm } from './jvm.ts';
import type { Peer, Variant } from './peer.ts';
import { type Vocabulary, vocabularyFile } from './vocabularies.ts';

const PROGRAM: JvmProgram = {
  main: 'SolrCollations',
  artifacts: ['org.apache.solr:solr-core:9.8.1'],
  // As bin/solr starts it.
  heapMb: 512,
};

/** maxResultsForSuggest: known words are put to question where no more documents are found. 0 would be always. */
const MAX_RESULTS = '1';

/** What may be set. */
interface Settings {
  /** Where words are checked: the documents' own, or the dataset's terms. */
  readonly words: Vocabulary | 'documents';
  /** What collations are tried against. */
  readonly against: 'documents' | 'documents and pairs';
  readonly accuracy: number;
  readonly maxEdits: 1 | 2;
  readonly minPrefix: number;
  /** Shorter words are left alone. */
  readonly minLength: number;
  /** What is best: what is most like the word, or the most frequent of what is alike enough. */
  readonly order: 'score' | 'freq';
  /** Whether WordBreakSolrSpellChecker splits words, and whether it joins them. */
  readonly breaks: 'none' | 'split' | 'both';
  /** maxCollationTries; 0: collations are not tried. */
  readonly tries: number;
  /** mm of queries and collations. */
  readonly mustMatch: string;
  /** alternativeTermCount: 0 leaves known words alone. */
  readonly alternatives: number;
}

const DEFAULTS: Settings = {
  words: 'all',
  against: 'documents and pairs',
  accuracy: 0.5,
  maxEdits: 2,
  minPrefix: 1,
  minLength: 4,
  order: 'score',
  breaks: 'both',
  tries: 10,
  mustMatch: '100%',
  alternatives: 0,
};

const AS_IT_COMES = variant({ ...DEFAULTS, words: 'documents', against: 'documents' });
const CHOSEN = variant({ ...DEFAULTS, maxEdits: 1, breaks: 'none', minPrefix: 0, order: 'freq', tries: 0 });

export const SOLR: Peer = {
  name: 'Solr collations',
  missing: missingForJvm,
  asItComes: AS_IT_COMES,
  chosen: CHOSEN,
  variants: [
    AS_IT_COMES,
    ...[
      {},
      { tries: 0 },
      { mustMatch: '2' },
      { accuracy: 0.8, breaks: 'none' as const, minPrefix: 0, tries: 0 },
      { maxEdits: 1 as const, breaks: 'none' as const, minPrefix: 0, order: 'freq' as const, tries: 0 },
      { maxEdits: 1 as const, breaks: 'none' as const, minPrefix: 0, order: 'freq' as const, mustMatch: '2' },
      { maxEdits: 1 as const, breaks: 'split' as const, minPrefix: 0, order: 'freq' as const, mustMatch: '2' },
      { maxEdits: 1 as const, breaks: 'none' as const, minPrefix: 0, mustMatch: '2', alternatives: 5 },
    ].map((changed) => variant({ ...DEFAULTS, ...changed })),
  ],
};

function variant(settings: Settings): Variant {
  const { words, against, accuracy, maxEdits, minPrefix, minLength, order, breaks, tries, mustMatch, alternatives } =
    settings;
  const checked = words === 'documents' ? 'the bundled documents' : `${words} terms of the dataset`;
  const when = { none: 'no word breaks', split: 'words split', both: 'words split and joined' }[breaks];
  const tried = tries === 0 ? 'not tried' : `tried up to ${tries} times against ${against}, mm ${mustMatch}`;
  return {
    settings:
      `words of ${checked}, accuracy ${accuracy}, edits ${maxEdits}, prefix ${minPrefix}, minQueryLength ${minLength}, by ${order}, ${when}, collations ${tried}, ` +
      `alternativeTermCount ${alternatives}`,
    prepare: async (workshop) => {
      const documents = join(workshop.material, 'documents.txt');
      const pairs = against === 'documents' ? '-' : join(workshop.material, 'pairs.tsv');
      const list = words === 'documents' ? '-' : await vocabularyFile(words, workshop);
      const home = buildOnce(PROGRAM, workshop, `solr-${words}-${pairs === '-' ? 'documents' : 'pairs'}`, [
        list,
        documents,
        pairs,
      ]);
      return jvmCommand(PROGRAM, workshop, [
        'answer',
        home,
        String(accuracy),
        String(maxEdits),
        String(minPrefix),
        String(minLength),
        order,
        breaks,
        String(tries),
        mustMatch,
        String(alternatives),
        MAX_RESULTS,
      ]);
    },
  };
}
