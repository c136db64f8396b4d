// What another center is told of a patient beside who it is: allergies and the last stays, out of the changes of
// that patient alone. Where two PCs of a center contradict each other the center's own record shows both; here the
// later one stands, but an allergy is never left out for that.
import { type Change, canonicalOrder, changeId, compare } from '../../shared/model/change.ts';
import { mergeWrites, type Write } from '../../shared/sync/merge.ts';
import { bySubject, textOf, writeOf, writesOf } from './person.ts';

export interface KnownAllergy {
  readonly substance: string;
  readonly severity: string | null;
}

export interface KnownStay {
  readonly number: string;
  readonly admittedAt: number;
  readonly dischargedAt: number | null;
  readonly diagnosis: string | null;
  readonly ward: string | null;
}

const allergyFields = ['substance', 'severity'] as const;

/** Those not struck out; a strike-out that somebody contradicted unseen does not hold. */
export function allergiesOf(all: readonly Change[]): KnownAllergy[] {
  const changes = [...all].sort(canonicalOrder);
  return [...bySubject(changes, 'allergy').values()].flatMap((own) => {
    if (!own.some(({ kind }) => kind === 'allergy.add')) return [];
    const { values, conflicts } = mergeWrites(own.map(allergyWrite), () => 'guarded');
    const struckOut = values.refuted === true && !conflicts.some(({ field }) => field === 'refuted');
    const substance = textOf(values.substance);
    return struckOut || substance === null ? [] : [{ substance, severity: textOf(values.severity) }];
  });
}

function allergyWrite(change: Change): Write {
  const said = Object.fromEntries(
    allergyFields.filter((f) => change.body[f] !== undefined).map((f) => [f, change.body[f]]),
  );
  switch (change.kind) {
    case 'allergy.refute':
      return writeOf(change, { refuted: true });
    case 'allergy.add':
    case 'allergy.restore':
      return writeOf(change, { ...said, refuted: false });
    default: {
      const edit = writeOf(change, said);
      // an edit made with the strike-out in sight says that the allergy stands
      return edit.saw.refuted === undefined ? edit : { ...edit, values: { ...said, refuted: false } };
    }
  }
}

/** Newest first, without those taken back. */
export function staysOf(all: readonly Change[]): KnownStay[] {
  const changes = [...all].sort(canonicalOrder);
  return [...bySubject(changes, 'admission').values()]
    .flatMap((own) => stayOf(own) ?? [])
    .sort((a, b) => b.admittedAt - a.admittedAt || compare(b.number, a.number));
}

function stayOf(own: readonly Change[]): KnownStay | null {
  const gone = takenBack(own);
  const acts = own.filter((change) => !gone.has(changeId(change)));
  const admit = acts.find(({ kind }) => kind === 'admission.admit');
  const admittedAt = numberOf(admit?.body.at);
  if (!admit || admittedAt === null) return null;
  let dischargedAt: number | null = null;
  let ward: string | null = null;
  let diagnosis: string | null = null;
  for (const { kind, body } of acts) {
    if (kind === 'admission.discharge') dischargedAt = numberOf(body.at);
    else if (kind === 'admission.reopen') dischargedAt = null;
    ward = textOf(body.ward) ?? ward;
    diagnosis = textOf(body.diagnosis) ?? diagnosis;
  }
  return { number: textOf(admit.body.number) ?? '', admittedAt, dischargedAt, diagnosis, ward };
}

/** Latest first: a taking-back that was itself taken back takes nothing. */
function takenBack(own: readonly Change[]): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const change of own.toReversed()) {
    if (gone.has(changeId(change))) continue;
    if (change.kind === 'admission.void') gone.add(String(change.body.change));
    else if (change.kind === 'admission.settle' && Array.isArray(change.body.voids))
      for (const id of change.body.voids) gone.add(String(id));
  }
  return gone;
}

/** Null while the ward is not there. */
export function wardNameOf(all: readonly Change[]): string | null {
  return textOf(mergeWrites(writesOf(all, ['name']), () => 'plain').values.name);
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
