/** The phonetic index: which terms sound alike. */
import { encodePostings } from '../../stores/deletes/postings.ts';
import { FIRST_TERM_ID, TermFlag } from '../../stores/lexicon/format.ts';
import { MAX_KEY_LENGTH, MIN_KEY_LENGTH, PhoneticKeys } from '../../stores/phonetic/keys.ts';
import type { PhoneticRules } from '../../stores/phonetic/rules.ts';
import type { AssembledFile, OpenWriter } from './assembled-file.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Shorter terms are found by their letters. */
const MIN_TERM_LENGTH = 4;
const MAX_TERM_LENGTH = 40;
/** Terms of one key, the commonest: the word that was meant is third among them on average (1,000 spelled by ear). */
const MAX_TERMS = 64;
const LEFT_OUT = TermFlag.variant | TermFlag.suspect | TermFlag.runOn;

/**
 * Writes the phonetic index of a vocabulary. Memory: 4 bytes a term and a text a key.
 *
 * @param language whose rules these are, for the manifest
 */
export async function writePhonetics(
  { texts, flags }: Vocabulary,
  language: string,
  rules: PhoneticRules,
  openWriter: OpenWriter,
): Promise<AssembledFile> {
  const keys = new PhoneticKeys(rules);
  const idsByKey = new Map<string, number[]>();
  const units = new Uint16Array(MAX_TERM_LENGTH);
  const key = Buffer.alloc(MAX_KEY_LENGTH);
  let cut = 0;
  for (let id = FIRST_TERM_ID; id < texts.length; id++) {
    const text = texts[id]!;
    if (text.length < MIN_TERM_LENGTH || text.length > MAX_TERM_LENGTH || (flags[id]! & LEFT_OUT) !== 0) continue;
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
    const length = keys.write(units, text.length, key);
    if (length < MIN_KEY_LENGTH) continue;
    const name = key.toString('latin1', 0, length);
    const ids = idsByKey.get(name);
    if (ids === undefined) idsByKey.set(name, [id]);
    else if (ids.length < MAX_TERMS) ids.push(id);
    else cut++;
  }
  // ASCII: JavaScript's order is the order of bytes.
  const names = [...idsByKey.keys()].sort();
  const { writer, file, kind } = openWriter('phonetic', { valueKind: 'bytes', keyCount: names.length });
  for (const name of names) {
    const bytes = Buffer.from(name, 'latin1');
    const ids = Uint32Array.from(idsByKey.get(name)!);
    const postings = encodePostings(ids, ids.length);
    writer.addBytes(bytes, 0, bytes.length, postings, 0, postings.length);
  }
  const { keyCount, fileBytes, parameters } = writer.finish();
  const described = { ...parameters, language, keyVersion: rules.version, cut };
  return { name: 'phonetic', file, kind, entries: keyCount, bytes: fileBytes, parameters: described };
}
