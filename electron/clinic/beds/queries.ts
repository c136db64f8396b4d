// What other areas ask of wards and beds; lists in, maps out, one statement each.
import type { Database } from 'better-sqlite3';
import { statement } from '../../store/statement.ts';

export type BedStateName = 'ready' | 'cleaning' | 'closed';

export interface Ward {
  readonly wardId: string;
  readonly name: string;
  readonly departmentCode: string;
  readonly position: number;
  readonly retired: boolean;
  readonly retiredReason: string | null;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Room {
  readonly roomId: string;
  readonly wardId: string;
  readonly name: string;
  readonly position: number;
  readonly retired: boolean;
  readonly retiredReason: string | null;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Bed {
  readonly bedId: string;
  readonly wardId: string;
  readonly roomId: string;
  readonly roomName: string;
  readonly name: string;
  readonly code: string | null;
  readonly state: BedStateName;
  readonly stateReason: string | null;
  readonly shared: boolean;
  readonly retired: boolean;
  readonly retiredReason: string | null;
  readonly versions: Readonly<Record<string, string>>;
}

/** Retired ones too: old stays still name them. In the order of the center's layout. */
export const wardsById = (sql: Database): Map<string, Ward> =>
  new Map(
    allWards(sql)
      .all()
      .map((w) => [w.wardId, placeFrom(w)]),
  );

export const wardOf = (sql: Database, wardId: string): Ward | null => {
  const row = oneWard(sql).get(wardId);
  return row ? placeFrom(row) : null;
};

export const roomsOfWard = (sql: Database, wardId: string): Room[] =>
  roomsQuery(sql).all(wardId).map(placeFrom);

export const roomOf = (sql: Database, roomId: string): Room | null => {
  const row = oneRoom(sql).get(roomId);
  return row ? placeFrom(row) : null;
};

/** Beds of a ward in the order of its rooms; retired ones too. */
export const bedsOfWard = (sql: Database, wardId: string): Bed[] => bedsQuery(sql).all(wardId).map(bedFrom);

export const bedOf = (sql: Database, bedId: string): Bed | null => {
  const row = oneBed(sql).get(bedId);
  return row ? bedFrom(row) : null;
};

export const bedsById = (sql: Database, bedIds: readonly string[]): Map<string, Bed> =>
  new Map(
    bedsOfList(sql)
      .all(JSON.stringify(bedIds))
      .map((r) => [r.bedId, bedFrom(r)]),
  );

/** Beds in use that wait to be cleaned. */
export const bedsToClean = (sql: Database, wardId: string): { bedId: string; bedLabel: string }[] =>
  bedsOfWard(sql, wardId)
    .filter((b) => b.state === 'cleaning' && !b.retired)
    .map((b) => ({ bedId: b.bedId, bedLabel: bedLabel(b) }));

/** `Buồng 2 · G05`: room and bed as the signs on the doors say. */
export const bedLabel = (bed: Pick<Bed, 'roomName' | 'name'>): string =>
  bed.roomName === '' ? bed.name : `${bed.roomName} · ${bed.name}`;

interface BedRow extends Omit<Bed, 'state' | 'shared' | 'retired' | 'versions'> {
  readonly dirty: number;
  readonly closed: number;
  readonly shared: number;
  readonly retired: number;
  readonly versions: string;
}

function bedFrom({ dirty, closed, shared, retired, versions, ...row }: BedRow): Bed {
  return {
    ...row,
    state: closed === 1 ? 'closed' : dirty === 1 ? 'cleaning' : 'ready',
    shared: shared === 1,
    retired: retired === 1,
    versions: JSON.parse(versions),
  };
}

interface Flagged<T> {
  row: Omit<T, 'retired' | 'versions'> & { readonly retired: number; readonly versions: string };
}

const placeFrom = <T extends { readonly retired: number; readonly versions: string }>(
  row: T,
): Omit<T, 'retired' | 'versions'> & Pick<Ward, 'retired' | 'versions'> => ({
  ...row,
  retired: row.retired === 1,
  versions: JSON.parse(row.versions),
});
type WardRow = Flagged<Ward>['row'];
type RoomRow = Flagged<Room>['row'];

const placeColumns = 'name, position, retired, retired_reason AS retiredReason, versions';
const wardColumns = `id AS wardId, department_code AS departmentCode, ${placeColumns}`;
const roomColumns = `id AS roomId, ward_id AS wardId, ${placeColumns}`;
const bedColumns = `
  b.id AS bedId, b.ward_id AS wardId, b.room_id AS roomId, coalesce(r.name, '') AS roomName, b.name, b.code,
  b.dirty, b.closed, b.state_reason AS stateReason, b.shared, b.retired,
  b.retired_reason AS retiredReason, b.versions`;

export const allWards = statement<[], WardRow>(`SELECT ${wardColumns} FROM ward ORDER BY position, name, id`);
export const oneWard = statement<[string], WardRow>(`SELECT ${wardColumns} FROM ward WHERE id = ?`);
export const roomsQuery = statement<[string], RoomRow>(
  `SELECT ${roomColumns} FROM room WHERE ward_id = ? ORDER BY position, name, id`,
);
export const oneRoom = statement<[string], RoomRow>(`SELECT ${roomColumns} FROM room WHERE id = ?`);
export const bedsQuery = statement<[string], BedRow>(`
  SELECT ${bedColumns} FROM bed b LEFT JOIN room r ON r.id = b.room_id WHERE b.ward_id = ?
  ORDER BY r.position, r.name, r.id, b.position, b.name, b.id`);
export const oneBed = statement<[string], BedRow>(
  `SELECT ${bedColumns} FROM bed b LEFT JOIN room r ON r.id = b.room_id WHERE b.id = ?`,
);
export const bedsOfList = statement<[string], BedRow>(`
  SELECT ${bedColumns} FROM json_each(?) list JOIN bed b ON b.id = list.value LEFT JOIN room r ON r.id = b.room_id`);
