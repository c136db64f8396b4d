// What a module answers with: one confirmation code per command, and what it means for a person or for the program.
// The makers' manuals give words for most; clones add their own. `source` says how far a row can be trusted:
// `manual` (R503 manual 1.2.2 or two public drivers agree) or `unconfirmed` (hearsay; never seen on a module here).
import type { ErrorCode } from '../../../../shared/api/errors.ts';
import type { CaptureHint } from '../../types.ts';

export type Meaning =
  | { readonly kind: 'done' }
  /** Nothing on the glass yet. */
  | { readonly kind: 'no_finger' }
  /** The person can do better; the capture goes on. */
  | { readonly kind: 'adjust'; readonly hint: CaptureHint }
  /** The module got our command damaged and did nothing: say it again. */
  | { readonly kind: 'repeat' }
  /** The module does not know this command. */
  | { readonly kind: 'unsupported' }
  /** It stopped answering without the password. */
  | { readonly kind: 'locked' }
  /** Ends the capture or the opening. */
  | { readonly kind: 'failed'; readonly error: ErrorCode };

export interface ConfirmationCode {
  readonly code: number;
  /** In English, for the log. */
  readonly says: string;
  readonly meaning: Meaning;
  readonly source: 'manual' | 'unconfirmed';
}

const adjust = (hint: CaptureHint): Meaning => ({ kind: 'adjust', hint });
const failed = (error: ErrorCode): Meaning => ({ kind: 'failed', error });
/** Of commands about stored prints, which this driver never sends: the module is not what it seems. */
const notOurs = failed('reader_failed');

export const confirmationCodes: readonly ConfirmationCode[] = [
  { code: 0x00, says: 'done', meaning: { kind: 'done' }, source: 'manual' },
  { code: 0x01, says: 'command arrived damaged', meaning: { kind: 'repeat' }, source: 'manual' },
  { code: 0x02, says: 'no finger', meaning: { kind: 'no_finger' }, source: 'manual' },
  { code: 0x03, says: 'picture not taken', meaning: adjust('hold_still'), source: 'manual' },
  {
    code: 0x04,
    says: 'print too dry or too light',
    meaning: adjust('moisten_finger'),
    source: 'unconfirmed',
  },
  { code: 0x05, says: 'print too wet or too dark', meaning: adjust('dry_finger'), source: 'unconfirmed' },
  { code: 0x06, says: 'picture too disorderly', meaning: adjust('dry_finger'), source: 'manual' },
  { code: 0x07, says: 'too few features or too small', meaning: adjust('larger_area'), source: 'manual' },
  { code: 0x08, says: 'prints do not match', meaning: notOurs, source: 'manual' },
  { code: 0x09, says: 'print not found', meaning: notOurs, source: 'manual' },
  { code: 0x0a, says: 'prints could not be merged', meaning: notOurs, source: 'manual' },
  { code: 0x0b, says: 'page beyond the library', meaning: notOurs, source: 'manual' },
  { code: 0x0c, says: 'template not readable', meaning: notOurs, source: 'manual' },
  { code: 0x0d, says: 'template not sent', meaning: notOurs, source: 'manual' },
  { code: 0x0e, says: 'cannot take data packets', meaning: notOurs, source: 'manual' },
  { code: 0x0f, says: 'picture not sent', meaning: failed('reader_failed'), source: 'manual' },
  { code: 0x10, says: 'template not deleted', meaning: notOurs, source: 'manual' },
  { code: 0x11, says: 'library not emptied', meaning: notOurs, source: 'manual' },
  { code: 0x12, says: 'cannot sleep', meaning: notOurs, source: 'unconfirmed' },
  { code: 0x13, says: 'wrong password', meaning: failed('reader_wrong_password'), source: 'manual' },
  { code: 0x14, says: 'not reset', meaning: notOurs, source: 'unconfirmed' },
  { code: 0x15, says: 'no valid picture', meaning: adjust('centre_finger'), source: 'manual' },
  { code: 0x16, says: 'not updated', meaning: notOurs, source: 'unconfirmed' },
  {
    code: 0x17,
    says: 'print left on the glass, or finger not moved',
    meaning: adjust('clean_reader'),
    source: 'unconfirmed',
  },
  { code: 0x18, says: 'flash not written', meaning: failed('reader_failed'), source: 'manual' },
  { code: 0x19, says: 'undefined error', meaning: { kind: 'unsupported' }, source: 'manual' },
  { code: 0x1a, says: 'no such setting', meaning: { kind: 'unsupported' }, source: 'manual' },
  { code: 0x1b, says: 'setting has no such value', meaning: { kind: 'unsupported' }, source: 'manual' },
  { code: 0x1c, says: 'no such notepad page', meaning: notOurs, source: 'manual' },
  { code: 0x1d, says: 'its own line does not work', meaning: failed('reader_failed'), source: 'manual' },
  { code: 0x1e, says: 'not enrolled', meaning: notOurs, source: 'unconfirmed' },
  { code: 0x1f, says: 'library full', meaning: notOurs, source: 'manual' },
  { code: 0x20, says: 'another address', meaning: failed('reader_wrong_password'), source: 'manual' },
  { code: 0x21, says: 'password wanted first', meaning: { kind: 'locked' }, source: 'manual' },
  { code: 0x22, says: 'template empty', meaning: notOurs, source: 'manual' },
  { code: 0x23, says: "maker's own", meaning: notOurs, source: 'unconfirmed' },
  { code: 0x24, says: 'library empty', meaning: notOurs, source: 'manual' },
  { code: 0x25, says: "maker's own", meaning: notOurs, source: 'unconfirmed' },
  { code: 0x26, says: 'no finger in time', meaning: { kind: 'no_finger' }, source: 'manual' },
  { code: 0x27, says: 'already enrolled', meaning: notOurs, source: 'manual' },
  { code: 0x28, says: "maker's own", meaning: notOurs, source: 'unconfirmed' },
  { code: 0x29, says: 'sensor broken', meaning: failed('reader_failed'), source: 'manual' },
  { code: 0x2a, says: "maker's own", meaning: notOurs, source: 'unconfirmed' },
  { code: 0x2b, says: "maker's own", meaning: notOurs, source: 'unconfirmed' },
  { code: 0xfc, says: 'unknown command', meaning: { kind: 'unsupported' }, source: 'manual' },
  { code: 0xfd, says: 'hardware error', meaning: failed('reader_failed'), source: 'manual' },
  { code: 0xfe, says: 'not carried out', meaning: failed('reader_failed'), source: 'manual' },
  { code: 0xff, says: 'reserved', meaning: { kind: 'unsupported' }, source: 'manual' },
];

const byCode = new Map(confirmationCodes.map((row) => [row.code, row]));

/** Codes nobody described end the capture: guessing at them would loop for ever. */
export const codeMeaning = (code: number): Meaning => byCode.get(code)?.meaning ?? failed('reader_failed');

/** `0x15 no valid picture`, for the log. */
export const codeWords = (code: number): string =>
  `0x${code.toString(16).padStart(2, '0')} ${byCode.get(code)?.says ?? 'not described'}`;
