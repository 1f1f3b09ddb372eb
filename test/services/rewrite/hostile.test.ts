import type { RewriteAnswer } from '../../../services/rewrite/answer.ts';
import { pathsWithin } from '../../../services/rewrite/budget.ts';
import { DEFAULT_OPTIONS, type RewriteOptions } from '../../../services/rewrite/options.ts';
import { createRewriter } from '../../../services/rewrite/pipeline.ts';
import { partsOf } from '../../../services/tuned-parameters.ts';
import type { Store } from '../../../stores/store.ts';
import { expectSound } from '../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const offering = { ...ENGLISH_PARAMETERS, suggestAbove: 0.01 };

describe('a long run of words', () => {
  it.each([
    ['newyorkcityhotelswirelessheadphonesforrunning', 'new york city hotels wireless headphones for running'],
    // More than ten words, and one of them misspelled.
    [
      'newyorkhotelsforrunningnewyorkhotelsforwirelessspeaker',
      'new york hotels for running new york hotels for wireless speaker',
    ],
    [
      'newyorkcityhotelswirelesshedphonesforrunningshoesnewyork',
      'new york city hotels wireless headphones for running shoes new york',
    ],
  ])('is cut, and says that it was not looked at as one word: %s', (query, right) => {
    const answer = rewriteNow(tiny.pipeline({}, offering), query);
    expect([answer.rewritten, answer.reasons]).toEqual([right, ['too-long']]);
  });

  it('is left alone where it is none, with the reason', () => {
    const answer = rewriteNow(tiny.pipeline(), 'xqzkjvwp'.repeat(6));
    expect([answer.decision, answer.reasons]).toEqual(['none', ['too-long']]);
    expect(rewriteNow(tiny.pipeline(), 'xqzkjvwp'.repeat(5)).reasons).toEqual([]);
  });
});

describe('bounds', () => {
  const filler = 'wireless headphones ';
  const at1000 = filler.repeat(50);

  it('correct a query of 1,024 characters at its end', () => {
    const query = `${at1000}for running adidsa shose`;
    expect(query.length).toBeGreaterThanOrEqual(1024);
    const answer = rewriteNow(tiny.pipeline({}, offering), query);
    expect(answer.rewritten).toBe(`${at1000}for running adidas shoes`);
    expect(answer.reasons).toEqual([]);
  });

  it('correct a query of 128 words at its end', () => {
    const query = `${'new york '.repeat(63)}adidsa shose`;
    expect(query.split(' ').length).toBe(128);
    expect(rewriteNow(tiny.pipeline({}, offering), query).rewritten).toBe(`${'new york '.repeat(63)}adidas shoes`);
  });

  it('leave out alternatives that repeat hundreds of edits, and say so', () => {
    const options = { ...DEFAULT_OPTIONS, alternatives: 10, errorRate: 0.99, costOfBreaking: 0 };
    const pipeline = tiny.pipeline({}, offering);
    const long = rewriteNow(pipeline, 'shoe '.repeat(128).trim(), options);
    expect(long.edits.length).toBeGreaterThan(100);
    expect(long.alternatives.length).toBeGreaterThan(0);
    expect(long.alternatives.flatMap(({ edits }) => edits).length).toBeLessThanOrEqual(200);
    expect(long.reasons).toContain('too-many-edits');
    expectSound(long, options);
    const short = rewriteNow(pipeline, 'adidsa shose wireles hedphones', options);
    expect(short.reasons).toEqual([]);
  });

  it('state the evidence of an edit once in an answer', () => {
    const options = { ...DEFAULT_OPTIONS, alternatives: 10, errorRate: 0.99 };
    const { edits, alternatives } = rewriteNow(tiny.pipeline({}, offering), 'adidsa shose wireles hedphones', options);
    const seen = new Set<string>();
    for (const { offset, length, to, evidence } of [...edits, ...alternatives.flatMap((one) => one.edits)]) {
      const edit = `${offset} ${length} ${to}`;
      expect(Object.keys(evidence).length === 0).toBe(seen.has(edit));
      seen.add(edit);
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  it('correct a query of 128 misspelled words, the last as the first', () => {
    const words = `adidsa shose wireles hedphones `.repeat(32).trim();
    expect(rewriteNow(tiny.pipeline({}, offering), words).rewritten).toBe(
      'adidas shoes wireless headphones '.repeat(32).trim(),
    );
  });

  it('pass the rest through, with the reason, and correct what lies within', () => {
    for (const rest of [filler.repeat(200), 'new york '.repeat(400)]) {
      const query = `adidsa shose ${rest}adidsa shose 24/7`;
      const answer = rewriteNow(tiny.pipeline({}, offering), query);
      expect(answer.rewritten).toBe(`adidas shoes ${rest}adidsa shose 24/7`);
      expect(answer.reasons).toEqual(['too-long']);
      expect(answer.protected.map(({ why }) => why)).toEqual(['number']);
    }
  });
});

/** The stores of the dataset, and how often each was asked. */
function countedStores() {
  const asked = { terms: 0, ngrams: 0, deletes1: 0, deletes2: 0 };
  const counted = (name: keyof typeof asked): Store =>
    new Proxy(tiny.dataset.stores[name], {
      get(store, property) {
        const value: unknown = Reflect.get(store, property, store);
        if (typeof value !== 'function') return value;
        if (property === 'find' || property === 'findBytes') asked[name]++;
        return value.bind(store);
      },
    });
  const stores = {
    ...tiny.dataset.stores,
    terms: counted('terms'),
    ngrams: counted('ngrams'),
    deletes1: counted('deletes1'),
    deletes2: counted('deletes2'),
  };
  return { stores, asked };
}

describe('hostile queries', () => {
  const KIB_16 = 16 * 1024;
  const fill = (text: string) => text.repeat(Math.ceil(KIB_16 / text.length)).slice(0, KIB_16);
  it.each([
    ['one letter 5,000 times', 'a'.repeat(5000)],
    ['5,000 spaces', ' '.repeat(5000)],
    ['2,000 words of one letter', 'a '.repeat(2000)],
    ['16 KiB of words of one letter', fill('i ')],
    ['16 KiB of words run together', fill('newyorkhotelscityforrunning')],
    ['words run together just within the bound', 'newyorkhotelscityforrunning'.repeat(75)],
    ['160 words of 12 letters run together', `${'newyorkcityx '.repeat(160)}`],
    ['16 KiB of misspelled words', fill('adidsa shose ')],
    ['apostrophes alone', fill("'")],
    ['apostrophes between letters', fill("a'")],
    ['curly apostrophes', fill('o\u2019')],
    ['16 KiB of quotes', fill('"')],
    ['16 KiB of hyphens', fill('-a')],
    ['16 KiB of colons', fill('a:')],
    ['16 KiB of parentheses', fill('(')],
    ['16 KiB of marks on one letter', `a${fill('\u0301')}`],
    ['16 KiB of emoji', fill('\u{1f600}')],
    ['16 KiB of Chinese', fill('耳机')],
    ['16 KiB of ligatures', fill('ﷺ')],
    ['16 KiB of numbers', fill('1 ')],
    ['16 KiB of letters and digits in turn', fill('a1')],
    ['160 part numbers of words with slips', `${'adidsa5shose7runing '.repeat(102)}`],
    ['words run together around digits', `${'newyorkhotels1cityforruning2newyorkhotls '.repeat(49)}`],
    ['16 KiB of dots', fill('a.')],
  ])('are answered with bounded work: %s', (_, query) => {
    for (const syntax of ['plain', 'lucene'] as const) {
      const { stores, asked } = countedStores();
      const pipeline = createRewriter({ ...partsOf(tiny.dataset), stores, parameters: offering });
      const options: RewriteOptions = { ...DEFAULT_OPTIONS, syntax, alternatives: 1, explain: true };
      const answer = rewriteNow(pipeline, query, options);
      expectSound(answer, options);
      const proposed = detailOf(answer, 'proposed');
      expect(proposed('arcs')).toBeLessThanOrEqual(4_100);
      // At most 2,048 units and 160 words are worked on; a word is probed at most 41 + 29 times, and so are two together.
      expect(asked.deletes1 + asked.deletes2).toBe(proposed('probes'));
      expect(proposed('probes')).toBeLessThanOrEqual(160 * 2 * 70);
      // Past 6,000 units of work, and the word that got it there, a word is looked up 41 times at most, for 24 terms each.
      expect(proposed('work')).toBeLessThanOrEqual(6_000 + 70 * 516 + 160 * 41 * 28);
      // Every unit begins at most 22 parts of each of two words that hold it; then each token and its stems.
      expect(asked.terms).toBeLessThanOrEqual(3 * 22 * 2_048 + 3 * query.length);
      expect(asked.ngrams).toBeLessThanOrEqual(150_000);
    }
  });

  it('get less of every word, and fewer readings, beyond their budget of work, and say so', () => {
    const pipeline = tiny.pipeline({}, offering);
    const ask = (query: string) => {
      const answer = rewriteNow(pipeline, query, { explain: true });
      return { reasons: answer.reasons, work: detailOf(answer, 'proposed')('work') };
    };
    const [short, long] = ['wireles hedphones', 'wireles-hedphones '.repeat(75)].map(ask);
    expect(short).toEqual({ reasons: [], work: 400 });
    expect(long?.reasons).toEqual(['too-much-work']);
    expect(long?.work).toBeLessThan(10_000);
    expect(pathsWithin({ work: 10_000 })).toBeLessThan(pathsWithin({ work: 400 }));
  });

  it('are not even read far beyond what is corrected, where letters come apart into many', () => {
    const pipeline = tiny.pipeline({}, offering);
    const long = `adidsa shose ${'\ufdfa '.repeat(5000)}`;
    const answer = rewriteNow(pipeline, long);
    expect(answer.rewritten).toBe(`adidas shoes ${'\ufdfa '.repeat(5000)}`);
    expect(answer.reasons).toContain('too-long');
    // 18 for each letter that was read, and the rest as typed.
    expect(answer.normalized.length).toBeLessThan(2_112 * 10 + long.length);
  });

  it('leave alone what is quoted though the quotation ends beyond what is read', () => {
    const pipeline = tiny.pipeline({}, offering);
    for (const [open, close] of ['""', '\u201c\u201d', '\u00ab\u00bb']) {
      const quoted = `${open}adidsa ${'caf\u00e9 '.repeat(500)}${close}`;
      expect(rewriteNow(pipeline, `shose ${quoted}`).rewritten).toBe(`shoes ${quoted}`);
    }
  });

  it('leave little behind: the decoder keeps no room for each of thousands of words', () => {
    const pipeline = tiny.pipeline();
    rewriteNow(pipeline, 'new york '.repeat(20));
    const before = process.memoryUsage().arrayBuffers;
    rewriteNow(pipeline, 'i '.repeat(KIB_16 / 2));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
  });
});

function detailOf(answer: RewriteAnswer, event: string): (name: string) => number {
  const entry = answer.trace.find((one) => one.event === event);
  return (name) => {
    const value = entry?.detail?.[name];
    if (typeof value !== 'number') throw new Error(`the trace has no ${event}.${name}`);
    return value;
  };
}
