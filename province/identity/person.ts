// Who a patient is, out of all changes that say so: a pure function, so the order in which they came does not
// matter. Merged by the rules every station merges by.
import * as z from 'zod';
import { Address } from '../../shared/api/patients.ts';
import { bhytKey, compactNumber } from '../../shared/identity/bhyt.ts';
import { type Change, canonicalOrder, changeId, versionOf } from '../../shared/model/change.ts';
import { demographicClass, demographicFields } from '../../shared/model/patients.ts';
import { mergeWrites, type Write } from '../../shared/sync/merge.ts';
import { fold } from '../../shared/text/fold.ts';

export interface PersonNumber {
  readonly type: string;
  /** What two spellings of one number share. */
  readonly number: string;
  /** As it was written. */
  readonly shown: string;
  readonly ended: boolean;
}

export interface Person {
  readonly fullName: string;
  readonly folded: string;
  /** `1985-03-02`, `1985-03` or `1985` */
  readonly birthDate: string | null;
  readonly sex: string | null;
  /** `<list version>:<code>`: codes were used again with other names. */
  readonly commune: string | null;
  readonly address: string | null;
  readonly recordNumber: string;
  readonly unidentified: boolean;
  /** ms since 1970 UTC, by the clock of whoever wrote last. */
  readonly writtenAt: number;
  readonly numbers: readonly PersonNumber[];
}

/** Null while the registration itself is not there. */
export function personOf(all: readonly Change[]): Person | null {
  const changes = [...all].sort(canonicalOrder);
  const first = changes.find(({ kind }) => kind === 'patient.register');
  if (!first) return null;
  const about = changes.filter(({ kind }) => kind.startsWith('patient.'));
  const { values } = mergeWrites(writesOf(about, [...demographicFields, 'unidentified']), demographicClass);
  const fullName = textOf(values.fullName) ?? '';
  const sex = textOf(values.sex);
  const address = Address.safeParse(values.address);
  return {
    fullName,
    folded: fold(fullName),
    birthDate: textOf(values.birthDate),
    sex,
    commune:
      address.success && address.data.communeCode !== null
        ? textOf(`${address.data.listVersion}:${address.data.communeCode}`)
        : null,
    address: address.success ? textOf(address.data.text) : null,
    recordNumber: textOf(first.body.recordNumber) ?? '',
    unidentified: values.unidentified === true,
    writtenAt: Math.max(...changes.map(({ wall }) => wall)),
    numbers: numbersOf(changes),
  };
}

/** One row for each number, however often it was written down; it is ended when all of its entries are. */
function numbersOf(changes: readonly Change[]): PersonNumber[] {
  const numbers = new Map<string, PersonNumber>();
  for (const [id, own] of bySubject(changes, 'identifier')) {
    const added = own.find(({ kind }) => kind === 'identifier.add');
    const shown = textOf(added?.body.value);
    const written = textOf(added?.body.type);
    if (id === '' || shown === null || written === null) continue;
    const { type, number } = keyOf(written, shown);
    const last = own.findLast(({ kind }) => kind !== 'identifier.add');
    const ended = last?.kind === 'identifier.end';
    const there = numbers.get(`${type}:${number}`);
    if (number !== '')
      numbers.set(`${type}:${number}`, { type, number, shown, ended: ended && (there?.ended ?? true) });
  }
  return [...numbers.values()];
}

/** Cards of one person share ten digits whatever else is printed; some carry the personal number instead. */
export function keyOf(type: string, value: string): { type: string; number: string } {
  const plain = compactNumber(value);
  if (type !== 'bhyt') return { type, number: plain };
  const key = bhytKey(value);
  if (key === null) return { type, number: plain };
  return { type: key.length === 12 ? 'cccd' : 'bhyt', number: key };
}

/** Writes of these fields, as the merge takes them. */
export function writesOf(changes: readonly Change[], fields: readonly string[]): Write[] {
  return changes.flatMap((change) => {
    const said = fields.filter((field) => change.body[field] !== undefined);
    return said.length === 0
      ? []
      : [writeOf(change, Object.fromEntries(said.map((field) => [field, change.body[field]])))];
  });
}

export const writeOf = (change: Change, values: Readonly<Record<string, unknown>>): Write => ({
  version: versionOf(change),
  changeId: changeId(change),
  writer: `${change.station}.${change.incarnation}`,
  values,
  saw: Saw.safeParse(change.body.saw).data ?? {},
});

const Saw = z.record(z.string(), z.string());

/** Changes of one type of subject, in their order. */
export function bySubject(changes: readonly Change[], type: string): Map<string, Change[]> {
  const map = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.subject.type !== type) continue;
    const list = map.get(change.subject.id);
    if (list) list.push(change);
    else map.set(change.subject.id, [change]);
  }
  return map;
}

/** Without U+0000, which no text of PostgreSQL can hold and which says nothing. */
export function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replaceAll('\0', '') : '';
  return text === '' ? null : text;
}
