// What a frozen paper says: the canonical JSON (RFC 8785) a PDF is drawn from and a signature stands for. Read in thirty
// years without this program, so it names everything by words as well as by ids.
import type { FormTemplate, FormValues } from './form-template.ts';

export interface DocumentBody {
  readonly type: 'tram.document.body';
  readonly version: 1;
  readonly document: string;
  /** Content of the version this one takes the place of. */
  readonly previous: string | null;
  /** Why it takes its place. */
  readonly reason: string | null;
  readonly form: {
    readonly id: string;
    readonly version: number;
    readonly title: string;
    readonly number: string | null;
  };
  readonly patient: {
    readonly id: string;
    readonly recordNumber: string;
    readonly name: string;
    /** `1985-03-02`, `1985-03`, `1985` */
    readonly birthDate: string | null;
    readonly sex: string;
  };
  readonly admission: { readonly id: string; readonly number: string; readonly ward: string } | null;
  readonly values: FormValues;
  readonly author: { readonly id: string; readonly name: string; readonly title: string | null };
  /** When it was frozen by the clock of the PC, ISO 8601 in UTC. */
  readonly at: string;
  readonly center: {
    readonly id: string;
    readonly name: string;
    readonly facilityCode: string | null;
  } | null;
  readonly station: { readonly id: string; readonly name: string };
  readonly steps: FormTemplate['steps'];
  /** Invented people: every page says so. */
  readonly training: boolean;
}

export interface SignaturePlace {
  readonly step: string;
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Names body and PDF by their hashes; the hash of these bytes is the version's name and what is signed. */
export interface DocumentContent {
  readonly type: 'tram.document';
  readonly version: 1;
  readonly body: DocumentBody;
  /** SHA-256 of the canonical JSON of `body`, which the PDF carries. */
  readonly bodySha256: string;
  readonly pdf: {
    readonly sha256: string;
    readonly bytes: number;
    readonly pages: number;
    /** Where each step's signature is shown: points from the page's lower left corner, pages from 0. */
    readonly boxes: readonly SignaturePlace[];
  };
}
