/** The visible text of HTML within a document. */

/** Elements that only change how their text looks: they do not separate words. */
const INLINE = 'b|big|code|em|font|i|ins|kbd|mark|s|samp|small|strike|strong|sub|sup|tt|u|var|wbr';
/** Elements beside which text goes on, with a space. */
const SPACED = 'a|abbr|acronym|bdi|bdo|button|cite|del|dfn|img|input|label|meter|picture|q|span|time|tr|td|th|caption';
/** Elements that begin and end a text of their own. */
const BLOCKS =
  'address|article|aside|blockquote|body|br|center|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|' +
  'h[1-6]|head|header|hr|html|iframe|legend|li|link|main|meta|nav|noscript|object|ol|optgroup|option|p|pre|section|select|' +
  'source|summary|svg|table|tbody|template|textarea|tfoot|thead|title|ul|video|audio|embed|param|path|g';

const TAG = new RegExp(`</?(${INLINE}|${SPACED}|${BLOCKS})(?:\\s[^<>]*|/)?>`, 'gi');
/** Elements that need no end. */
const UNCLOSED = /^(?:br|hr|wbr|img|input|p|li|dd|dt|td|th|tr|option|col|thead|tbody|tfoot)$/i;
const IS_INLINE = new RegExp(`^(?:${INLINE})$`, 'i');
const IS_SPACED = new RegExp(`^(?:${SPACED})$`, 'i');
/** Invisible parts: comments, scripts and styles with their content. */
const HIDDEN =
  /<!--[\s\S]*?(?:-->|$)|<(script|style)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)|<!doctype[^<>]*>|<!\[CDATA\[|\]\]>/gi;
const ENTITY = /&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,7});/gi;

/** Named characters that texts of shops and wikis have; the Latin ones are made from their parts. */
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    ensp: ' ',
    emsp: ' ',
    thinsp: ' ',
    shy: '\u00ad',
    zwj: '\u200d',
    zwnj: '\u200c',
    ndash: '–',
    mdash: '—',
    lsquo: '‘',
    rsquo: '’',
    sbquo: '‚',
    ldquo: '“',
    rdquo: '”',
    bdquo: '„',
    laquo: '«',
    raquo: '»',
    hellip: '…',
    bull: '•',
    middot: '·',
    copy: '©',
    reg: '®',
    trade: '™',
    deg: '°',
    euro: '€',
    pound: '£',
    yen: '¥',
    cent: '¢',
    sect: '§',
    para: '¶',
    times: '×',
    divide: '÷',
    plusmn: '±',
    micro: 'µ',
    frac12: '½',
    frac14: '¼',
    frac34: '¾',
    sup2: '²',
    sup3: '³',
    szlig: 'ß',
    aelig: 'æ',
    AElig: 'Æ',
    oelig: 'œ',
    OElig: 'Œ',
    oslash: 'ø',
    Oslash: 'Ø',
    eth: 'ð',
    ETH: 'Ð',
    thorn: 'þ',
    THORN: 'Þ',
    iexcl: '¡',
    iquest: '¿',
    ordf: 'ª',
    ordm: 'º',
  }),
);

/** Marks of the Latin letters: `eacute` is e with an acute accent. */
const MARKS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    grave: '\u0300',
    acute: '\u0301',
    circ: '\u0302',
    tilde: '\u0303',
    uml: '\u0308',
    ring: '\u030a',
    caron: '\u030c',
    cedil: '\u0327',
  }),
);

/**
 * The texts of a text that may be HTML, in one array for each block: without tags, comments, scripts and styles, with
 * characters in place of entities. A text without any is returned as it is; `<` and `&` that begin nothing of HTML are kept.
 */
export function textsOfHtml(text: string): readonly string[] {
  let texts: readonly string[] = [text];
  // Feeds have HTML escaped within their own: `&lt;b&gt;`, `&amp;nbsp;`.
  for (let round = 0; round < 2 && texts.some((one) => one.includes('<') || one.includes('&')); round++) {
    texts = texts.flatMap((one) => withoutTags(one).map(decodeEntities));
  }
  return texts;
}

function withoutTags(text: string): readonly string[] {
  if (!text.includes('<')) return [text];
  const closed = new Map<string, boolean>();
  const isClosed = (name: string) => {
    const found = closed.get(name) ?? new RegExp(`</${name}\\s*>`, 'i').test(text);
    closed.set(name, found);
    return found;
  };
  const shown = text.replace(HIDDEN, ' ').replace(TAG, (tag, name: string) => {
    // Text that speaks of an element: "an <audio> or <video> player".
    if (tag.length === name.length + 2 && !UNCLOSED.test(name) && !isClosed(name.toLowerCase())) return tag;
    if (IS_INLINE.test(name)) return '';
    return IS_SPACED.test(name) ? ' ' : BREAK;
  });
  return shown.includes(BREAK) ? shown.split(BREAK).filter((part) => part.trim() !== '') : [shown];
}

/** Where a block begins or ends: a character that stands for no text. */
const BREAK = '\u0000';

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (entity, name: string) => {
    if (name.startsWith('#')) {
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : ' ';
    }
    const known = NAMED.get(name) ?? NAMED.get(name.toLowerCase());
    if (known !== undefined) return known;
    const mark = MARKS.get(name.slice(1).toLowerCase());
    return mark === undefined ? entity : `${name[0]}${mark}`.normalize('NFC');
  });
}
