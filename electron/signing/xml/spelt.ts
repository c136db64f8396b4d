// The one spelling of a document, as our own signed files are written: canonical XML's rules for every element, behind a
// fixed header. Of a file in this spelling no byte can be another without the document being another.

/** Without comments, instructions and a document type, which are refused before (spelling.ts). */
export const spelt = (document: Document): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(document.documentElement)}`;

function element(of: Element): string {
  const attributes = Array.from(of.attributes)
    .toSorted(byPlace)
    .map(({ name, value }) => ` ${name}="${escaped(value, attributeSigns)}"`)
    .join('');
  const inside = Array.from(of.childNodes)
    .map((node) => (isElement(node) ? element(node) : escaped(node.nodeValue ?? '', textSigns)))
    .join('');
  return inside === ''
    ? `<${of.nodeName}${attributes}/>`
    : `<${of.nodeName}${attributes}>${inside}</${of.nodeName}>`;
}

const isElement = (node: Node): node is Element => node.nodeType === 1;

/** Namespaces first, by prefix; then by namespace and name. */
function byPlace(a: Attr, b: Attr): number {
  const place = ({ name, namespaceURI, localName }: Attr): string =>
    name === 'xmlns' || name.startsWith('xmlns:') ? `0${name}` : `1${namespaceURI ?? ''}\0${localName}`;
  const [first, second] = [place(a), place(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

const textSigns: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const attributeSigns: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
const escaped = (text: string, signs: Readonly<Record<string, string>>): string =>
  text.replace(/[&<>"\t\n\r]/g, (sign) => signs[sign] ?? sign);
