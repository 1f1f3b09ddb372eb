import { casePattern, inCaseOf } from '../../../stores/text/case-pattern.ts';
import { normalise } from '../../../stores/text/normalise.ts';
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
