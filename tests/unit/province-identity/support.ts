// A center whose PC registers patients, for tests of what the province makes of it.
import { randomInt, randomUUID } from 'node:crypto';
import { readPiece } from '../../../province/identity/follow.ts';
import { admissionAdmit, admissionDischarge } from '../../../shared/model/admissions.ts';
import { allergyAdd, allergyRefute } from '../../../shared/model/allergies.ts';
import { wardCreate } from '../../../shared/model/beds.ts';
import type { Change, ChangeKind } from '../../../shared/model/change.ts';
import {
  identifierAdd,
  identifierEnd,
  patientRegister,
  patientUpdate,
} from '../../../shared/model/patients.ts';
import type { ChangeStore, Run } from '../../../shared/sync/port.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';
import { station, type TestDatabase, t0, type Writer, writer } from '../province/support.ts';

export interface Registered {
  readonly fullName?: string;
  readonly birthDate?: string | null;
  readonly sex?: '1' | '2' | '3';
  readonly communeCode?: string;
  readonly cccd?: string;
  readonly bhyt?: string;
  readonly unidentified?: boolean;
}

export interface Pc {
  readonly center: number;
  readonly writer: Writer;
  /** Everything of it not sent yet. */
  readonly pending: Run[];
  register(person: Registered, patient?: string): string;
  update(patient: string, fields: object): void;
  number(patient: string, type: string, value: string): string;
  endNumber(patient: string, identifier: string): void;
  allergy(patient: string, substance: string): string;
  strikeOut(patient: string, allergy: string): void;
  ward(name: string): string;
  admit(patient: string, ward: string, number: string, at: number): string;
  discharge(patient: string, admission: string, at: number, diagnosis: string): void;
  send(): Promise<void>;
}

let nextPc = 5_000;
const anyone: Registered = { fullName: 'Nguyễn Văn Thử', birthDate: '1985-03-02', sex: '1' };

export async function pcOf(test: TestDatabase, name?: string): Promise<Pc> {
  const { center, store } = await test.center(name);
  return pcIn(center, store);
}

export function pcIn(center: number, store: ChangeStore): Pc {
  const own = writer(station(nextPc++), 1, 0);
  const pending: Run[] = [];
  const write = (kind: ChangeKind, id: string, patient: string | null, body: object): string => {
    const seq = own.stored.length + 1;
    const over = {
      subject: { type: kind.subject, id },
      patient,
      hlc: makeHlc(t0 + seq * 10, 0),
      body,
    } as Partial<Omit<Change, 'hash' | 'body'>>;
    pending.push(own.write(1, over, kind));
    return id;
  };
  const pc: Pc = {
    center,
    writer: own,
    pending,
    register(given, patient = randomUUID()) {
      const person = { ...anyone, ...given };
      write(patientRegister, patient, patient, {
        recordNumber: `26${center}A${seqText(own)}`,
        unidentified: person.unidentified ?? false,
        unidentifiedNote: null,
        notDuplicates: [],
        fullName: person.fullName,
        sex: person.sex,
        birthDate: person.birthDate,
        ...(person.communeCode && {
          address: {
            listVersion: '2025-07-01',
            provinceCode: '01',
            communeCode: person.communeCode,
            street: '',
            text: 'Xã Thử',
          },
        }),
      });
      if (person.cccd) pc.number(patient, 'cccd', person.cccd);
      if (person.bhyt) pc.number(patient, 'bhyt', person.bhyt);
      return patient;
    },
    update: (patient, fields) => {
      write(patientUpdate, patient, patient, { ...fields, reason: null, saw: {} });
    },
    number: (patient, type, value) =>
      write(identifierAdd, randomUUID(), patient, {
        type,
        value,
        issuedOn: null,
        validFrom: null,
        validTo: null,
        facilityCode: null,
      }),
    endNumber: (patient, identifier) => {
      write(identifierEnd, identifier, patient, { reason: 'gõ nhầm' });
    },
    allergy: (patient, substance) =>
      write(allergyAdd, randomUUID(), patient, {
        substance,
        classCode: null,
        reaction: 'mẩn đỏ',
        severity: 'severe',
        certainty: 'confirmed',
        note: null,
      }),
    strikeOut: (patient, allergy) => {
      write(allergyRefute, allergy, patient, { reason: 'nhầm', saw: {} });
    },
    ward: (wardName) =>
      write(wardCreate, randomUUID(), null, { name: wardName, departmentCode: 'K01', position: 0 }),
    admit: (patient, ward, number, at) =>
      write(admissionAdmit, randomUUID(), patient, {
        number,
        patient,
        ward,
        bed: null,
        at,
        careType: '03',
        reason: 'Sốt',
        diagnosis: 'Sốt',
        icd: null,
      }),
    discharge: (patient, admission, at, diagnosis) => {
      write(admissionDischarge, admission, patient, {
        at,
        type: '1',
        outcome: '1',
        diagnosis,
        icd: null,
        advice: null,
        destination: null,
        saw: [],
      });
    },
    async send() {
      const taken = await store.take(pending.splice(0), own.feed.station);
      if (taken.refused.length > 0) throw new Error(JSON.stringify(taken.refused));
      if (taken.parked > 0) throw new Error('a change of the test is not valid');
    },
  };
  return pc;
}

const seqText = (own: Writer): string => String(own.stored.length).padStart(5, '0');

/** Reads these centers' logs to their ends. */
export async function readLogs(test: TestDatabase, ...pcs: readonly Pc[]): Promise<void> {
  for (const pc of pcs)
    for (;;) {
      const state = await readPiece(test.db, pc.center, test.clock);
      if (state === 'busy') throw new Error('somebody else reads this log');
      if (state === 'done') break;
    }
}

/** Tests share one database, so everybody in it is somebody else. */
export const newCccd = (): string => `001085${String(randomInt(1_000_000)).padStart(6, '0')}`;
export const newName = (): string => `Nguyễn Thị ${randomUUID().replace(/[^a-f]/g, '')}`;
