import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../builders/commands/build.ts';
import { createRewriter, NO_RULES, type Pipeline } from '../../../services/rewrite/pipeline.ts';
import { partsOf } from '../../../services/tuned-parameters.ts';
import { type Dataset, openDataset } from '../../../stores/dataset/open.ts';
import { captureIo } from '../../support/command-io.ts';
import { rewriteNow } from '../../support/tiny-pipeline.ts';

/** A shop that writes every language with its marks, but for some names. */
const DOCUMENTS = [
  'Schlüssel Anhänger',
  'München Hotel',
  'Brüder Spielzeug Truck',
  'Kärcher Hochdruckreiniger',
  'Größe Tabelle',
  'schöne Schuhe',
  'schon gesehen',
  'schön gesehen',
  'Übung Buch',
  'smørrebrød opskrift',
  'Ålborg akvavit',
  'Århus hotel',
  'Malmö arena',
  'Fjällräven ryggsäck',
  'Ærø færge',
  'España mapa',
  'niño zapatos',
  'jalapeño salsa',
  'camión juguete',
  'crème brûlée',
  'crêpe pan',
  'œuvre complète',
  'Łódź mapa',
  'żółty kurtka',
  'kapı kolu',
  'ışık kaynağı',
  'Đoković majica',
  'Þór hamar',
  'cà phê',
  'Mueller Drogerie',
  'Waesche Korb',
  'Zurich mapa',
  'Ijsland reis',
  'poet shirt',
  'pöt shirt',
  'blue shoes',
  'resume writer',
  'résumé template',
  'cafe table',
  'café crème',
];

const FOUND: readonly (readonly [typed: string, meant: string])[] = [
  // German: digraph and bare letter, capitals, both in a word.
  ['schluessel', 'schlüssel'],
  ['schlussel anhanger', 'schlüssel anhänger'],
  ['Schluessel Anhaenger', 'Schlüssel Anhänger'],
  ['Munchen hotel', 'München hotel'],
  ['muenchen hotel', 'münchen hotel'],
  ['Brueder truck', 'Brüder truck'],
  ['Kaercher', 'Kärcher'],
  ['groesse tabelle', 'grösse tabelle'],
  ['UEBUNG Buch', 'ÜBUNG Buch'],
  ['  ubung  buch', '  übung  buch'],
  // Nordic.
  ['smorrebrod opskrift', 'smørrebrød opskrift'],
  ['smoerrebroed opskrift', 'smørrebrød opskrift'],
  ['Aarhus hotel', 'Århus hotel'],
  ['alborg akvavit', 'ålborg akvavit'],
  ['malmo arena', 'malmö arena'],
  ['Fjallraven ryggsack', 'Fjällräven ryggsäck'],
  ['fjaellraeven ryggsaeck', 'fjällräven ryggsäck'],
  ['aeroe faerge', 'ærø færge'],
  ['thor hamar', 'þór hamar'],
  // Spanish, French.
  ['espana mapa', 'españa mapa'],
  ['nino zapatos', 'niño zapatos'],
  ['Jalapeno salsa', 'Jalapeño salsa'],
  ['camion juguete', 'camión juguete'],
  ['creme brulee', 'crème brûlée'],
  ['oeuvre complete', 'œuvre complète'],
  // Polish, Turkish, Croatian, Vietnamese.
  ['lodz mapa', 'łódź mapa'],
  ['zolty kurtka', 'żółty kurtka'],
  ['kapi kolu', 'kapı kolu'],
  ['isik kaynagi', 'ışık kaynağı'],
  ['djokovic majica', 'đoković majica'],
  ['dokovic majica', 'đoković majica'],
  ['ca phe', 'cà phê'],
  // Typed with marks where the documents write none.
  ['Müller Drogerie', 'Mueller Drogerie'],
  ['wäsche korb', 'waesche korb'],
  ['Zürich mapa', 'Zurich mapa'],
  ['ÿsland reis', 'ijsland reis'],
  // With other marks, or one of two.
  ['Múnchen hotel', 'München hotel'],
  ['crèpe pan', 'crêpe pan'],
  ['smørrebrod opskrift', 'smørrebrød opskrift'],
  ['fjällraeven ryggsäck', 'fjällräven ryggsäck'],
  // With a slip beside.
  ['schluesel anhänger', 'schlüssel anhänger'],
  ['kaercherr hochdruckreiniger', 'kärcher hochdruckreiniger'],
  ['smoerebroed opskrift', 'smørrebrød opskrift'],
];

const STAYS = [
  'schon gesehen',
  'schön gesehen',
  'poet shirt',
  'blue shoes',
  'resume writer',
  'cafe table',
  'café crème',
  'München Hotel',
  'KAPI KOLU',
  'Mueller Drogerie',
  'ışık kaynağı',
];

describe('letters with marks', () => {
  let folder: string;
  let dataset: Dataset;
  let pipeline: Pipeline;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-marks-'));
    writeFileSync(join(folder, 'docs.txt'), `${Array.from({ length: 4 }, () => DOCUMENTS.join('\n')).join('\n')}\n`);
    const io = captureIo({ cwd: folder });
    expect([await run(['--out', 'shop', '--docs', 'docs.txt'], io), io.err()]).toEqual([0, '']);
    dataset = openDataset(join(folder, 'shop'));
    pipeline = createRewriter(partsOf(dataset));
  });
  afterAll(() => {
    dataset.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(FOUND)('are found for "%s"', (typed, meant) => {
    expect(rewriteNow(pipeline, typed)).toMatchObject({ rewritten: meant });
  });

  it.each(STAYS)('are left as typed in "%s"', (typed) => {
    expect(rewriteNow(pipeline, typed)).toMatchObject({ decision: 'none', search: typed });
  });

  it('are an edit of the whole word, which keeps its place', () => {
    const { edits } = rewriteNow(pipeline, 'der Schluessel, bitte');
    expect(edits).toMatchObject([{ offset: 4, length: 10, from: 'Schluessel', to: 'Schlüssel', kind: 'replace' }]);
  });

  it('are never changed unasked in a known word', () => {
    for (const typed of ['schon gesehen', 'resume template', 'cafe creme']) {
      expect(rewriteNow(pipeline, typed).search).toBe(typed === 'cafe creme' ? 'cafe crème' : typed);
    }
  });

  it('stay where a rule or the options forbid the change', () => {
    const isBlocked = (from: string, to: string) => from === 'muenchen' && to === 'münchen';
    const ruled = createRewriter({ ...partsOf(dataset), rules: { ...NO_RULES, isBlocked } });
    expect(rewriteNow(ruled, 'muenchen hotel').rewritten).not.toBe('münchen hotel');
    expect(rewriteNow(pipeline, 'muenchen hotel', { maxEdits: 0 })).toMatchObject({ decision: 'none' });
    expect(rewriteNow(pipeline, 'muenchen hotel', { maxEdits: 1 })).toMatchObject({ rewritten: 'münchen hotel' });
  });

  it('are found by edits alone in a dataset of before', () => {
    const parts = partsOf(dataset);
    const before = createRewriter({ ...parts, stores: { ...parts.stores, marks: undefined } });
    expect(rewriteNow(before, 'munchen hotel')).toMatchObject({ rewritten: 'münchen hotel' });
    expect(rewriteNow(before, 'Mueller Drogerie')).toMatchObject({ decision: 'none' });
  });
});
