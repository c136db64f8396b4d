// The document as a tree, and ways to look at it that say what they expect.
import { DOMParser } from '@xmldom/xmldom';
import { DSIG } from './names.ts';
import { spellingOf } from './spelling.ts';

/** Null when it is not UTF-8, not well-formed or has what is refused (spelling.ts). */
export function readXml(bytes: Uint8Array): { text: string; document: Document; loose: boolean } | null {
  const text = utf8(bytes);
  if (text === null) return null;
  const { fault, loose } = spellingOf(text);
  if (fault !== null) return null;
  const document = parsedXml(text);
  return document?.documentElement && namespacesAreSound(document) ? { text, document, loose } : null;
}

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/**
 * Namespaces in XML 1.0, which the parser does not look at: every prefix is declared, none of the reserved ones as
 * something else, and no attribute stands twice under two prefixes.
 */
function namespacesAreSound(document: Document): boolean {
  return elements(document, '*', '*').every((element) => {
    const attributes = Array.from(element.attributes);
    const names = attributes.map(({ namespaceURI, localName }) => `${namespaceURI ?? ''} ${localName}`);
    return (
      isDeclared(element) && attributes.every(isSoundAttribute) && new Set(names).size === attributes.length
    );
  });
}

const isDeclared = ({ prefix, namespaceURI }: Element | Attr): boolean =>
  prefix !== 'xmlns' && (!prefix || Boolean(namespaceURI));

function isSoundAttribute(attribute: Attr): boolean {
  const { name, value } = attribute;
  if (name !== 'xmlns' && !name.startsWith('xmlns:')) return isDeclared(attribute);
  if (name === 'xmlns:xml') return value === XML;
  return name !== 'xmlns:xmlns' && value !== XML && value !== XMLNS && (name === 'xmlns' || value !== '');
}

function utf8(bytes: Uint8Array): string | null {
  try {
    // drops a byte order mark
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parsedXml(text: string): Document | null {
  let sound = true;
  const spoil = (): void => {
    sound = false;
  };
  try {
    const parser = new DOMParser({ errorHandler: { warning: spoil, error: spoil, fatalError: spoil } });
    const document = parser.parseFromString(text, 'text/xml');
    return sound ? document : null;
  } catch {
    // xmldom throws what it cannot read
    return null;
  }
}

export function elements(within: Document | Element, namespace: string, name: string): Element[] {
  return Array.from(within.getElementsByTagNameNS(namespace, name));
}

export const children = (of: Element): Element[] =>
  Array.from(of.childNodes).filter((node): node is Element => node.nodeType === 1);

/** The element's child elements are of these names, in this order, each as often as said. */
export function shaped(of: Element, namespace: string, names: readonly string[]): boolean {
  const found = children(of);
  return (
    found.length === names.length &&
    found.every((child, at) => child.namespaceURI === namespace && child.localName === names[at])
  );
}

export const child = (of: Element, name: string, namespace = DSIG): Element | null =>
  children(of).find((element) => element.localName === name && element.namespaceURI === namespace) ?? null;

/** Text directly in it; blanks between child elements count too. */
export const ownText = (of: Element): string =>
  Array.from(of.childNodes)
    .filter((node) => node.nodeType === 3 || node.nodeType === 4)
    .map((node) => node.nodeValue ?? '')
    .join('');

/** Attributes other than namespace declarations. */
export const attributeNames = (of: Element): string[] =>
  Array.from(of.attributes)
    .map((attribute) => attribute.name)
    .filter((name) => name !== 'xmlns' && !name.startsWith('xmlns:'));

/** Bytes; null when it is not base64 in its one spelling. `loose`: blanks in it are all right. */
export function base64(text: string, loose: boolean): Buffer | null {
  const tight = loose ? text.replace(/[ \t\r\n]/g, '') : text;
  const bytes = Buffer.from(tight, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === tight ? bytes : null;
}
