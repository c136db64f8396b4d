CREATE TABLE `sync_held` (
	`peer` text NOT NULL,
	`station` text NOT NULL,
	`incarnation` integer NOT NULL,
	`lane` integer NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`peer`, `station`, `incarnation`, `lane`)
);
--> statement-breakpoint
CREATE TABLE `sync_invite` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`expires_at` integer NOT NULL,
	`wrong_tries` integer NOT NULL,
	`used_at` integer,
	`used_by` text
);
--> statement-breakpoint
CREATE INDEX `sync_invite_open` ON `sync_invite` (`expires_at`) WHERE used_at IS NULL;--> statement-breakpoint
CREATE TABLE `sync_peer` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`address` text,
	`certificate` text,
	`station` text,
	`enrolled_at` integer,
	`log_id` text,
	`cursor0` integer NOT NULL,
	`cursor1` integer NOT NULL,
	`cursor2` integer NOT NULL,
	`rate` integer,
	`last_contact_at` integer,
	`last_verified_at` integer,
	`offset_ms` integer,
	`version` text,
	`states_differ_at` integer
);
--> statement-breakpoint
CREATE TABLE `sync_refused` (
	`peer` text NOT NULL,
	`station` text NOT NULL,
	`incarnation` integer NOT NULL,
	`lane` integer NOT NULL,
	`seq` integer NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`peer`, `station`, `incarnation`, `lane`, `seq`)
);
