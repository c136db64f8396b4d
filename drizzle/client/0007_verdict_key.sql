DROP TABLE `document_signature`;--> statement-breakpoint
CREATE TABLE `document_signature` (
	`document_id` text NOT NULL,
	`n` integer NOT NULL,
	`act` text NOT NULL,
	`container` text NOT NULL,
	`judged` text NOT NULL,
	`adds_up` integer NOT NULL,
	`asked` integer NOT NULL,
	`content` text NOT NULL,
	`step` text NOT NULL,
	`over` text NOT NULL,
	`digest` text NOT NULL,
	`certificate` text NOT NULL,
	`signer` text NOT NULL,
	`author` text,
	`at` integer NOT NULL,
	`signed_pdf` text,
	`stamped` integer NOT NULL,
	PRIMARY KEY(`document_id`, `n`)
);
--> statement-breakpoint
CREATE INDEX `document_signature_waiting` ON `document_signature` (`stamped`,`at`);--> statement-breakpoint
DROP TABLE `signature_verdict`;--> statement-breakpoint
CREATE TABLE `signature_verdict` (
	`act` text PRIMARY KEY NOT NULL,
	`document_id` text NOT NULL,
	`state` text NOT NULL,
	`verdict` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `signature_verdict_document` ON `signature_verdict` (`document_id`);--> statement-breakpoint
CREATE INDEX `signature_verdict_false` ON `signature_verdict` (`document_id`,`act`) WHERE state = 'invalid';--> statement-breakpoint
ALTER TABLE `document` ADD `attempts` text DEFAULT '[]' NOT NULL;