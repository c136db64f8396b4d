// A finger as confirmation of a paper (TT 13/2025/TT-BYT, Art. 3, biometric means; a finger is not a digital signature:
// Law 20/2023/QH15, Art. 23). The package says what was confirmed, by whom, before whom and how sure, over the very
// bytes that were shown, and holds neither picture nor template. A staff member's signature over it makes it last.
import { canonicalJson } from '../../shared/text/canonical-json.ts';
import { sha256Hex } from '../store/crypto.ts';

export interface EvidenceFacts {
  /** Of the evidence; a uuid. */
  readonly id: string;
  /** The bytes the person was shown, and what they are. */
  readonly document: Uint8Array;
  readonly title: string;
  readonly mediaType: string;
  /** ms since 1970 UTC, by this PC's clock. */
  readonly at: number;
  readonly center: { readonly id: string; readonly name: string } | null;
  readonly station: { readonly id: string; readonly name: string };
  readonly operator: { readonly id: string; readonly name: string };
  readonly witness: string | null;
  readonly patient: { readonly id: string; readonly name: string };
  readonly admission: string | null;
  /** Whose finger: the patient's, or a relative's with the relation as it stands in the record. */
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly role: 'patient' | 'relative';
    readonly relation: string | null;
  };
  readonly match: {
    readonly finger: number;
    readonly score: number;
    readonly oneIn: number;
    readonly algorithm: number;
    readonly reader: string;
  };
}

/** Canonical JSON (RFC 8785) of version 1 of the package. */
export function evidenceOf(facts: EvidenceFacts): string {
  const { document, title, mediaType, at, ...rest } = facts;
  return canonicalJson({
    type: 'tram.fingerprint.evidence',
    version: 1,
    basis: 'TT 13/2025/TT-BYT, Điều 3',
    document: { title, mediaType, bytes: document.length, sha256: sha256Hex(document) },
    at: new Date(at).toISOString(),
    id: rest.id,
    center: rest.center && { ...rest.center },
    station: { ...rest.station },
    operator: { ...rest.operator },
    witness: rest.witness,
    patient: { ...rest.patient },
    admission: rest.admission,
    person: { ...rest.person },
    match: { ...rest.match },
  });
}
