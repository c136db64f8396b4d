// Name constraints (RFC 5280, 4.2.1.10): whether the names of a certificate lie where the CAs above it may issue.
import { DerFault } from '../der/read.ts';
import type { Certificate } from './certificate.ts';
import type { NameConstraints } from './extensions.ts';
import type { GeneralName } from './names.ts';
import { attributes, isBelow, isEmptyName, valuesOf } from './names.ts';

/**
 * Null: allowed. Throws DerFault on a constraint or name that makes no sense. `budget` is taken down by every comparison,
 * so that thousands of names times thousands of constraints end in a refusal and not in minutes (below zero: refuse).
 */
export function constraintFault(
  certificate: Certificate,
  { permitted, excluded }: NameConstraints,
  budget: { comparisons: number },
): string | null {
  for (const base of [...permitted, ...excluded]) checkBase(base);
  const unknown = [...permitted, ...excluded].find(({ kind }) => !compared.has(kind));
  const constrainsMail = [...permitted, ...excluded].some(({ kind }) => kind === 'email');
  for (const name of namesOf(certificate)) {
    checkName(name);
    budget.comparisons -= permitted.length + excluded.length;
    if (budget.comparisons < 0) return 'too many names and constraints';
    if (unknown?.kind === name.kind) return `a constraint on names of kind ${name.kind}`;
    if (constrainsMail && isInternationalMail(name)) return 'a constraint on mailboxes in Unicode';
    if (excluded.some((base) => lies(name, base, true))) return `${shown(name)} is excluded`;
    const ofKind = permitted.filter(({ kind }) => kind === name.kind);
    if (ofKind.length > 0 && !ofKind.some((base) => lies(name, base, false)))
      return `${shown(name)} is not permitted`;
  }
  return null;
}

const compared: ReadonlySet<string> = new Set(['dns', 'email', 'uri', 'ip', 'directory']);

/** RFC 9598: a mailbox in letters of all kinds, to which constraints on mailboxes apply; we don't compare it. */
const isInternationalMail = (name: GeneralName): boolean =>
  name.kind === 'other' && name.type === '1.3.6.1.5.5.7.8.9';

/**
 * Subject, mail addresses in it, alternative names. RFC 5280 lets the subject's mail be when an alternative name gives
 * another; we don't, for somebody may be shown it.
 */
const namesOf = ({ subject, subjectAltName }: Certificate): GeneralName[] => [
  ...(isEmptyName(subject) ? [] : [{ kind: 'directory' as const, name: subject }]),
  ...valuesOf(subject, attributes.email).map((value) => ({ kind: 'email' as const, value })),
  ...(subjectAltName ?? []),
];

const shown = (name: GeneralName): string =>
  'value' in name ? `${name.kind} ${name.value.toString()}` : name.kind;

/** `touch`: a wildcard lies in a subtree already when one of its names may (for excluded subtrees). */
function lies(name: GeneralName, base: GeneralName, touch: boolean): boolean {
  if (name.kind === 'dns' && base.kind === 'dns') return dnsLies(name.value, base.value, touch);
  if (name.kind === 'email' && base.kind === 'email') return emailLies(name.value, base.value);
  if (name.kind === 'uri' && base.kind === 'uri') return hostLies(hostOf(name.value), base.value);
  if (name.kind === 'ip' && base.kind === 'ip') return ipLies(name.bytes, base.bytes);
  return name.kind === 'directory' && base.kind === 'directory' && isBelow(name.name, base.name);
}

function dnsLies(name: string, base: string, touch: boolean): boolean {
  const [a, b] = [name.toLowerCase(), base.toLowerCase()];
  if (b === '') return true;
  if (!a.startsWith('*.')) return a === b || a.endsWith(`.${b}`);
  const parent = a.slice(2);
  const within = parent === b || parent.endsWith(`.${b}`);
  // *.example.com touches www.example.com
  return within || (touch && b.endsWith(`.${parent}`) && !b.slice(0, -parent.length - 1).includes('.'));
}

/** A mailbox, all mailboxes of one host, or of all hosts below a domain. */
function emailLies(name: string, base: string): boolean {
  if (!base.includes('@')) return hostLies(name.slice(name.indexOf('@') + 1), base);
  const [local, host] = splitMail(name);
  const [baseLocal, baseHost] = splitMail(base);
  return local === baseLocal && host.toLowerCase() === baseHost.toLowerCase();
}
const splitMail = (mail: string): [string, string] => {
  const at = mail.lastIndexOf('@');
  return [mail.slice(0, at), mail.slice(at + 1)];
};

function hostLies(host: string, base: string): boolean {
  const [a, b] = [host.toLowerCase(), base.toLowerCase()];
  return b.startsWith('.') ? a.endsWith(b) && a.length > b.length : a === b;
}

function ipLies(address: Buffer, base: Buffer): boolean {
  const size = base.length / 2;
  return (
    address.length === size &&
    address.every((byte, i) => ((byte ^ (base[i] ?? 0)) & (base[size + i] ?? 0)) === 0)
  );
}

function hostOf(uri: string): string {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?([^:/?#[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  // RFC 5280: a URI without a host name in it lies in no subtree and must not be let through
  if (host === undefined || !isDnsName(host) || /^[\d.]+$/.test(host))
    throw new DerFault('a URI without host name');
  return host;
}

/** Letters, digits, hyphens and (as the world does) underscores. */
export const isDnsName = (name: string): boolean =>
  name.length <= 253 && name.split('.').every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i.test(label));
export const isDnsPattern = (name: string): boolean =>
  name.startsWith('*.') ? isDnsName(name.slice(2)) : isDnsName(name);
const isMail = (mail: string): boolean =>
  /^[^\s@]{1,64}@[^\s@]+$/.test(mail) && isDnsName(splitMail(mail)[1]);

function checkName(name: GeneralName): void {
  const fine =
    name.kind === 'dns'
      ? isDnsPattern(name.value)
      : name.kind === 'email'
        ? isMail(name.value)
        : name.kind === 'ip'
          ? name.bytes.length === 4 || name.bytes.length === 16
          : true;
  if (!fine) throw new DerFault(`${shown(name)} makes no sense`);
}

function checkBase(base: GeneralName): void {
  const fine =
    base.kind === 'dns'
      ? base.value === '' || isDnsName(base.value)
      : base.kind === 'email'
        ? base.value.includes('@')
          ? isMail(base.value)
          : isHostConstraint(base.value)
        : base.kind === 'uri'
          ? isHostConstraint(base.value)
          : base.kind === 'ip'
            ? isAddressRange(base.bytes)
            : true;
  if (!fine) throw new DerFault(`constraint ${shown(base)} makes no sense`);
}

const isHostConstraint = (host: string): boolean => isDnsName(host.startsWith('.') ? host.slice(1) : host);

/** Address and mask; the mask's ones first (RFC 4632). */
function isAddressRange(bytes: Buffer): boolean {
  if (bytes.length !== 8 && bytes.length !== 32) return false;
  const mask = [...bytes.subarray(bytes.length / 2)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(mask);
}
