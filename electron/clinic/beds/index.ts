// Wards, rooms and beds: the one door of this area.

import { fail, ok } from '../../../shared/api/contract.ts';
import { BedId, RoomId, WardId } from '../../../shared/api/ids.ts';
import type { Deps, HandlersOf } from '../../store/room.ts';
import { boardOf, isFree } from './board.ts';
import {
  addBed,
  addRoom,
  bringBack,
  layOutWard,
  rename,
  restoreState,
  retire,
  setShared,
  setState,
  stateVersion,
  undoableWrite,
} from './commands.ts';
import type { BoardNeeds, Occupancy } from './needs.ts';
import { bedsOfWard, wardOf, wardsById } from './queries.ts';

export { layOutWard, restoreState, sendToCleaning, stateVersion, undoableWrite } from './commands.ts';
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
  | 'beds.addBed'
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

    'beds.addWard'(input, ctx) {
      const written = store.write(ctx.caller, (tx) => ok(layOutWard(tx, input)));
      return written.ok ? ok({ wardId: WardId.parse(written.value.wardId) }) : written;
    },

    'beds.addRoom'(input, ctx) {
      const written = store.write(ctx.caller, (tx) => addRoom(tx, input));
      return written.ok ? ok({ roomId: RoomId.parse(written.value) }) : written;
    },

    'beds.addBed'(input, ctx) {
      const written = store.write(ctx.caller, (tx) => addBed(tx, input));
      return written.ok ? ok({ bedId: BedId.parse(written.value) }) : written;
    },

    'beds.rename'({ kind, id, name }, ctx) {
      const thing = { kind, id: id.toLowerCase() };
      const written = undoableWrite(
        store,
        ctx,
        (tx) => rename(tx, thing, name),
        (before, tx) => rename(tx, thing, before),
      );
      return written.ok ? ok({ undo: written.value.undo }) : written;
    },

    'beds.retire'({ kind, id, reason }, ctx) {
      const thing = { kind, id: id.toLowerCase() };
      const written = undoableWrite(
        store,
        ctx,
        (tx) => retire(tx, thing, reason, deps),
        (_done, tx) => {
          bringBack(tx, thing);
        },
      );
      return written.ok ? ok({ undo: written.value.undo }) : written;
    },
  };
}
