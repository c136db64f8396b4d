// Wards, rooms and beds: the one door of this area.

import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { BedId, RoomId, WardId } from '../../../shared/api/ids.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import { boardOf, isFree } from './board.ts';
import {
  addBeds,
  addRoom,
  addWard,
  bringBack,
  rename,
  renameBack,
  restoreState,
  retire,
  setShared,
  setState,
  stateVersion,
  undoableWrite,
} from './commands.ts';
import { wardMaps } from './layout.ts';
import type { BoardNeeds, Occupancy } from './needs.ts';
import { bedsOfWard, wardOf, wardsById } from './queries.ts';

export {
  layOutWard,
  restoreState,
  sendToCleaning,
  settleName,
  stateVersion,
  undoableWrite,
} from './commands.ts';
export type { BoardNeeds, Occupancy } from './needs.ts';
export { model } from './projection.ts';
export {
  type Bed,
  bedLabel,
  bedOf,
  bedsById,
  bedsOfWard,
  bedsToClean,
  type Ward,
  wardOf,
  wardsById,
} from './queries.ts';

type Methods =
  | 'beds.wards'
  | 'beds.board'
  | 'beds.free'
  | 'beds.setState'
  | 'beds.setShared'
  | 'beds.addWard'
  | 'beds.addRoom'
  | 'beds.layout'
  | 'beds.addBed'
  | 'beds.addBeds'
  | 'beds.bringBack'
  | 'beds.rename'
  | 'beds.retire';

export function handlers(deps: Deps & BoardNeeds & Occupancy): HandlersOf<Methods> {
  const { store } = deps;
  return {
    'beds.wards'() {
      const { sql } = store;
      const occupancy = deps.occupancyOfWards(sql);
      const wards = [...wardsById(sql).values()].flatMap((ward) => {
        const here = occupancy.get(ward.wardId);
        if (ward.retired && !here) return [];
        const beds = bedsOfWard(sql, ward.wardId).filter((b) => !b.retired);
        return {
          wardId: WardId.parse(ward.wardId),
          name: ward.name,
          departmentCode: ward.departmentCode,
          beds: beds.length,
          free: beds.filter((b) => isFree(b, here?.beds.has(b.bedId) ? 1 : 0)).length,
          patients: here?.patients ?? 0,
          closed: ward.retired,
        };
      });
      return ok(wards);
    },

    'beds.board'({ wardId }, ctx) {
      const ward = wardOf(store.sql, wardId);
      if (!ward) return fail('not_found');
      return ok(boardOf(store.sql, ward, deps, { now: ctx.now(), clinical: ctx.can('chart.read') }));
    },

    'beds.free'({ wardId }) {
      if (!wardOf(store.sql, wardId)) return fail('not_found');
      const beds = bedsOfWard(store.sql, wardId).filter((b) => b.state === 'ready' && !b.retired);
      const occupants = deps.occupantsOf(
        store.sql,
        beds.map((b) => b.bedId),
      );
      return ok(
        beds
          .map((b) => ({ ...b, occupants: occupants.get(b.bedId) ?? 0 }))
          .filter((b) => b.occupants === 0 || b.shared)
          .map(({ bedId, roomName, name, shared, occupants: count }) => ({
            bedId: BedId.parse(bedId),
            roomName,
            name,
            shared,
            occupants: count,
          })),
      );
    },

    'beds.setState'(input, ctx) {
      const written = undoableWrite(
        store,
        ctx,
        (tx) => {
          const before = setState(tx, input, deps);
          if (!before.ok) return before;
          return ok({ before: before.value, version: stateVersion(tx, input.bedId) });
        },
        ({ before, version }, tx) => {
          if (
            before.state !== 'ready' &&
            (deps.occupantsOf(tx.sql, [before.bedId]).get(before.bedId) ?? 0) > 0
          )
            return fail('bed_occupied');
          restoreState(tx, before, version);
        },
      );
      return written.ok ? ok({ undo: written.value.undo }) : written;
    },

    'beds.setShared'(input, ctx) {
      const written = undoableWrite(
        store,
        ctx,
        (tx) => setShared(tx, input, deps),
        (before, tx) => setShared(tx, { bedId: before.bedId, shared: before.shared, reason: null }, deps),
      );
      return written.ok ? ok({ undo: written.value.undo }) : written;
    },

    'beds.layout': () => ok(wardMaps(store.sql, deps)),

    'beds.addWard'(input, ctx) {
      const written = undoableWrite(
        store,
        ctx,
        (tx) => addWard(tx, input),
        ({ wardId }, tx) => retire(tx, { kind: 'ward', id: wardId }, null, deps),
      );
      if (!written.ok) return written;
      const { done, undo } = written.value;
      return ok({ wardId: WardId.parse(done.wardId), undo });
    },

    'beds.addRoom'(input, ctx) {
      const written = undoableWrite(
        store,
        ctx,
        (tx) => addRoom(tx, input),
        (id, tx) => retire(tx, { kind: 'room', id }, null, deps),
      );
      if (!written.ok) return written;
      return ok({ roomId: RoomId.parse(written.value.done), undo: written.value.undo });
    },

    'beds.addBed'({ roomId, name, code = null }, ctx) {
      const added = addingBeds(ctx, roomId, [{ name, code }]);
      const [bedId] = added.ok ? added.value.bedIds : [];
      if (!added.ok) return added;
      return bedId === undefined ? fail('not_found') : ok({ bedId, undo: added.value.undo });
    },

    'beds.addBeds'({ roomId, names }, ctx) {
      return addingBeds(
        ctx,
        roomId,
        names.map((name) => ({ name, code: null })),
      );
    },

    'beds.rename'({ kind, id, name, saw }, ctx) {
      const thing = { kind, id: id.toLowerCase() };
      return undoOf(
        undoableWrite(
          store,
          ctx,
          (tx) => rename(tx, thing, name, saw),
          (renamed, tx) => renameBack(tx, thing, renamed),
        ),
      );
    },

    'beds.retire'({ kind, id, reason }, ctx) {
      const thing = { kind, id: id.toLowerCase() };
      return undoOf(
        undoableWrite(
          store,
          ctx,
          (tx) => retire(tx, thing, reason, deps),
          (_done, tx) => bringBack(tx, thing),
        ),
      );
    },

    'beds.bringBack'({ kind, id }, ctx) {
      const thing = { kind, id: id.toLowerCase() };
      return undoOf(
        undoableWrite(
          store,
          ctx,
          (tx) => bringBack(tx, thing),
          (_done, tx) => retire(tx, thing, null, deps),
        ),
      );
    },
  };

  function addingBeds(
    ctx: Context,
    roomId: string,
    beds: readonly { readonly name: string; readonly code: string | null }[],
  ): Result<{ bedIds: BedId[]; undo: string }> {
    const written = undoableWrite(
      store,
      ctx,
      (tx) => addBeds(tx, roomId, beds),
      (ids, tx) => firstRefusal(ids.map((id) => retire(tx, { kind: 'bed', id }, null, deps))),
    );
    if (!written.ok) return written;
    return ok({ bedIds: written.value.done.map((id) => BedId.parse(id)), undo: written.value.undo });
  }
}

const undoOf = (written: Result<{ undo: string }>): Result<{ undo: string }> =>
  written.ok ? ok({ undo: written.value.undo }) : written;

const firstRefusal = (results: readonly Result<unknown>[]): Result<unknown> =>
  results.find((r) => !r.ok) ?? ok(null);
