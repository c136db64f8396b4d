// Everything that happened to a patient in one list, newest first; what was struck out stays in it, marked.
import type { Output } from '../../../shared/api/index.ts';
import type { Change } from '../../../shared/model/change.ts';
import { changeId } from '../../../shared/model/change.ts';
import { demographicFields } from '../../../shared/model/patients.ts';
import type { Deps } from '../../store/room.ts';
import { movesOf, type Stay, type StoredMove, withVoidedFor } from '../admissions/index.ts';
import { allergiesForTimeline } from '../allergies/index.ts';
import { bedsById, wardsById } from '../beds/index.ts';
import { entriesForTimeline } from '../notes/index.ts';
import { setsForTimeline } from '../observations/index.ts';
import { standingStays } from './head.ts';

type Item = Output<'patients.timeline'>[number];
/** An item before the names of its writer and station are looked up. */
type Event = Omit<Item, 'by' | 'station'> & { readonly author: string | null; readonly stationId: string };

/** Longer texts are read where they were written. */
const longestText = 240;

/** Null when the stay asked for is not this patient's. */
export function timeline(
  deps: Deps,
  asked: { readonly patientId: string; readonly admissionId?: string; readonly limit: number },
): Item[] | null {
  const { store, people } = deps;
  const all = standingStays(store.sql, asked.patientId);
  const one = asked.admissionId === undefined ? null : all.find((s) => s.admissionId === asked.admissionId);
  if (one === undefined) return null;
  const stays = one ? [one] : all;
  const ids = [...new Set(stays.flatMap((s) => withVoidedFor(store.sql, s.admissionId)))];
  const personal = [...allergyEvents(deps, asked.patientId), ...identityEvents(deps, asked.patientId)];
  const events = [
    ...moveEvents(deps, stays),
    ...setEvents(deps, ids, asked.limit),
    ...entryEvents(deps, ids, asked.limit),
    ...(one ? personal.filter((e) => within(one, e.at)) : personal),
  ];
  return events
    .sort((a, b) => b.at - a.at || b.writtenAt - a.writtenAt || (a.id < b.id ? -1 : 1))
    .slice(0, asked.limit)
    .map(({ author, stationId, ...item }) => ({
      ...item,
      by: people.nameOf(author),
      station: people.stationName(stationId),
    }));
}

const dayMs = 86_400_000;

/** What was written about the person on the day before admission belongs to this stay too: that is the reception. */
const within = (stay: Stay, at: number): boolean =>
  at >= stay.admittedAt - dayMs && at <= (stay.dischargedAt ?? Number.POSITIVE_INFINITY);

const moveKinds = {
  admit: 'admitted',
  transfer: 'transferred',
  bed: 'bed_changed',
  swap: 'bed_changed',
  discharge: 'discharged',
  reopen: 'admitted',
} as const satisfies Record<StoredMove['kind'], Item['kind']>;

function moveEvents({ store }: Deps, stays: readonly Stay[]): Event[] {
  const moves = stays.flatMap((s) => movesOf(store.sql, s.admissionId));
  const wards = wardsById(store.sql);
  const beds = bedsById(
    store.sql,
    moves.flatMap((m) => m.bedId ?? []),
  );
  return moves.map((m) => {
    const ward = m.wardId === null ? '' : (wards.get(m.wardId)?.name ?? '');
    const named = m.bedId === null ? null : (beds.get(m.bedId)?.name ?? null);
    // who leaves has a last bed, but that is not where they go
    const bed = m.kind === 'discharge' ? null : named;
    const params: Event['params'] = bed === null ? { ward } : { ward, bed };
    return {
      id: m.changeId,
      at: m.at,
      writtenAt: m.wall,
      kind: m.voided ? 'voided' : moveKinds[m.kind],
      summaryKey: `timeline.${m.kind}${bed === null ? '' : 'ToBed'}`,
      params,
      text: m.reason,
      author: m.author,
      stationId: m.station,
    };
  });
}

function setEvents({ store }: Deps, admissionIds: readonly string[], limit: number): Event[] {
  return setsForTimeline(store.sql, admissionIds, limit).map((set) => {
    const { pulse, temperature, systolic, diastolic, respiration, spo2, weight } = set.values;
    const pressure = systolic === null ? null : `${systolic}/${diastolic ?? '–'}`;
    const signs = { pulse, temperature, pressure, respiration, spo2 };
    const onlyWeight = weight !== null && Object.values(signs).every((v) => v === null);
    const total = set.news2.total;
    const params: Event['params'] = onlyWeight
      ? { weight: shown(weight) }
      : Object.fromEntries(Object.entries(signs).map(([k, v]) => [k, shown(v)]));
    if (total !== null) params.news2 = total;
    return {
      id: set.id,
      at: set.at,
      writtenAt: set.writtenAt,
      kind: set.voided ? 'voided' : 'vitals',
      summaryKey: onlyWeight
        ? 'timeline.weight'
        : total === null
          ? 'timeline.vitals'
          : 'timeline.vitalsNews2',
      params,
      text: set.voided ? set.voidReason : set.note,
      author: set.author,
      stationId: set.station,
    };
  });
}

/** Decimal comma, as on paper. */
const shown = (value: string | number | null): string =>
  value === null ? '–' : String(value).replace('.', ',');

function entryEvents({ store }: Deps, admissionIds: readonly string[], limit: number): Event[] {
  return entriesForTimeline(store.sql, admissionIds, limit).map((entry) => ({
    id: entry.id,
    at: entry.at,
    writtenAt: entry.writtenAt,
    kind: entry.withdrawn ? 'voided' : 'entry',
    summaryKey: entry.amended ? 'timeline.entryAmended' : 'timeline.entry',
    params: {},
    text: shortened([entry.content.progress, entry.content.orders].filter(Boolean).join('\n')),
    author: entry.author,
    stationId: entry.station,
  }));
}

const shortened = (text: string): string | null =>
  text === '' ? null : text.length <= longestText ? text : `${text.slice(0, longestText).trimEnd()}…`;

function allergyEvents({ store }: Deps, patientId: string): Event[] {
  return allergiesForTimeline(store.sql, patientId).map((a) => ({
    id: a.id,
    at: a.at,
    writtenAt: a.at,
    kind: a.refuted ? 'voided' : 'allergy',
    summaryKey: 'timeline.allergy',
    params: { substance: a.substance },
    text: null,
    author: a.author,
    stationId: a.station,
  }));
}

function identityEvents({ store }: Deps, patientId: string): Event[] {
  return store.changesOf('patient', patientId).map((change) => ({
    id: changeId(change),
    at: change.wall,
    writtenAt: change.wall,
    kind: 'identity',
    ...identitySummary(change),
    text: typeof change.body.reason === 'string' ? change.body.reason : null,
    author: change.author,
    stationId: change.station,
  }));
}

function identitySummary(change: Change): Pick<Event, 'summaryKey' | 'params'> {
  const { body } = change;
  if (change.kind === 'patient.register')
    return { summaryKey: 'timeline.registered', params: { number: String(body.recordNumber) } };
  if (change.kind === 'patient.identify')
    return {
      summaryKey: body.unidentified === true ? 'timeline.unidentified' : 'timeline.identified',
      params: {},
    };
  if (change.kind === 'patient.photo')
    return { summaryKey: body.photo === null ? 'timeline.photoRemoved' : 'timeline.photo', params: {} };
  return {
    summaryKey: 'timeline.identityChanged',
    params: { count: demographicFields.filter((f) => body[f] !== undefined).length },
  };
}
