// The bed map for those who arrange it: every ward, room and bed with its name's version, retired ones too.
import type { Database } from 'better-sqlite3';
import { BedId, RoomId, WardId } from '../../../shared/api/ids.ts';
import type { Output } from '../../../shared/api/index.ts';
import type { Occupancy } from './needs.ts';
import { type Bed, bedsOfWard, type Room, roomsOfWard, type Ward, wardsById } from './queries.ts';

type WardMap = Output<'beds.layout'>[number];

export function wardMaps(sql: Database, needs: Occupancy): WardMap[] {
  return [...wardsById(sql).values()].map((ward) => {
    const beds = bedsOfWard(sql, ward.wardId);
    const occupants = needs.occupantsOf(
      sql,
      beds.map((b) => b.bedId),
    );
    const rooms = roomsOfWard(sql, ward.wardId).map((room) => {
      const inRoom = beds
        .filter((b) => b.roomId === room.roomId)
        .map((bed) => shownBed(bed, occupants.get(bed.bedId) ?? 0));
      const patients = inRoom.reduce((sum, bed) => sum + bed.patients, 0);
      return { roomId: RoomId.parse(room.roomId), ...named(room), patients, beds: inRoom };
    });
    return {
      wardId: WardId.parse(ward.wardId),
      ...named(ward),
      departmentCode: ward.departmentCode,
      patients: needs.openStaysOfWard(sql, ward.wardId).length,
      rooms,
    };
  });
}

const shownBed = (bed: Bed, patients: number): WardMap['rooms'][number]['beds'][number] => ({
  bedId: BedId.parse(bed.bedId),
  ...named(bed),
  patients,
  code: bed.code,
  state: bed.state,
  stateReason: bed.stateReason,
  shared: bed.shared,
});

type Named = Pick<WardMap, 'name' | 'retired' | 'retiredReason' | 'versions'>;

const named = ({ name, retired, retiredReason, versions }: Ward | Room | Bed): Named => ({
  name,
  retired,
  retiredReason,
  versions: versions.name === undefined ? {} : { name: versions.name },
});
