// The certificates trusted to begin with, read from a folder that a facility's IT can replace (resources/trust, or any
// other): `anchors` the roots, `intermediates` the CAs below them that tokens don't bring along, `pins.json` what is known
// of them. PEM or DER, one or more per file.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import known from '../../../resources/trust/pins.json' with { type: 'json' };
import type { Certificate } from '../x509/certificate.ts';
import { derOfPem, holderOf, readCertificate } from '../x509/certificate.ts';
import { faultOf } from '../x509/rules.ts';

export interface TrustedCertificates {
  readonly anchors: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
}

export interface TrustFolder extends TrustedCertificates {
  /** What was left out and why; shown to whoever keeps the folder. */
  readonly faults: readonly { readonly file: string; readonly fault: TrustFault }[];
}

/** `pin_differs`: it has the name of a root whose fingerprint we know, and another fingerprint. */
export type TrustFault = 'unreadable' | 'not_a_certificate' | 'not_an_authority' | 'pin_differs';

/** A root's name and its SHA-256, or as much of the digits as is known. */
const Pin = z.object({
  name: z.string(),
  tree: z.enum(['neac', 'vgca']),
  sha256Starts: z.string().regex(/^[0-9a-f]*$/),
  sha256Ends: z.string().regex(/^[0-9a-f]*$/),
  confirmed: z.boolean(),
});
const Pins = z.object({ pins: z.array(Pin) });
export type Pin = z.infer<typeof Pin>;

/** A folder that is not there, or without the two inside, trusts nobody. */
export function readTrustFolder(folder: string): TrustFolder {
  const pins = readPins(join(folder, 'pins.json'));
  const faults: { file: string; fault: TrustFault }[] = [];
  const read = (part: 'anchors' | 'intermediates'): Certificate[] =>
    certificateFiles(join(folder, part)).flatMap((file) => {
      const found = certificatesOf(file);
      if (typeof found === 'string') {
        faults.push({ file, fault: found });
        return [];
      }
      return found.filter((certificate) => {
        const fault = part === 'anchors' ? anchorFault(certificate, pins) : intermediateFault(certificate);
        if (fault !== null) faults.push({ file, fault });
        return fault === null;
      });
    });
  return { anchors: distinct(read('anchors')), intermediates: distinct(read('intermediates')), faults };
}

/** A plain folder of roots, as `tram verify --anchors` takes it: every certificate in it is an anchor. */
export function readAnchorFiles(folder: string): TrustFolder {
  const faults: { file: string; fault: TrustFault }[] = [];
  const all = certificateFiles(folder).flatMap((file) => {
    const found = certificatesOf(file);
    if (typeof found !== 'string') return found;
    faults.push({ file, fault: found });
    return [];
  });
  const isRoot = (c: Certificate) => c.issuer.der.equals(c.subject.der);
  return {
    anchors: distinct(all.filter(isRoot)),
    intermediates: distinct(all.filter((c) => !isRoot(c))),
    faults,
  };
}

/** The folder's own and those that came with the program: a root fits when it fits one of either. */
function readPins(file: string): readonly Pin[] {
  const { pins } = Pins.parse(known);
  try {
    return [...pins, ...Pins.parse(JSON.parse(readFileSync(file, 'utf8'))).pins];
  } catch {
    return pins;
  }
}

function certificateFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:pem|crt|cer|der)$/i.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** No root is as large as that. */
const mostBytes = 1024 * 1024;

function certificatesOf(file: string): Certificate[] | TrustFault {
  let bytes: Buffer;
  try {
    if (statSync(file).size > mostBytes) return 'unreadable';
    bytes = readFileSync(file);
  } catch {
    return 'unreadable';
  }
  const ders = bytes.includes('-----BEGIN') ? derOfPem(bytes.toString('latin1')) : [bytes];
  const certificates = ders.flatMap((der) => readCertificate(der) ?? []);
  return certificates.length === ders.length && ders.length > 0 ? certificates : 'not_a_certificate';
}

function anchorFault(certificate: Certificate, pins: readonly Pin[]): TrustFault | null {
  if (faultOf(certificate, 'anchor') !== null) return 'not_an_authority';
  const named = pins.filter(({ name }) => name === holderOf(certificate));
  const fits = named.some(
    (pin) => certificate.sha256.startsWith(pin.sha256Starts) && certificate.sha256.endsWith(pin.sha256Ends),
  );
  return named.length === 0 || fits ? null : 'pin_differs';
}

const intermediateFault = (certificate: Certificate): TrustFault | null =>
  faultOf(certificate, 'intermediate') === null ? null : 'not_an_authority';

const distinct = (certificates: readonly Certificate[]): Certificate[] => [
  ...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values(),
];
