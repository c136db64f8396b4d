// Whom a TLS certificate names (RFC 6125, RFC 5280): signatures of papers never ask this; the test vectors do.
import type { Certificate } from '../../electron/signing/x509/certificate.ts';
import { isDnsName } from '../../electron/signing/x509/constraints.ts';
import type { GeneralName } from '../../electron/signing/x509/names.ts';

export interface PeerName {
  readonly kind: 'DNS' | 'IP' | 'RFC822';
  readonly value: string;
}

/** Only alternative names count, never the common name. */
export const isNamed = ({ subjectAltName }: Certificate, peer: PeerName): boolean =>
  (subjectAltName ?? []).some((name) => matches(name, peer));

function matches(name: GeneralName, { kind, value }: PeerName): boolean {
  if (kind === 'IP') return name.kind === 'ip' && addressOf(value)?.equals(name.bytes) === true;
  if (kind === 'DNS') return name.kind === 'dns' && isDnsName(value) && dnsMatches(name.value, value);
  return name.kind === 'email' && sameMailbox(name.value, value);
}

/** A star stands for the whole first label, and for one label. */
function dnsMatches(pattern: string, host: string): boolean {
  const [a, b] = [pattern.toLowerCase(), host.toLowerCase()];
  if (!a.startsWith('*.')) return isDnsName(a) && a === b;
  const dot = b.indexOf('.');
  return isDnsName(a.slice(2)) && dot > 0 && a.slice(2) === b.slice(dot + 1);
}

function sameMailbox(a: string, b: string): boolean {
  const [atA, atB] = [a.lastIndexOf('@'), b.lastIndexOf('@')];
  return a.slice(0, atA) === b.slice(0, atB) && a.slice(atA).toLowerCase() === b.slice(atB).toLowerCase();
}

/** 4 or 16 octets; null when it is no address. */
export function addressOf(text: string): Buffer | null {
  if (!text.includes(':')) {
    const parts = text.split('.');
    const fine =
      parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
    return fine ? Buffer.from(parts.map(Number)) : null;
  }
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return null;
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...first, ...Array<string>(missing).fill('0'), ...last];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Buffer.from(
    all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}

/** As RFC 5952 writes it: lower case, the longest run of two or more zero groups as `::`. */
export function textOfAddress(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const groups = Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  const runs = [
    ...groups
      .map((g) => (g === '0' ? '0' : '-'))
      .join('')
      .matchAll(/0{2,}/g),
  ];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (longest === undefined) return groups.join(':');
  return `${groups.slice(0, longest.index).join(':')}::${groups.slice(longest.index + longest[0].length).join(':')}`;
}
