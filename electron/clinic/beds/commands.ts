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
import type { Occupancy } from './needs.ts';
import { type Bed, bedOf, bedsOfWard, roomOf, roomsOfWard, wardOf, wardsById } from './queries.ts';

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

export function addRoom(tx: Tx, input: ParsedInput<'beds.addRoom'>): Result<string> {
  const ward = wardOf(tx.sql, input.wardId);
  if (!ward || ward.retired) return fail('not_found');
  return ok(layOutRoom(tx, ward.wardId, input, roomsOfWard(tx.sql, ward.wardId).length));
}

export function addBed(tx: Tx, input: ParsedInput<'beds.addBed'>): Result<string> {
  const room = roomOf(tx.sql, input.roomId);
  if (!room || room.retired) return fail('not_found');
  const position = bedsOfWard(tx.sql, room.wardId).filter((b) => b.roomId === room.roomId).length;
  return ok(layOutBed(tx, room, { name: input.name, code: input.code ?? null, position }));
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

export type Thing = Pick<ParsedInput<'beds.rename'>, 'kind' | 'id'>;
const editOf = { ward: wardEdit, room: roomEdit, bed: bedEdit } as const;

/** Answers the name it had. */
export function rename(tx: Tx, thing: Thing, name: string): Result<string> {
  const found = thingOf(tx, thing);
  if (!found || found.retired) return fail('not_found');
  edit(tx, thing, { name, reason: null });
  return ok(found.name);
}

export function retire(tx: Tx, thing: Thing, reason: string, needs: Occupancy): Result<null> {
  const found = thingOf(tx, thing);
  if (!found || found.retired) return fail('not_found');
  if (isInUse(tx, thing, found.wardId, needs)) return fail('bed_occupied');
  edit(tx, thing, { retired: true, reason });
  return ok(null);
}

export const bringBack = (tx: Tx, thing: Thing): void => edit(tx, thing, { retired: false, reason: null });

function edit(
  tx: Tx,
  { kind, id }: Thing,
  set: { name?: string; retired?: boolean; reason: string | null },
): void {
  tx.append(editOf[kind], { id, body: { ...set, saw: {} } });
}

function thingOf(tx: Tx, { kind, id }: Thing): { name: string; retired: boolean; wardId: string } | null {
  if (kind === 'ward') return wardOf(tx.sql, id);
  return kind === 'room' ? roomOf(tx.sql, id) : bedOf(tx.sql, id);
}

function isInUse(tx: Tx, { kind, id }: Thing, wardId: string, needs: Occupancy): boolean {
  if (kind === 'ward') return needs.openStaysOfWard(tx.sql, id).length > 0;
  const beds = bedsOfWard(tx.sql, wardId).filter((b) => (kind === 'bed' ? b.bedId : b.roomId) === id);
  return (
    needs.occupantsOf(
      tx.sql,
      beds.map((b) => b.bedId),
    ).size > 0
  );
}

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
