import { casePattern, inCaseOf } from '../../../stores/text/case-pattern.ts';
import { normalise } from '../../../stores/text/normalise.ts';
import { Scanner } from '../../../stores/text/scanner.ts';
import { scriptOf } from '../../../stores/text/script.ts';

describe('normalise', () => {
  it.each([
    ['  Hello \t\r\n World\0! ', 'hello world !'],
    ['already normal', 'already normal'],
    ['', ''],
    ['   ', ''],
    ['“Curly” ‘single’ don’t don´t don`t', "\"curly\" 'single' don't don't don't"],
    ['Straße STRASSE GROẞ', 'strasse strasse gross'],
    ['ΟΔΥΣΣΕΥΣ Οδυσσευς', 'οδυσσευσ οδυσσευσ'],
    ['İstanbul I\u0307stanbul ISTANBUL ısı', 'istanbul istanbul istanbul ısı'],
    ['ﬁne Ｆｕｌｌ １２ ｶﾞ', 'fine full 12 ガ'],
    ['e\u0301 é', 'é é'],
    ['so\u00adft \u200bzero\ufeff', 'soft zero'],
    ['10–20 −5 wi‑fi', '10-20 -5 wi-fi'],
    ['½ 1½ m²', '1/2 1-1/2 m2'],
    ['5′6″', '5\'6"'],
    ['\ud800', '\ud800'],
    ['coŀlecció COĿLECCIÓ', 'col·lecció col·lecció'],
    ['５０％', '50%'],
    // England, Scotland, Wales, a black flag; a pirate's, a rainbow, a family, three people.
    [
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    ],
    [
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}x',
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}x',
    ],
    [
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}',
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}',
    ],
    ['\u{1f3f4}', '\u{1f3f4}'],
    ['\u{1f3f4}\u{e0067}\u{e0062} a\u{e0067}\u{e007f}', '\u{1f3f4} a'],
    ['\u{1f3f4}\u200d\u2620\ufe0f \u{1f3f3}\ufe0f\u200d\u{1f308}', '\u{1f3f4}\u200d\u2620 \u{1f3f3}\u200d\u{1f308}'],
    [
      '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f468}\u{1f469}\u{1f467}',
      '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f468}\u{1f469}\u{1f467}',
    ],
    ['\u{1f469}\u{1f3fd}\u200d\u{1f680}', '\u{1f469}\u{1f3fd}\u200d\u{1f680}'],
    ['a\u200db \u{1f469}\u200d ♥\u200d™', 'ab \u{1f469} ♥tm'],
  ])('%j -> %j', (raw, expected) => {
    expect(normalise(raw)).toBe(expected);
  });

  it('is idempotent for every code point, alone and before a mark', () => {
    const wrong: string[] = [];
    for (let codePoint = 0; codePoint < 0x20000; codePoint++) {
      const text = `${String.fromCodePoint(codePoint)}\u0301`;
      const once = normalise(text);
      if (normalise(once) !== once) wrong.push(codePoint.toString(16));
    }
    expect(wrong).toEqual([]);
  });
});

describe('runs of combining marks', () => {
  const acute = '\u0301';

  it('stay up to thirty', () => {
    const text = `q${acute.repeat(30)}r`;
    expect(normalise(text)).toBe(text);
    expect(normalise(`q${acute.repeat(31)}r`)).toBe(text);
    expect(normalise(`q${acute.repeat(500)}r q${acute.repeat(40)}`)).toBe(`${text} q${acute.repeat(30)}`);
    expect(normalise(acute.repeat(100))).toBe(acute.repeat(30));
  });

  it('are counted after they come apart, and with half-width voicing marks', () => {
    expect(normalise(`q${'\u0344'.repeat(30)}`)).toBe(`q${'\u0308\u0301'.repeat(15)}`);
    expect(normalise(`か${'\uff9e'.repeat(60)}`)).toBe(`が${'\u3099'.repeat(29)}`);
  });

  it('are counted across invisible characters', () => {
    expect(normalise(`q${`${acute}\u200b`.repeat(60)}r`)).toBe(`q${acute.repeat(30)}r`);
  });

  it('leave every language alone', () => {
    for (const text of ['ক্ষ্ম্য', 'שָׁלוֹם', 'مُحَمَّدٌ', 'ཧཱུྃ', 'tiếng việt', 'กี่กิโล', 'z̧̀ḁ̌']) {
      expect(normalise(text)).toBe(text.normalize('NFKC'));
    }
  });

  it('reach Unicode normalisation in runs short enough to be put in order at once', () => {
    // What putting marks in order may cost: the square of each run of them.
    const MARKS = /[\p{M}\uff9e\uff9f]+/gu;
    const asked: string[] = [];
    const original = String.prototype.normalize;
    const kinds = [
      ...[
        '\u0301',
        '\u0301\u0323',
        '\u0344',
        '\u3099',
        '\uff9e',
        '\u05b0\u05b1',
        '\u064b\u0651',
        '\u0f73',
        '\u0f73\u0344',
      ],
      ...[
        '\u0ccb',
        '\u{1d165}\u{1d16d}',
        '\u0301\u200b\u0323',
        '\u0345\u0301',
        '\u0e33\u0e38',
        'a\u0323\u0301',
        '\u{16126}',
        '\u1161\u11a8',
      ],
    ];
    for (const kind of kinds) {
      for (const text of ['', 'a', 'İ', '1½', '中', '😀'].map((base) => base + kind.repeat(4000 / kind.length))) {
        asked.length = 0;
        String.prototype.normalize = function (form?: string): string {
          asked.push(String(this));
          return original.call(this, form);
        };
        try {
          normalise(text);
          for (const mode of ['plain', 'lucene', 'document'] as const) new Scanner(text, mode).scan();
        } finally {
          String.prototype.normalize = original;
        }
        let steps = 0;
        for (const one of asked) {
          steps += one.length;
          for (const [run] of one.matchAll(MARKS)) steps += run.length ** 2;
        }
        // Four readings, two passes each; of runs of at most 60 units each unit costs at most 60 steps.
        expect([kind, steps <= 8 * 61 * text.length]).toEqual([kind, true]);
      }
    }
  });
});

describe('scriptOf', () => {
  it.each([
    ['hello', 'Latin'],
    ["don't", 'Latin'],
    ['café', 'Latin'],
    ['rtx4090', 'Latin'],
    ['привет', 'Cyrillic'],
    ['γειά', 'Greek'],
    ['שלום', 'Hebrew'],
    ['مرحبا', 'Arabic'],
    ['手机', 'Han'],
    ['テレビ台', 'Japanese'],
    ['한국어', 'Hangul'],
    ['สวัสดี', 'Thai'],
    ['नमस्ते', 'Devanagari'],
    ['pаypal', 'Mixed'],
    ['24/7', 'None'],
    ['😀', 'None'],
    ['', 'None'],
    ['ᐃᓄᒃ', 'Other'],
  ])('%s is %s', (term, script) => {
    expect(scriptOf(term)).toBe(script);
  });
});

describe('case patterns', () => {
  it.each([
    ['adidsa', 'lower', 'adidas', 'adidas'],
    ['Adidsa', 'title', 'adidas', 'Adidas'],
    ['ADIDSA', 'upper', 'adidas', 'ADIDAS'],
    ['iPhnoe', 'mixed', 'iphone', 'iPhone'],
    ['PlayStaton', 'mixed', 'playstation', 'PlayStation'],
    ['McDonlads', 'mixed', "mcdonald's", "McDonald's"],
    ['wireTransfers', 'mixed', 'wire transfers', 'wire Transfers'],
    ['NullPointerExcepton', 'mixed', 'null pointer exception', 'Null Pointer Exception'],
    ['MacBok Pro', 'mixed', 'macbook pro', 'MacBook Pro'],
    ['HDMIcabel', 'mixed', 'hdmi cable', 'HDMI cable'],
    ['HMDIcable', 'mixed', 'hdmi cable', 'HDMI cable'],
    ['HDIcable', 'mixed', 'hdmi cable', 'HDMI cable'],
    ['yuoTube', 'mixed', 'youtube', 'youTube'],
    ['Head Phones', 'title', 'headphones', 'Headphones'],
    // Beyond 64 letters between what both share at their ends nothing is aligned.
    ['xX'.repeat(40), 'mixed', 'xy'.repeat(40), `xy${'xy'.repeat(39)}`],
    ['strAsse', 'mixed', 'straße', 'strAße'],
    ['Newyork', 'title', 'new york', 'New York'],
    ['NEWYORK', 'upper', 'new york', 'NEW YORK'],
    ['A', 'title', 'an', 'An'],
    ['手机', 'lower', '手機', '手機'],
    ['24', 'lower', 'x', 'x'],
    ['Éclar', 'title', 'éclair', 'Éclair'],
    ['', 'lower', '', ''],
  ])('%s is %s: %s becomes %s', (typed, pattern, replacement, expected) => {
    expect(casePattern(typed)).toBe(pattern);
    expect(inCaseOf(typed, replacement)).toBe(expected);
  });
});
