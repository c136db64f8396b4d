// The center and its PCs (projected). What belongs to this PC alone is in the store's local settings.
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const center = sqliteTable('center', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  facilityCode: text('facility_code'),
  provinceCode: text('province_code').notNull(),
  autoLockMinutes: integer('auto_lock_minutes').notNull(),
  overdueVitalsHours: integer('overdue_vitals_hours').notNull(),
  /** Version of the change that set the center up; a store has one center, the oldest counts. */
  created: text('created').notNull(),
  /** JSON: field → version */
  versions: text('versions').notNull(),
});

export const stationPc = sqliteTable('station_pc', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Two digits */
  code: text('code').notNull(),
  /** PEM */
  certificate: text('certificate').notNull(),
  /** When the center stopped trusting it, by the clock of the PC where that was said, ms since 1970 UTC; else null. */
  revokedAt: integer('revoked_at'),
  /** User id */
  revokedBy: text('revoked_by'),
  revokedReason: text('revoked_reason'),
});
