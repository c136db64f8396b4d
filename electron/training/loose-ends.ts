// What a trainee should meet on the first day: somebody nobody knows, beds out of use, work others asked for,
// and two real conflicts, made the way they really arise: by a second PC that could not see the first.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result } from '../../shared/api/contract.ts';
import { admissionAdmit } from '../../shared/model/admissions.ts';
import { bedEdit, bedState } from '../../shared/model/beds.ts';
import { patientRegister, patientUpdate } from '../../shared/model/patients.ts';
import { stationEnrol } from '../../shared/model/station.ts';
import { taskAdd } from '../../shared/model/tasks.ts';
import { allModels } from '../core.ts';
import { randomKey } from '../store/crypto.ts';
import { openStore } from '../store/open.ts';
import type { Author, OpenStore, Tx } from '../store/types.ts';
import type { Staff } from './create.ts';
import type { Clock, Populated } from './populate.ts';
import { type Random, randomUuid } from './random.ts';
import type { PlannedBed, PlannedPerson } from './stays.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface LooseEnds {
  readonly store: OpenStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly staff: Staff;
  readonly beds: readonly PlannedBed[];
  readonly populated: Populated;
}

export function leaveLooseEnds(ends: LooseEnds): void {
  const { store, clock, random, staff, beds, populated } = ends;
  const author = (username: string): Author => ({ userId: staff.idOf(username), sessionId: null });
  const inStay = new Set(populated.stays.filter((s) => s.dischargedAt === null).map((s) => s.who.patientId));
  const atHome = populated.people.filter(
    (p) => !inStay.has(p.patientId) && p.person.ageYears >= 30 && p.person.ageYears <= 75,
  );
  const someone = (): PlannedPerson => {
    const chosen = random.pick(atHome);
    atHome.splice(atHome.indexOf(chosen), 1);
    return chosen;
  };
  const freeBeds = beds.filter((b) => b.freeAtEnd);
  const freeIn = (ward: PlannedBed['wardKey']): PlannedBed | undefined => {
    const at = freeBeds.findIndex((b) => b.wardKey === ward);
    return at < 0 ? undefined : freeBeds.splice(at, 1)[0];
  };
  let admitted = 0;
  const admit = (
    tx: Tx,
    patientId: string,
    ward: string,
    bed: string | null,
    reason: string,
    diagnosis: string,
  ) => {
    admitted += 1;
    const number = `${String(new Date(clock.now).getUTCFullYear() % 100)}01A${String(90_000 + admitted)}`;
    tx.append(admissionAdmit, {
      id: randomUuid(random),
      patient: patientId,
      refs: [`patient:${patientId}`, `ward:${ward}`, ...(bed === null ? [] : ([`bed:${bed}`] as const))],
      body: {
        number,
        patient: patientId,
        ward,
        bed,
        at: clock.now - 20 * MINUTE_MS,
        careType: '03',
        reason,
        diagnosis,
        icd: null,
      },
    });
  };
  const write = (who: Author, work: (tx: Tx) => void, into = store): void => {
    clock.now += 1_000;
    const written = into.bulk((as) => {
      work(as(who));
      return ok(null);
    });
    expectOk(written);
  };

  const emergency = freeIn('hscc') ?? freeBeds.shift();
  if (emergency) {
    write(author('bstruc'), (tx) => {
      const id = randomUuid(random);
      const number = `${String(new Date(clock.now).getUTCFullYear() % 100)}01A90001`;
      tx.append(patientRegister, {
        id,
        patient: id,
        body: {
          recordNumber: number,
          unidentified: true,
          unidentifiedNote:
            'Nam, khoảng 50 tuổi, người dân đưa vào lúc 5 giờ sáng từ ngã ba chợ. Áo khoác xanh, không có giấy tờ, 01 chùm chìa khóa.',
          notDuplicates: [],
          fullName: `Chưa rõ danh tính ${number}`,
          sex: '1',
        },
      });
      admit(
        tx,
        id,
        emergency.wardId,
        emergency.bedId,
        'Lơ mơ, nghi chấn thương sọ não',
        'Theo dõi chấn thương sọ não',
      );
    });
  }

  const [dirty, alsoDirty, broken] = [freeBeds.shift(), freeBeds.shift(), freeBeds.shift()];
  write(author('ddtruong'), (tx) => {
    for (const bed of [dirty, alsoDirty])
      if (bed) tx.append(bedState, { id: bed.bedId, body: { dirty: true, reason: null, saw: {} } });
    if (broken)
      tx.append(bedState, {
        id: broken.bedId,
        body: { closed: true, reason: 'Gãy thanh chắn, chờ sửa', saw: {} },
      });
  });

  const shared = populated.stays.find((s) => s.dischargedAt === null && s.bed.wardKey === 'noi');
  if (shared) {
    write(author('ddtruong'), (tx) => {
      tx.append(bedEdit, { id: shared.bed.bedId, body: { shared: true, reason: 'Khoa quá tải', saw: {} } });
      admit(
        tx,
        someone().patientId,
        shared.bed.wardId,
        shared.bed.bedId,
        'Đau thượng vị, nôn',
        'Viêm dạ dày cấp',
      );
    });
    write(author('bskham'), (tx) =>
      admit(
        tx,
        someone().patientId,
        shared.bed.wardId,
        null,
        'Chóng mặt, tụt huyết áp tư thế',
        'Rối loạn tiền đình',
      ),
    );
    write(author('bsnoi'), (tx) => {
      const asks = [
        'Lấy máu xét nghiệm trước 6 giờ sáng mai',
        'Mời hội chẩn nội soi',
        'Gọi người nhà mang thẻ bảo hiểm',
      ];
      for (const [i, text] of asks.entries()) {
        const stay = populated.stays.filter((s) => s.dischargedAt === null && s.bed.wardKey === 'noi')[i + 1];
        if (!stay) continue;
        tx.append(taskAdd, {
          id: randomUuid(random),
          patient: stay.who.patientId,
          refs: [`ward:${stay.bed.wardId}`, `admission:${stay.admissionId}`],
          body: {
            ward: stay.bed.wardId,
            admission: stay.admissionId,
            text,
            dueAt: clock.now + (i + 2) * HOUR_MS,
          },
        });
      }
    });
  }

  const patient = populated.stays.find(
    (s) => s.dischargedAt === null && s.bed.wardKey === 'noi' && s !== shared,
  )?.who.patientId;
  const wanted = freeBeds.find((b) => b.wardKey === 'noi') ?? freeBeds[0];
  withSecondPc(ends, (second) => {
    if (patient) {
      const group = (value: 'A' | 'O') => (tx: Tx) =>
        tx.append(patientUpdate, {
          id: patient,
          patient,
          body: { bloodGroup: value, reason: null, saw: {} },
        });
      write(author('bsnoi'), group('O'));
      write(author('ddnoi'), group('A'), second);
    }
    if (wanted) {
      const [one, other] = [someone(), someone()];
      write(author('bskham'), (tx) =>
        admit(tx, one.patientId, wanted.wardId, wanted.bedId, 'Sốt cao, đau đầu', 'Sốt chưa rõ nguyên nhân'),
      );
      write(
        author('bskham2'),
        (tx) =>
          admit(tx, other.patientId, wanted.wardId, wanted.bedId, 'Đau bụng âm ỉ', 'Theo dõi viêm đại tràng'),
        second,
      );
    }
  });
}

/** A store on "another PC" that has all this one has so far; what it writes comes back at the end. */
function withSecondPc({ store, clock }: LooseEnds, work: (second: OpenStore) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'tram-training-'));
  const opened = openStore({
    path: join(folder, 'record.db'),
    key: randomKey(),
    areas: allModels,
    create: true,
    now: () => clock.now,
    uptimeMs: () => clock.now,
  });
  if (!opened.ok) throw new Error(`the second PC did not start: ${opened.error.code}`);
  const second = opened.value;
  try {
    for (const feed of store.feeds())
      expectOk(second.ingest(store.storedAfter(feed, 0, Number.MAX_SAFE_INTEGER)));
    clock.now += 1_000;
    expectOk(
      second.bulk((as) => {
        as({ userId: null, sessionId: null }).append(stationEnrol, {
          id: second.station.id,
          body: { name: 'Máy khoa Nội', code: '02', certificate: '' },
        });
        return ok(null);
      }),
    );
    work(second);
    for (const feed of second.feeds().filter((f) => f.own))
      expectOk(store.ingest(second.storedAfter(feed, 0, Number.MAX_SAFE_INTEGER)));
  } finally {
    second.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectOk(result: Result<unknown>): void {
  if (!result.ok) throw new Error(`the training center stopped half-way: ${result.error.code}`);
}
