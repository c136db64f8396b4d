// What the record holds of one person and one stay, read once for a whole form through the doors of the other areas.
import type { Database } from 'better-sqlite3';
import type { FormTemplate } from '../../../shared/model/form-template.ts';
import { vietnamDate } from '../../../shared/time/vietnam.ts';
import type { People } from '../../store/room.ts';
import type { Store } from '../../store/types.ts';
import { admissionDiagnosis, movesOf, type Stay, stayOf, withVoidedFor } from '../admissions/index.ts';
import { type AllergyState, allergyStatusOf } from '../allergies/index.ts';
import { bedsById, wardsById } from '../beds/index.ts';
import { entriesForTimeline } from '../notes/index.ts';
import { setsForTimeline } from '../observations/index.ts';
import { patientOf } from '../patients/index.ts';
import { type EarlierSheets, earlierSheets } from './sheets.ts';

export interface CenterOnPaper {
  readonly name: string;
  readonly facilityCode: string | null;
  readonly provinceCode?: string | null;
  /** The authority above it, its address and telephone, where the center wrote them down. */
  readonly parent?: string | null;
  readonly address?: string | null;
  readonly phone?: string | null;
}

export interface SourceNeeds {
  readonly people: People;
  readonly store: Pick<Store, 'changesOf'>;
  center(): CenterOnPaper | null;
}

export interface Filling {
  readonly patientId: string;
  readonly admissionId: string | null;
  readonly user: { readonly userId: string; readonly fullName: string };
  /** ms since 1970 UTC */
  readonly now: number;
}

export interface Ward {
  readonly ward: string;
  readonly from: number;
  /** Null: still there. */
  readonly to: number | null;
}

export interface Facts {
  readonly filling: Filling;
  readonly today: string;
  readonly center: CenterOnPaper | null;
  readonly authorTitle: string | null;
  readonly patient: NonNullable<ReturnType<typeof patientOf>> | null;
  readonly allergies: AllergyState | null;
  readonly stay: Stay | null;
  readonly room: string | null;
  readonly bed: string | null;
  readonly admissionDiagnosis: ReturnType<typeof admissionDiagnosis>;
  readonly wards: readonly Ward[];
  /** Standing ones, oldest first. */
  readonly sets: ReturnType<typeof setsForTimeline>;
  readonly entries: ReturnType<typeof entriesForTimeline>;
  readonly earlier: EarlierSheets;
  nameOf(userId: string | null): string;
}

/** More than any stay has: four sets a day for a year and a half. */
const most = 2000;

/** A stay of somebody else is left out as if none had been named. */
export function factsOf(sql: Database, needs: SourceNeeds, template: FormTemplate, filling: Filling): Facts {
  const { patientId, admissionId, user } = filling;
  const { people, store } = needs;
  const found = admissionId === null ? null : stayOf(sql, admissionId);
  const stay = found?.patientId === patientId ? found : null;
  const stays = stay ? withVoidedFor(sql, stay.admissionId) : [];
  const bed = stay?.bedId ? bedsById(sql, [stay.bedId]).get(stay.bedId) : undefined;
  return {
    filling,
    today: vietnamDate(filling.now),
    center: needs.center(),
    authorTitle: people.titleOf(user.userId),
    patient: patientOf(sql, patientId, people),
    allergies: allergyStatusOf(sql, [patientId]).get(patientId) ?? null,
    stay,
    room: bed?.roomName || null,
    bed: bed?.name ?? null,
    admissionDiagnosis: stay ? admissionDiagnosis(store.changesOf('admission', stay.admissionId)) : null,
    wards: stay ? wardsOf(sql, stay) : [],
    sets: setsForTimeline(sql, stays, most)
      .filter((set) => !set.voided)
      .reverse(),
    entries: entriesForTimeline(sql, stays, most)
      .filter((entry) => !entry.withdrawn)
      .reverse(),
    earlier: earlierSheets(sql, template, filling),
    nameOf: (userId) => people.nameOf(userId),
  };
}

/** Ward by ward; moves from bed to bed within one are not told apart. */
function wardsOf(sql: Database, stay: Stay): Ward[] {
  const names = wardsById(sql);
  const begun: { wardId: string; from: number }[] = [];
  const moves = movesOf(sql, stay.admissionId)
    .filter((move) => !move.voided && move.wardId !== null && move.kind !== 'discharge')
    .sort((a, b) => a.at - b.at);
  for (const { wardId, at } of moves)
    if (wardId !== null && begun.at(-1)?.wardId !== wardId) begun.push({ wardId, from: at });
  return begun.map(({ wardId, from }, i) => ({
    ward: names.get(wardId)?.name ?? '',
    from,
    to: begun[i + 1]?.from ?? stay.dischargedAt,
  }));
}
