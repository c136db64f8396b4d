ALTER TABLE `station_pc` ADD `revoked_at` integer;--> statement-breakpoint
ALTER TABLE `station_pc` ADD `revoked_by` text;--> statement-breakpoint
ALTER TABLE `station_pc` ADD `revoked_reason` text;--> statement-breakpoint
ALTER TABLE `change_log` ADD `via` text;