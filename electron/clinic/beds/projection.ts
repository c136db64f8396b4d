// Wards, rooms and beds folded out of their changes. Last writer wins field by field, and two names given unseen
// are shown to a person; cleanliness and closure are fields of their own, so an automatic "to be cleaned" never
// reopens a closed bed.
import * as z from 'zod';
import { bedKinds } from '../../../shared/model/beds.ts';
import type { Change } from '../../../shared/model/change.ts';
import { type Merged, mergeWrites, type Write } from '../../../shared/sync/merge.ts';
import { statement } from '../../store/statement.ts';
import type { AreaModel, Projection } from '../../store/types.ts';
import { fieldConflicts, writeOf } from '../guarded.ts';

type Row = Record<string, string | number | null>;

const wardProjection: Projection = {
  subject: 'ward',
  tables: ['ward'],
  project(ctx, id, changes) {
    deleteWard(ctx.sql).run(id);
    const of = fieldsOf(changes);
    if (!of) return {};
    insertWard(ctx.sql).run({ id, ...named(of), departmentCode: text(of.values.departmentCode) ?? '' });
    return { conflicts: nameConflicts('ward', of, changes) };
  },
};

const roomProjection: Projection = {
  subject: 'room',
  tables: ['room'],
  project(ctx, id, changes) {
    deleteRoom(ctx.sql).run(id);
    const of = fieldsOf(changes);
    if (!of) return {};
    insertRoom(ctx.sql).run({ id, ...named(of), ward: text(of.values.ward) });
    return { conflicts: nameConflicts('room', of, changes) };
  },
};

const bedProjection: Projection = {
  subject: 'bed',
  tables: ['bed'],
  project(ctx, id, changes) {
    deleteBed(ctx.sql).run(id);
    const of = fieldsOf(changes);
    if (!of) return {};
    const keys = [`bed:${id}`];
    const { values } = of;
    insertBed(ctx.sql).run({
      id,
      ...named(of),
      ward: text(values.ward),
      room: text(values.room),
      code: text(values.code),
      dirty: flag(values.dirty),
      closed: flag(values.closed),
      stateReason: text(values.stateReason),
      shared: flag(values.shared),
    });
    return { keys, conflicts: nameConflicts('bed', of, changes) };
  },
};

/** Null while the change that creates the thing is not there. */
function fieldsOf(changes: readonly Change[]): Merged | null {
  if (!changes.some((c) => c.kind.endsWith('.create'))) return null;
  return mergeWrites(changes.map(toWrite), (field) => (field === 'name' ? 'guarded' : 'plain'));
}

export const toWrite = (change: Change): Write =>
  writeOf(change, fieldsWritten(change), nameSeen.safeParse(change.body.saw).data);

/** Only a name is guarded; what a writer saw of the rest decides nothing. */
const nameSeen = z.object({ name: z.string() });

/** Two new names given without seeing each other: staff look for beds by the sign on the door. */
const nameConflicts = (type: 'ward' | 'room' | 'bed', merged: Merged, changes: readonly Change[]) =>
  fieldConflicts(merged, changes.map(toWrite), changes, {
    patient: null,
    subjectKey: (field) => `field.${type}.${field}`,
    show: (_field, value) => text(value),
  });

/** The reason belongs to what was done: why it was retired, or why it was closed; being left is no reason of its own. */
function fieldsWritten(change: Change): Record<string, unknown> {
  const { saw: _saw, reason, ...fields } = change.body;
  if (change.kind === 'bed.state') return 'closed' in fields ? { ...fields, stateReason: reason } : fields;
  return 'retired' in fields ? { ...fields, retiredReason: reason } : fields;
}

const named = ({ values, versions }: Merged): Row => ({
  name: text(values.name) ?? '',
  position: typeof values.position === 'number' ? values.position : 0,
  retired: flag(values.retired),
  retiredReason: text(values.retiredReason),
  versions: JSON.stringify(versions),
});

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const flag = (value: unknown): number => (value === true ? 1 : 0);

const deleteWard = statement<[string]>('DELETE FROM ward WHERE id = ?');
const deleteRoom = statement<[string]>('DELETE FROM room WHERE id = ?');
const deleteBed = statement<[string]>('DELETE FROM bed WHERE id = ?');

const insertWard = statement<[Row]>(`
  INSERT INTO ward (id, name, department_code, position, retired, retired_reason, versions)
  VALUES (@id, @name, @departmentCode, @position, @retired, @retiredReason, @versions)`);
const insertRoom = statement<[Row]>(`
  INSERT INTO room (id, ward_id, name, position, retired, retired_reason, versions)
  VALUES (@id, @ward, @name, @position, @retired, @retiredReason, @versions)`);
const insertBed = statement<[Row]>(`
  INSERT INTO bed (id, ward_id, room_id, name, code, position, dirty, closed, state_reason, shared, retired,
    retired_reason, versions)
  VALUES (@id, @ward, @room, @name, @code, @position, @dirty, @closed, @stateReason, @shared, @retired,
    @retiredReason, @versions)`);

export const model: AreaModel = {
  kinds: bedKinds,
  projections: [wardProjection, roomProjection, bedProjection],
};
