// What a patient or a relative confirmed, as a doctor's token seals it. Whatever a token signs here names what it is, and
// each kind is read by itself: a seal over a confirmation must never pass for a signature over a paper, nor the other
// way round.
import * as z from 'zod';
import { canonicalJson, type Json } from '../text/canonical-json.ts';

/** By finger (electron/fingerprint/evidence.ts) and by hand on the printed paper. */
export const evidenceTypes = ['tram.fingerprint.evidence', 'tram.paper.evidence'] as const;
export const contentType = 'tram.document';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const about = {
  version: z.literal(1),
  /** The frozen PDF the person had before them. */
  document: z.looseObject({ mediaType: z.literal('application/pdf'), sha256 }),
  patient: z.looseObject({ id: z.guid() }),
  person: z.looseObject({ name: z.string(), relation: z.string().nullable() }),
};
export const DocumentEvidence = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal(evidenceTypes[0]), ...about }),
  z.looseObject({ type: z.literal(evidenceTypes[1]), ...about, content: sha256, step: z.string() }),
]);
export type DocumentEvidence = z.output<typeof DocumentEvidence>;

/** Null unless it is the one spelling (RFC 8785) of a confirmation of a paper. */
export function readDocumentEvidence(text: string): DocumentEvidence | null {
  const value = canonicalIn(text);
  const found = DocumentEvidence.safeParse(value);
  return value !== undefined && found.success ? found.data : null;
}

/** What these bytes say they are; null when they are not canonical JSON that says so. */
export function typeIn(text: string): string | null {
  const found = z.looseObject({ type: z.string() }).safeParse(canonicalIn(text));
  return found.success ? found.data.type : null;
}

/** A member written twice could be read in two ways: only the canonical spelling is read at all. */
function canonicalIn(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
