/**
 * How fast text becomes terms: `node dist/load/micro/text.js [FILE]`, a text a line (default: made-up sentences).
 *
 * Prints the median over interleaved rounds: documents by script, queries in both syntaxes, and texts made to be slow.
 */
import { median } from '../../services/figures/quantiles.ts';
import { normalise } from '../../stores/text/normalise.ts';
import { tokenise, tokeniseDocument } from '../../stores/text/tokenise.ts';
import { readText } from '../program/text-file.ts';

const ROUNDS = 7;

const VOCABULARIES: Readonly<Record<string, string>> = {
  English: 'the quick Brown fox jumps over a lazy dog, and the price of 24-inch screens (SKU-12A) is $20.',
  French: 'Le garçon a mangé une crêpe à Orléans, près du château élevé ; c’était déjà l’été.',
  Russian: 'Быстрая коричневая лиса прыгает через ленивую собаку. Москва, Россия: программирование',
  Chinese: '快速的棕色狐狸 跳过 懒狗。 手机壳，iPhone 大家好',
};

/** Texts whose naive reading takes quadratic time: repeated to the longest text that the service takes. */
const HOSTILE = ['"', '«', 'a:"', 'a:(', '[a TO ', '/a ', 'a@b', 'a.', '1-', '#a', '\u0301', '😀', 'a b '];
const HOSTILE_CHARACTERS = 16_384;

interface Subject {
  readonly name: string;
  readonly bytes: number;
  run(): void;
}

function subjects(file: string | undefined): Subject[] {
  const documents = Object.entries(VOCABULARIES).map(([name, text]) =>
    documentOf(`document, ${name}`, sentences(text)),
  );
  if (file !== undefined) documents.push(documentOf(`document, ${file}`, readText(file).split('\n')));
  const queries = sentences('wireles hedphones for runing 24/7 "teh beatles" lyrics site:example.com SKU-12A', 6);
  return [
    ...documents,
    {
      name: 'queries, plain',
      bytes: bytesOf(queries),
      run: () => each(queries, (q) => tokenise(q, { syntax: 'plain' })),
    },
    {
      name: 'queries, lucene',
      bytes: bytesOf(queries),
      run: () => each(queries, (q) => tokenise(q, { syntax: 'lucene' })),
    },
    { name: 'queries, normalise', bytes: bytesOf(queries), run: () => each(queries, normalise) },
    ...HOSTILE.map((part) => {
      const text = part.repeat(Math.ceil(HOSTILE_CHARACTERS / part.length));
      return {
        name: `hostile ${JSON.stringify(part)}`,
        bytes: Buffer.byteLength(text),
        run: () => tokenise(text, { syntax: 'lucene' }),
      };
    }),
  ];
}

function documentOf(name: string, lines: readonly string[]): Subject {
  return { name, bytes: bytesOf(lines), run: () => each(lines, tokeniseDocument) };
}

/** 2,000 lines of `count` words each, taken from the text in an order that repeats late. */
function sentences(text: string, count = 30): string[] {
  const words = text.split(' ');
  return Array.from({ length: 2000 }, (_, line) =>
    Array.from({ length: count }, (_, i) => words[(line * 7 + i * 3) % words.length]).join(' '),
  );
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

function each(lines: readonly string[], body: (line: string) => unknown): void {
  for (const line of lines) body(line);
}

const all = subjects(process.argv[2]);
const times = new Map(all.map((subject) => [subject, [] as number[]]));
for (let round = 0; round < ROUNDS; round++) {
  for (const subject of all) {
    const start = process.hrtime.bigint();
    subject.run();
    times.get(subject)?.push(Number(process.hrtime.bigint() - start));
  }
}
console.log(`node ${process.version}, median of ${ROUNDS} rounds`);
for (const [{ name, bytes }, nanoseconds] of times) {
  const tookNs = median(nanoseconds);
  const rate = ((bytes * 1e3) / tookNs).toFixed(1);
  console.log(`${name.padEnd(40)} ${rate.padStart(8)} MB/s ${(tookNs / 1e6).toFixed(2).padStart(10)} ms`);
}
