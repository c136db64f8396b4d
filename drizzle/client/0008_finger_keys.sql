ALTER TABLE `fingerprint` ADD `key` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `fingerprint_outline` ON `fingerprint` (`person_id`,`finger`,`version`,`key`,`algorithm`);