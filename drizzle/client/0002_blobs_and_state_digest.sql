CREATE TABLE `blob` (
	`id` integer PRIMARY KEY NOT NULL,
	`hash` blob,
	`size` integer,
	`manifest` blob,
	`have` blob,
	`complete` integer NOT NULL,
	`refused` blob
);
--> statement-breakpoint
CREATE UNIQUE INDEX `blob_hash` ON `blob` (`hash`);--> statement-breakpoint
CREATE INDEX `blob_open` ON `blob` (`id`) WHERE complete = 0;--> statement-breakpoint
CREATE TABLE `blob_chunk` (
	`blob` integer NOT NULL,
	`n` integer NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`blob`, `n`),
	FOREIGN KEY (`blob`) REFERENCES `blob`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `state_alarm` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`table_name` text NOT NULL,
	`rows` integer,
	`found` text NOT NULL,
	`peer` text,
	`was_ours` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `state_alarm_at` ON `state_alarm` (`at`);--> statement-breakpoint
CREATE TABLE `state_digest` (
	`name` text PRIMARY KEY NOT NULL,
	`columns` text NOT NULL,
	`rows` integer NOT NULL,
	`sum` blob NOT NULL
);
