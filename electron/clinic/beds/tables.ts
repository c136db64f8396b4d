// Wards, rooms and beds as the screens need them; filled only by the projection.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const ward = sqliteTable('ward', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** K01–K49 (QD 5937/QD-BYT 2021, annex 5). */
  departmentCode: text('department_code').notNull(),
  position: integer('position').notNull(),
  retired: integer('retired', { mode: 'boolean' }).notNull(),
  retiredReason: text('retired_reason'),
  /** JSON: field → version */
  versions: text('versions').notNull(),
});

export const room = sqliteTable(
  'room',
  {
    id: text('id').primaryKey(),
    wardId: text('ward_id').notNull(),
    name: text('name').notNull(),
    position: integer('position').notNull(),
    retired: integer('retired', { mode: 'boolean' }).notNull(),
    retiredReason: text('retired_reason'),
    versions: text('versions').notNull(),
  },
  // rooms of the ward on the board
  (t) => [index('room_ward').on(t.wardId)],
);

export const bed = sqliteTable(
  'bed',
  {
    id: text('id').primaryKey(),
    wardId: text('ward_id').notNull(),
    roomId: text('room_id').notNull(),
    name: text('name').notNull(),
    /** MA_GIUONG of the insurance tables, when the center has given one. */
    code: text('code'),
    position: integer('position').notNull(),
    dirty: integer('dirty', { mode: 'boolean' }).notNull(),
    closed: integer('closed', { mode: 'boolean' }).notNull(),
    stateReason: text('state_reason'),
    shared: integer('shared', { mode: 'boolean' }).notNull(),
    retired: integer('retired', { mode: 'boolean' }).notNull(),
    retiredReason: text('retired_reason'),
    versions: text('versions').notNull(),
  },
  (t) => [
    // beds of the ward on the board, free beds for the drawers
    index('bed_ward').on(t.wardId),
    // beds of a room when it is retired or gets one more
    index('bed_room').on(t.roomId),
  ],
);
