// Changing the layout and the state of beds; everything can be taken back by writing its opposite.
import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ParsedInput } from '../../../shared/api/index.ts';
import type { WardLayout } from '../../../shared/api/station.ts';
import {
  bedCreate,
  bedEdit,
  bedState,
  roomCreate,
  roomEdit,
  wardCreate,
  wardEdit,
} from '../../../shared/model/beds.ts';
import type { Context } from '../../store/room.ts';
import type { Store, Tx } from '../../store/types.ts';
import { chosenOf, type Settler } from '../guarded.ts';
import type { Occupancy } from './needs.ts';
import { toWrite } from './projection.ts';
import { type Bed, bedOf, bedsOfWard, roomOf, roomsOfWard, type Ward, wardOf, wardsById } from './queries.ts';

type Layout = z.output<typeof WardLayout>;
type Room = Layout['rooms'][number];

/** Writes a ward with its rooms and beds; also used when the center is set up. */
export function layOutWard(tx: Tx, layout: Layout): { wardId: string } {
  const wardId = randomUUID();
  const { name, departmentCode } = layout;
  const position = 1 + Math.max(-1, ...[...wardsById(tx.sql).values()].map((w) => w.position));
  tx.append(wardCreate, { id: wardId, body: { name, departmentCode, position } });
  for (const [i, room] of layout.rooms.entries()) layOutRoom(tx, wardId, room, i);
  return { wardId };
}

export function layOutRoom(tx: Tx, wardId: string, room: Room, position: number): string {
  const roomId = randomUUID();
  tx.append(roomCreate, {
    id: roomId,
    refs: [`ward:${wardId}`],
    body: { ward: wardId, name: room.name, position },
  });
  for (const [i, name] of room.beds.entries())
    layOutBed(tx, { wardId, roomId }, { name, code: null, position: i });
  return roomId;
}

export function layOutBed(
  tx: Tx,
  { wardId, roomId }: { wardId: string; roomId: string },
  bed: { name: string; code: string | null; position: number },
): string {
  const bedId = randomUUID();
  tx.append(bedCreate, {
    id: bedId,
    refs: [`ward:${wardId}`, `room:${roomId}`],
    body: { ward: wardId, room: roomId, ...bed },
  });
  return bedId;
}

export function addWard(tx: Tx, input: Layout): Result<{ wardId: string }> {
  const others = [...wardsById(tx.sql).values()].filter((w) => !w.retired);
  if (others.some((w) => sameName(w.name, input.name)))
    return fail('bad_input', { fields: { name: 'field.name_taken' } });
  return ok(layOutWard(tx, input));
}

export function addRoom(tx: Tx, input: ParsedInput<'beds.addRoom'>): Result<string> {
  const ward = wardOf(tx.sql, input.wardId);
  if (!ward || ward.retired) return fail('not_found');
  const others = roomsOfWard(tx.sql, ward.wardId).filter((r) => !r.retired);
  if (others.some((r) => sameName(r.name, input.name)))
    return fail('bad_input', { fields: { name: 'field.name_taken' } });
  return ok(layOutRoom(tx, ward.wardId, input, roomsOfWard(tx.sql, ward.wardId).length));
}

export function addBeds(
  tx: Tx,
  roomId: string,
  added: readonly { readonly name: string; readonly code: string | null }[],
): Result<string[]> {
  const room = roomOf(tx.sql, roomId);
  if (!room || room.retired) return fail('not_found');
  const there = bedsOfWard(tx.sql, room.wardId).filter((b) => b.roomId === room.roomId);
  const names = [...there.filter((b) => !b.retired), ...added].map((b) => b.name);
  if (names.some((name, i) => names.findIndex((other) => sameName(other, name)) !== i))
    return fail('bad_input', { fields: { name: 'field.name_taken' } });
  return ok(added.map((bed, i) => layOutBed(tx, room, { ...bed, position: there.length + i })));
}

// ── the state of a bed ──────────────────────────────────────────────────────

/** A bed is closed or sent to cleaning only when nobody lies in it; closing needs a reason. */
export function setState(
  tx: Tx,
  input: ParsedInput<'beds.setState'>,
  needs: Pick<Occupancy, 'occupantsOf'>,
): Result<Bed> {
  const bed = bedOf(tx.sql, input.bedId);
  if (!bed || bed.retired) return fail('not_found');
  if (input.state === 'closed' && !input.reason)
    return fail('reason_required', { fields: { reason: 'field.required' } });
  if (input.state !== 'ready' && occupants(tx, needs, bed) > 0) return fail('bed_occupied');
  const to = {
    ready: { dirty: false, closed: false },
    cleaning: { dirty: true, closed: false },
    closed: { closed: true },
  }[input.state];
  tx.append(bedState, { id: bed.bedId, body: { ...to, reason: input.reason, saw: bed.versions } });
  return ok(bed);
}

/** Marks a bed somebody has just left; a closed bed stays closed. */
export function sendToCleaning(tx: Tx, bedId: string): void {
  const bed = bedOf(tx.sql, bedId);
  if (bed) tx.append(bedState, { id: bedId, body: { dirty: true, reason: null, saw: bed.versions } });
}

/** Version of the last change of a bed's state; empty for a bed nobody has touched yet. */
export const stateVersion = (tx: Tx, bedId: string): string => {
  const { dirty = '', closed = '' } = bedOf(tx.sql, bedId)?.versions ?? {};
  return dirty > closed ? dirty : closed;
};

/** Puts back the state a bed had, unless someone has set another since `version` was written. */
export function restoreState(
  tx: Tx,
  before: Pick<Bed, 'bedId' | 'state' | 'stateReason'>,
  version: string,
): void {
  const bed = bedOf(tx.sql, before.bedId);
  if (!bed || stateVersion(tx, before.bedId) !== version) return;
  const body = {
    dirty: before.state === 'cleaning',
    closed: before.state === 'closed',
    reason: before.stateReason,
    saw: bed.versions,
  };
  tx.append(bedState, { id: before.bedId, body });
}

export function setShared(
  tx: Tx,
  { bedId, shared, reason }: { bedId: string; shared: boolean; reason: string | null },
  needs: Pick<Occupancy, 'occupantsOf'>,
): Result<Bed> {
  const bed = bedOf(tx.sql, bedId);
  if (!bed || bed.retired) return fail('not_found');
  if (!shared && occupants(tx, needs, bed) > 1) return fail('bed_occupied');
  tx.append(bedEdit, { id: bedId, body: { shared, reason, saw: bed.versions } });
  return ok(bed);
}

const occupants = (tx: Tx, needs: Pick<Occupancy, 'occupantsOf'>, bed: Bed): number =>
  needs.occupantsOf(tx.sql, [bed.bedId]).get(bed.bedId) ?? 0;

// ── names and retiring ──────────────────────────────────────────────────────

export type Thing = ParsedInput<'beds.bringBack'>;
const editOf = { ward: wardEdit, room: roomEdit, bed: bedEdit } as const;

export interface Renamed {
  readonly before: string;
  /** Of the new name. */
  readonly version: string;
}

export function rename(
  tx: Tx,
  thing: Thing,
  name: string,
  saw: Readonly<Record<string, string>> | undefined,
): Result<Renamed> {
  const found = thingOf(tx, thing);
  if (!found || found.retired) return fail('not_found');
  if (saw && saw.name !== found.versions.name) return fail('stale');
  if (siblingsOf(tx, thing, found).some((other) => sameName(other.name, name)))
    return fail('bad_input', { fields: { name: 'field.name_taken' } });
  edit(tx, thing, { name, reason: null });
  return ok({ before: found.name, version: thingOf(tx, thing)?.versions.name ?? '' });
}

/** `stale` when somebody has given another name since. */
export function renameBack(tx: Tx, thing: Thing, { before, version }: Renamed): Result<unknown> {
  return rename(tx, thing, before, { name: version });
}

export function retire(tx: Tx, thing: Thing, reason: string | null, needs: Occupancy): Result<null> {
  const found = thingOf(tx, thing);
  if (!found || found.retired) return fail('not_found');
  if (patientsIn(tx.sql, thing, found.wardId, needs) > 0) return fail('bed_occupied');
  edit(tx, thing, { retired: true, reason });
  return ok(null);
}

export function bringBack(tx: Tx, thing: Thing): Result<null> {
  const found = thingOf(tx, thing);
  if (!found) return fail('not_found');
  if (!found.retired) return ok(null);
  if (siblingsOf(tx, thing, found).some((other) => sameName(other.name, found.name)))
    return fail('bad_input', { fields: { name: 'field.name_taken' } });
  edit(tx, thing, { retired: false, reason: null });
  return ok(null);
}

function edit(tx: Tx, thing: Thing, set: { name?: string; retired?: boolean; reason: string | null }): void {
  const saw = { ...thingOf(tx, thing)?.versions };
  tx.append(editOf[thing.kind], { id: thing.id, body: { ...set, saw } });
}

type Found = Pick<Ward, 'name' | 'retired' | 'versions' | 'wardId'> & { readonly roomId?: string };

function thingOf(tx: Tx, { kind, id }: Thing): Found | null {
  if (kind === 'ward') return wardOf(tx.sql, id);
  return kind === 'room' ? roomOf(tx.sql, id) : bedOf(tx.sql, id);
}

/** What a name must differ from: wards of the center, rooms of the ward, beds of the room, those in use. */
function siblingsOf(tx: Tx, { kind, id }: Thing, { wardId, roomId }: Found): readonly { name: string }[] {
  const others =
    kind === 'ward'
      ? [...wardsById(tx.sql).values()].filter((w) => w.wardId !== id)
      : kind === 'room'
        ? roomsOfWard(tx.sql, wardId).filter((r) => r.roomId !== id)
        : bedsOfWard(tx.sql, wardId).filter((b) => b.roomId === roomId && b.bedId !== id);
  return others.filter((other) => !other.retired);
}

const sameName = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase('vi') === b.trim().toLocaleLowerCase('vi');

/** How many lie in the ward (also without a bed), in the room, in the bed. */
function patientsIn(sql: Tx['sql'], { kind, id }: Thing, wardId: string, needs: Occupancy): number {
  if (kind === 'ward') return needs.openStaysOfWard(sql, id).length;
  const beds = bedsOfWard(sql, wardId).filter((b) => (kind === 'bed' ? b.bedId : b.roomId) === id);
  const occupied = needs.occupantsOf(
    sql,
    beds.map((b) => b.bedId),
  );
  return [...occupied.values()].reduce((sum, n) => sum + n, 0);
}

/** A person's choice between two names that were given unseen. */
export const settleName =
  (kind: Thing['kind']): Settler =>
  (tx, decision, changes) => {
    const chosen = chosenOf(decision, changes, (c) => [toWrite(c)]);
    if (chosen?.field !== 'name' || typeof chosen.value !== 'string') return fail('not_found');
    const body = { name: chosen.value, reason: decision.reason, saw: chosen.saw };
    tx.append(editOf[kind], { id: decision.id, body });
    return ok({});
  };

/** Writes in a transaction and, if it went well, offers to take it back. */
export function undoableWrite<T>(
  store: Store,
  ctx: Context,
  work: (tx: Tx) => Result<T>,
  takeBack: (done: T, tx: Tx) => Result<unknown> | undefined,
): Result<{ done: T; undo: string }> {
  const written = store.write(ctx.caller, work);
  if (!written.ok) return written;
  const undo = ctx.undo((later) =>
    store.write(later.caller, (tx) => takeBack(written.value, tx) ?? ok(null)),
  );
  return ok({ done: written.value, undo });
}
