import { textsOfHtml } from '../../../builders/extract/html.ts';

describe('textsOfHtml', () => {
  it.each([
    ['plain text', ['plain text']],
    ['<p>Red <b>shoes</b></p><p>Blue&nbsp;hat</p>', ['Red shoes', 'Blue hat']],
    ['H<sub>2</sub>O and <i>re</i>do', ['H2O and redo']],
    ['<ul><li>one</li><li>two</li></ul>', ['one', 'two']],
    ['Line<br/>break<BR>twice', ['Line', 'break', 'twice']],
    ['<a href="https://example.com/x?a=1&amp;b=2">link</a><a >other</a>', [' link  other ']],
    ['Caf&eacute; &amp; cr&egrave;me br&ucirc;l&eacute;e &#8364;5 &#x20ac;', ['Café & crème brûlée €5 €']],
    ['&Uuml;ber stra&szlig;e &Ntilde;and&uacute; &ccedil;a &Aring;rhus', ['Über straße Ñandú ça Århus']],
    ['&lt;p&gt;escaped&lt;/p&gt; &amp;nbsp;twice', ['escaped', '  twice']],
    ['a<!-- hidden words -->b <script>var x = 1;</script>c<style>p { color: red }</style>', ['a b  c ']],
    [
      '1 < 2 and 3 > 2, AT&T, R&D; x<y>z, #include <stdio.h>',
      ['1 < 2 and 3 > 2, AT&T, R&D; x<y>z, #include <stdio.h>'],
    ],
    ['&bogus; &#0; &#xD800; &constructor; &toString;', ['&bogus;     &constructor; &toString;']],
    ['an <audio> or <video> player, <B>bold', ['an <audio> or <video> player, <B>bold']],
    ['<p>one<p>two<li>three', ['one', 'two', 'three']],
    ['<div class="x"', ['<div class="x"']],
    ['<table><tr><td>a</td><td>b</td></tr></table>', ['  a  b  ']],
  ])('of %j', (text, expected) => {
    expect(textsOfHtml(text)).toEqual(expected);
  });

  it('takes time in proportion to the text', () => {
    for (const part of ['<p', '<!--', '&', '<script>', '<b ', '&#', '</', '<b>', '<div>', '</b>']) {
      const text = part.repeat(100_000);
      expect(textsOfHtml(text).join('').length).toBeLessThanOrEqual(text.length);
    }
  });
});
