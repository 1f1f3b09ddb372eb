import { compareBytes } from '../../stores/bytes/compare.ts';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';
import type { CountedSource } from '../count/counted-source.ts';
import type { WrittenForm } from '../extract/written-forms.ts';
import type { AssembledFile, OpenWriter } from './assembled-file.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The form of a term is the owner's where the documents write it so this often, and at least twice. */
const LEAST_SHARE = 0.8;
const LEAST_COUNT = 2;

/** Terms with the one form in which the owner's documents write them (`iphone` -> `iPhone`), in byte order. */
export function ownForms(
  written: readonly WrittenForm[],
  sources: readonly CountedSource[],
  vocabulary: Vocabulary,
): [term: Uint8Array, form: Uint8Array][] {
  const counts = new Map<string, Map<string, number>>();
  for (const { term, form, count } of written) {
    const forms = counts.get(term) ?? new Map<string, number>();
    counts.set(term, forms.set(form, (forms.get(form) ?? 0) + count));
  }
  const documents = sources.flatMap(({ role }, s) => (role === 'documents' ? [vocabulary.counts[s]!] : []));
  const own: [Uint8Array, Uint8Array][] = [];
  for (const [term, forms] of counts) {
    const id = vocabulary.idOf.get(term);
    if (id === undefined) continue;
    const all = documents.reduce((sum, ofSource) => sum + ofSource[id]!, 0);
    const [form, count] = [...forms].sort((a, b) => b[1] - a[1])[0]!;
    if (count >= LEAST_COUNT && count >= LEAST_SHARE * all) own.push([encodeUtf8(term), encodeUtf8(form)]);
  }
  return own.sort(([a], [b]) => compareBytes(a, 0, a.length, b, 0, b.length));
}

/** Writes the store of forms. */
export function writeOwnForms(
  forms: readonly (readonly [Uint8Array, Uint8Array])[],
  openWriter: OpenWriter,
): AssembledFile {
  const { writer, file, kind } = openWriter('forms', { valueKind: 'bytes', keyCount: forms.length });
  for (const [term, form] of forms) writer.addBytes(term, 0, term.length, form, 0, form.length);
  const { keyCount, fileBytes, parameters } = writer.finish();
  return { name: 'forms', file, kind, entries: keyCount, bytes: fileBytes, parameters };
}
