// Whose a certificate is. Any PC may write that an account claims one, so a claim counts only with what cannot be made up:
// a signature by the certificate's own key over the account's name, in a name the account has had, written in the
// account's own session at a PC of the center. Of claims that exclude each other none is silently the first: they are
// contested until an administrator says whose it is.
import type { Database } from 'better-sqlite3';
import { type Change, versionOf } from '../../../shared/model/change.ts';
import { claimText, signerClaim, signerConfirm } from '../../../shared/model/signing.ts';
import { foldedWords } from '../../../shared/text/fold.ts';
import { statement } from '../../store/statement.ts';
import type { Store } from '../../store/types.ts';
import { signerOf } from '../cms/index.ts';
import { type Certificate, holderOf, issuerOf, personNumberOf } from '../x509/certificate.ts';

export type Whose =
  | { readonly is: 'nobodys' }
  /** `settled`: an administrator has said so. */
  | { readonly is: 'ones'; readonly owner: string; readonly settled: boolean }
  | { readonly is: 'contested'; readonly owners: readonly string[] };

/** What the record knows of those who claim, given by the core. */
export interface ClaimWitness {
  /** Every full name and every role an account was ever given. */
  namesEverOf(userId: string): readonly string[];
  rolesEverOf(userId: string): readonly string[];
  /** May manage accounts, or could once. */
  administered(userId: string): boolean;
  /** The center's own and not yet revoked when it wrote, ms since 1970 UTC by its clock. */
  isOfCenter(station: string, at: number): boolean;
  center(): { readonly id: string; readonly name: string } | null;
}

/** A claim that counts. */
export interface Claim {
  /** Account, or the center for the facility's own. */
  readonly owner: string;
  readonly certificate: string;
  readonly name: string;
  readonly personNumber: string | null;
  readonly issuer: string;
  readonly station: string;
  /** ms since 1970 UTC by the writer's clock. */
  readonly at: number;
  readonly confirmed: boolean;
  readonly version: string;
}

export interface Claims {
  whose(certificate: Certificate): Whose;
  /** Those of one account, or of the center. */
  of(owner: string): readonly Claim[];
  /** Claims that exclude each other, by certificate. */
  contested(): readonly (readonly Claim[])[];
}

export function openClaims(store: Pick<Store, 'sql' | 'changesOf'>, witness: ClaimWitness): Claims {
  /** Change → the certificate whose key signed the claim; null: none did. A signature holds as well tomorrow. */
  const proven = new Map<string, Certificate | null>();

  return { whose, of, contested };

  function whose(certificate: Certificate): Whose {
    const number = personNumberOf(certificate);
    const claims = claimants(store.sql)
      .all(certificate.sha256, number)
      .flatMap(({ owner }) => of(owner))
      .filter((one) => one.certificate === certificate.sha256 || isNumber(one, number));
    const confirmed = latest(claims.filter((one) => one.confirmed));
    if (confirmed) return { is: 'ones', owner: confirmed.owner, settled: true };
    const owners = [...new Set(claims.map((one) => one.owner))];
    const [owner] = owners;
    if (owner === undefined) return { is: 'nobodys' };
    if (owners.length > 1) return { is: 'contested', owners };
    const others = of(owner).filter((one) => isAnotherCitizen(one.personNumber, number));
    if (others.length === 0) return { is: 'ones', owner, settled: false };
    // of two citizens one account says it is, an administrator has named the other
    return others.some((one) => one.confirmed) ? { is: 'nobodys' } : { is: 'contested', owners };
  }

  function of(owner: string): Claim[] {
    const changes = store.changesOf('signer', owner);
    const confirmed = new Map(
      changes
        .filter((change) => change.kind === signerConfirm.kind && isAdministrators(change))
        .map((change) => [signerConfirm.body.parse(change.body).certificate, versionOf(change)]),
    );
    return changes
      .filter((change) => change.kind === signerClaim.kind && isWrittenByOne(change))
      .flatMap((change): Claim[] => {
        const certificate = provenBy(change);
        if (!certificate) return [];
        const version = confirmed.get(certificate.sha256);
        if (version === undefined && !isOwn(change, certificate)) return [];
        return [
          {
            ...{ owner, certificate: certificate.sha256, name: holderOf(certificate) },
            ...{ personNumber: personNumberOf(certificate), issuer: issuerOf(certificate) },
            ...{ station: change.station, at: change.wall },
            ...{ confirmed: version !== undefined, version: version ?? versionOf(change) },
          },
        ];
      });
  }

  function contested(): Claim[][] {
    const all = everybody(store.sql)
      .all()
      .flatMap(({ owner }) => of(owner));
    const excludes = (a: Claim, b: Claim): boolean =>
      a.owner === b.owner
        ? isAnotherCitizen(a.personNumber, b.personNumber)
        : a.certificate === b.certificate || isNumber(a, b.personNumber);
    const found = new Map<string, Claim[]>();
    for (const one of all) {
      const against = all.filter((other) => excludes(one, other));
      // what was confirmed is settled, for it and against it
      if (against.length === 0 || one.confirmed || against.some((other) => other.confirmed)) continue;
      found.set(one.certificate, [...(found.get(one.certificate) ?? []), one]);
    }
    return [...found.values()].map((each) =>
      each.toSorted((a, b) => a.at - b.at || (a.owner < b.owner ? -1 : 1)),
    );
  }

  /** Somebody who was logged in, at a PC that was the center's then. */
  function isWrittenByOne({ author, session, station, wall }: Change): boolean {
    return author !== null && session !== null && witness.isOfCenter(station, wall);
  }

  /** Nobody confirms themselves. */
  function isAdministrators(change: Change): boolean {
    const { author, subject } = change;
    return isWrittenByOne(change) && author !== null && author !== subject.id && witness.administered(author);
  }

  function isOwn({ author, subject }: Change, certificate: Certificate): boolean {
    const name = holderOf(certificate);
    const center = witness.center();
    if (subject.id === center?.id)
      return personNumberOf(certificate) === null && isSameName(name, center.name);
    return author === subject.id && witness.namesEverOf(subject.id).some((one) => isNamedLike(name, one));
  }

  function provenBy(change: Change): Certificate | null {
    const known = proven.get(change.hash);
    if (known !== undefined) return known;
    const { certificate, proof } = signerClaim.body.parse(change.body);
    const signer = proof ? signerOf(proof, Buffer.from(claimText(change.subject.id))) : null;
    const found = signer?.sha256 === certificate ? signer : null;
    proven.set(change.hash, found);
    return found;
  }
}

const latest = (claims: readonly Claim[]): Claim | null =>
  claims.reduce<Claim | null>((last, one) => (last && last.version > one.version ? last : one), null);

const isNumber = ({ personNumber }: Claim, number: string | null): boolean =>
  number !== null && personNumber === number;

/** An old identity card's nine digits and the twelve of today may well be one person's. */
export const isAnotherCitizen = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a.length === b.length && a !== b;

/** "BSCKI. Nguyễn Văn An" and "NGUYỄN VĂN AN": every word of the shorter stands in the longer. */
export function isNamedLike(certificate: string, account: string): boolean {
  const [one, other] = [foldedWords(certificate), foldedWords(account)].sort((a, b) => a.length - b.length);
  return (
    one !== undefined && other !== undefined && one.length > 1 && one.every((word) => other.includes(word))
  );
}

export const isSameName = (a: string, b: string): boolean =>
  foldedWords(a).sort().join(' ') === foldedWords(b).sort().join(' ');

/** Whoever is said to claim this certificate, or the citizen number in it. */
export const claimants = statement<[certificate: string, personNumber: string | null], { owner: string }>(`
  SELECT owner FROM signer_certificate WHERE certificate = ?
  UNION SELECT owner FROM signer_certificate WHERE person_number = ?`);
/** As many as there are signers. */
const everybody = statement<[], { owner: string }>('SELECT DISTINCT owner FROM signer_certificate');
/** Certificates about which more than one thing is said; whether it counts is for `whose`. */
export const disputed = (sql: Database): ReadonlySet<string> =>
  new Set(
    disputes(sql)
      .all()
      .map((one) => one.certificate),
  );
const disputes = statement<[], { certificate: string }>(`
  SELECT DISTINCT a.certificate FROM signer_certificate a JOIN signer_certificate b
    ON (b.certificate = a.certificate AND b.owner <> a.owner)
    OR (b.person_number = a.person_number AND b.owner <> a.owner)
    OR (b.owner = a.owner AND b.person_number <> a.person_number)`);
