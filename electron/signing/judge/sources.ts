// Asks OCSP responders and fetches revocation lists, where the certificate itself says (AIA, CDP), and keeps what came.
// Only ever for certificates that lead to an anchor: else a file could make this PC call any address.
import type { Fetch } from '../types.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Crl } from '../x509/crl.ts';
import { readCrl, whyForeign } from '../x509/crl.ts';
import type { OcspAnswers } from '../x509/ocsp.ts';
import { answerOf, askOcsp, readOcsp } from '../x509/ocsp.ts';
import type { EvidenceCache } from './cache.ts';
import { limits } from './freshness.ts';

export interface Sources {
  /** From the cache, whatever its age. */
  keptOcsp(certificate: Certificate, issuer: Certificate): KeptOcsp | null;
  keptCrls(certificate: Certificate): KeptCrl[];
  /** From the line, signed by whom they should be; nothing when there is none, nobody to ask, or no answer. */
  freshOcsp(
    certificate: Certificate,
    issuer: Certificate,
  ): Promise<(KeptOcsp & { readonly nonce: Buffer }) | null>;
  freshCrls(certificate: Certificate, issuer: Certificate): Promise<KeptCrl[]>;
}

export interface KeptOcsp {
  readonly answers: OcspAnswers;
  /** ms since 1970 UTC. */
  readonly fetchedAt: number;
}
export interface KeptCrl {
  readonly crl: Crl;
  readonly fetchedAt: number;
}

interface SourceNeeds {
  readonly fetch: Fetch | null;
  readonly cache: EvidenceCache;
  readonly now: () => number;
}

/** Answers are about 2 kB; lists of large CAs some MB. */
const mostOcsp = 64 * 1024;
const mostCrl = 24 * 1024 * 1024;
const deadline = 8000;
/** Addresses tried per certificate. */
const mostAddresses = 3;

export function openSources({ fetch, cache, now }: SourceNeeds): Sources {
  const silentUntil = new Map<string, number>();
  const underWay = new Map<string, Promise<Buffer | null>>();

  /** An address that failed is left alone for a while. */
  async function get(request: Omit<Parameters<Fetch>[0], 'deadline'>): Promise<Buffer | null> {
    if (fetch === null || (silentUntil.get(request.url) ?? 0) > now()) return null;
    const answer = await fetch({ ...request, deadline });
    if (answer.ok) return answer.value;
    leaveAlone(request.url);
    return null;
  }
  const leaveAlone = (url: string): void => void silentUntil.set(url, now() + limits.leaveAlone);

  /** A list is fetched once for all who wait for it. */
  function getList(url: string): Promise<Buffer | null> {
    const running = underWay.get(url);
    if (running !== undefined) return running;
    const begun = get({ url, method: 'GET', most: mostCrl }).finally(() => underWay.delete(url));
    underWay.set(url, begun);
    return begun;
  }

  function keptCrl(url: string): KeptCrl | null {
    const kept = cache.find(crlKey(url));
    const crl = kept === null ? null : crlOf(kept.der);
    return kept === null || crl === null ? null : { crl, fetchedAt: kept.fetchedAt };
  }

  function keptOcsp(certificate: Certificate, issuer: Certificate): KeptOcsp | null {
    const kept = cache.find(ocspKey(certificate, issuer));
    const answers = kept === null ? null : readOcsp(kept.der);
    return kept === null || answers === null ? null : { answers, fetchedAt: kept.fetchedAt };
  }

  return {
    keptOcsp,
    keptCrls: (certificate) => crlAddresses(certificate).flatMap((url) => keptCrl(url) ?? []),

    async freshOcsp(certificate, issuer) {
      for (const url of ocspAddresses(certificate)) {
        const { der: body, nonce } = askOcsp(certificate, issuer);
        const der = await get({
          url,
          method: 'POST',
          body,
          contentType: 'application/ocsp-request',
          most: mostOcsp,
        });
        const answers = der === null ? null : readOcsp(der);
        if (der === null) continue;
        const said = answers === null ? null : answerOf(answers, certificate, issuer, nonce);
        if (answers === null || said === null || said.status === 'unusable') {
          leaveAlone(url);
          continue;
        }
        const fetchedAt = now();
        const before = keptOcsp(certificate, issuer);
        // what is older than what is kept was played back; it is heard, but does not push the newer one out
        if (before === null || before.answers.producedAt <= answers.producedAt)
          cache.keep(ocspKey(certificate, issuer), { der, fetchedAt });
        return { answers, fetchedAt, nonce };
      }
      return null;
    },

    async freshCrls(certificate, issuer) {
      const found: KeptCrl[] = [];
      for (const url of crlAddresses(certificate)) {
        const der = await getList(url);
        if (der === null) continue;
        const crl = crlOf(der);
        if (crl === null || whyForeign(crl, issuer) !== null) {
          leaveAlone(url);
          continue;
        }
        const fetchedAt = now();
        const before = keptCrl(url);
        if (before === null || before.crl.thisUpdate <= crl.thisUpdate)
          cache.keep(crlKey(url), { der, fetchedAt });
        found.push({ crl, fetchedAt });
      }
      return found;
    },
  };
}

/** A list of 100 000 entries takes a second to read: once for each that is kept in memory. */
const readLists = new WeakMap<Buffer, Crl | null>();
function crlOf(der: Buffer): Crl | null {
  const known = readLists.get(der);
  if (known !== undefined) return known;
  const crl = readCrl(der);
  readLists.set(der, crl);
  return crl;
}

const ocspKey = (certificate: Certificate, issuer: Certificate): string =>
  `ocsp ${issuer.sha256} ${certificate.serial}`;
const crlKey = (url: string): string => `crl ${url}`;

const isHttp = (url: string): boolean => /^https?:\/\//i.test(url);

const ocspAddresses = ({ authorityInfoAccess }: Certificate): string[] =>
  (authorityInfoAccess?.ocsp ?? []).filter(isHttp).slice(0, mostAddresses);

/** Of the certificate's own issuer, whole: lists of others or for some reasons only are no use. */
const crlAddresses = ({ crlDistributionPoints }: Certificate): string[] =>
  (crlDistributionPoints ?? [])
    .filter(({ crlIssuer, reasons }) => crlIssuer === null && reasons === null)
    .flatMap(({ names }) => names.flatMap((name) => (name.kind === 'uri' ? [name.value] : [])))
    .filter(isHttp)
    .slice(0, mostAddresses);
