// How an XML file may be written, and the one way ours are.
import { describe, expect, it } from 'vitest';
import { readXml } from '../../../../electron/signing/xml/dom.ts';
import { spellingOf } from '../../../../electron/signing/xml/spelling.ts';
import { spelt } from '../../../../electron/signing/xml/spelt.ts';

describe('a document', () => {
  it.each([
    '<a/>',
    '<?xml version="1.0"?><a/>',
    '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<a>x</a>\n',
    '<a b="1" c=\'2\'>x &amp; y &#13;&#xD;</a>',
    '<ds:a xmlns:ds="urn:x"><ds:b/><ds:c/></ds:a>',
    '<họ-tên>Nguyễn 😀</họ-tên>',
    '<a><![CDATA[ <b> ]]></a>',
    '<a>\r\n<b/>\r\n</a>',
    '<a><b /><c /></a>',
  ])('%j is read', (text) => {
    expect(spellingOf(text)).toEqual({ fault: null, loose: false });
    expect(readXml(Buffer.from(text))).not.toBe(null);
  });

  it.each([
    '',
    'x',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    'x<a/>',
    '<a/>x',
    '<!DOCTYPE a><a/>',
    '<a><!-- x --></a>',
    '<a/><!-- x -->',
    '<a><?x?></a>',
    '<?xml version="1.1"?><a/>',
    '<?xml version="1.0" encoding="UTF-16"?><a/>',
    '<a b="1" b="2"/>',
    '<a b=1/>',
    '<a b="<"/>',
    '<a>&b;</a>',
    '<a>& b</a>',
    '<a>&#0;</a>',
    '<a>&#xd;</a>',
    '<a>&#013;</a>',
    '<a>]]></a>',
    '<a>\u0001</a>',
    '<a>\ufffe</a>',
    '<a:b:c/>',
    '< a/>',
    '<a b ="1"c="2"/>',
    '<a>&#x1;</a>',
    '<a b="&#xD800;"/>',
    '<a>&#65534;</a>',
    '<a>&#x110000;</a>',
    // a line end for XML 1.1 only
    '<a>\u0085</a>',
    '<a>\u2028</a>',
    '<a b="\u2028"/>',
  ])('%j is refused', (text) => {
    expect(spellingOf(text).fault).not.toBe(null);
  });

  it.each([
    '<x:a/>',
    '<a x:b="1"/>',
    '<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>',
    '<a xmlns:x=""/>',
    '<a xmlns:xml="u"/>',
    '<a xmlns:xmlns="u"/>',
    '<xmlns:a xmlns:xmlns="u"/>',
    '<a xmlns:x="http://www.w3.org/2000/xmlns/"/>',
    '<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>',
    '<a xmlns="http://www.w3.org/XML/1998/namespace"/>',
    '<a><b xmlns:x="u"/><x:c/></a>',
  ])('%j, whose namespaces make no sense, is refused', (text) => {
    expect(readXml(Buffer.from(text))).toBe(null);
  });

  it.each([
    '<a xmlns:x="u" xmlns:y="v" x:b="1" y:b="2" b="3"/>',
    '<a xml:id="1" xml:lang="vi" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>',
    '<x:a xmlns:x="u"><a xmlns="u"><b xmlns=""/></a></x:a>',
  ])('%j, whose namespaces do, is read', (text) => {
    expect(readXml(Buffer.from(text))).not.toBe(null);
  });

  it.each([
    '<a >x</a>',
    '<a>x</a >',
    '<a  b="1"/>',
    '<a b = "1"/>',
    '<a b="1\t2"/>',
    '<a b="1\n2"/>',
    '<a>\r</a>',
    '<a>\r\n\n</a>',
    '<a>\r\n</a>',
    '<a><b /><c/></a>',
    '<a />',
    ' <a/>',
    '<?xml version="1.0"?> <a/>',
    '<a/>\n\n',
  ])('%j is read, but not believed when signed so', (text) => {
    expect(spellingOf(text)).toEqual({ fault: null, loose: true });
  });

  it('that is not UTF-8, or whose prefixes mean nothing, is refused', () => {
    expect(readXml(Buffer.from('<a>\xff</a>', 'latin1'))).toBe(null);
    expect(readXml(Buffer.from('<a>\ud800</a>', 'utf16le'))).toBe(null);
  });
});

describe('the one spelling', () => {
  const speltOf = (text: string): string => spelt(readXml(Buffer.from(text))!.document);

  it('is the same for all ways to write a document', () => {
    const one =
      '<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:a" xmlns:x="urn:x" b="1 &lt;&amp;" c="&quot;&#x9;" x:d="">x &gt; y&#xD;<b/></a>';
    for (const text of [
      one,
      '<a xmlns="urn:a" xmlns:x="urn:x" x:d="" c=\'"&#9;\' b="1 &lt;&amp;">x > y&#13;<b></b></a>\n',
      '<a  xmlns:x="urn:x" xmlns="urn:a" c="&#34;&#x9;" b=\'1 &#60;&#38;\' x:d=""><![CDATA[x > y]]>&#xD;<b /></a >',
    ])
      expect(speltOf(text)).toBe(one);
  });

  it('is its own spelling', () => {
    for (const text of [
      '<a/>',
      '<a b="&#xA;">\n &amp;lt; &#xD;</a>',
      '<a><b xmlns="urn:b"/><c xmlns=""/></a>',
    ])
      expect(speltOf(speltOf(text))).toBe(speltOf(text));
  });
});
