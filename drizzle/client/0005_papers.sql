CREATE TABLE `print_job` (
	`id` text PRIMARY KEY NOT NULL,
	`document_id` text NOT NULL,
	`content` text NOT NULL,
	`copies` integer NOT NULL,
	`printer` text,
	`state` text NOT NULL,
	`system_job` text,
	`code` text,
	`asked_by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `print_job_state` ON `print_job` (`state`,`at`);--> statement-breakpoint
CREATE TABLE `signature_verdict` (
	`container` text PRIMARY KEY NOT NULL,
	`verdict` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `signer_certificate` (
	`owner` text NOT NULL,
	`certificate` text NOT NULL,
	`name` text NOT NULL,
	`person_number` text,
	`version` text NOT NULL,
	PRIMARY KEY(`owner`, `certificate`)
);
--> statement-breakpoint
CREATE INDEX `signer_certificate_certificate` ON `signer_certificate` (`certificate`);--> statement-breakpoint
CREATE INDEX `signer_certificate_person` ON `signer_certificate` (`person_number`);--> statement-breakpoint
CREATE TABLE `signing_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`time_stamp_url` text,
	`idle_minutes` integer NOT NULL,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `document` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`admission_id` text,
	`form` text NOT NULL,
	`form_version` integer NOT NULL,
	`title` text,
	`state` text NOT NULL,
	`content` text,
	`pdf` text,
	`pages` integer,
	`signed_pdf` integer NOT NULL,
	`changed_since` integer NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`created_by` text,
	`fields` text NOT NULL,
	`versions` text NOT NULL,
	`steps` text NOT NULL,
	`frozen` text NOT NULL,
	`void_reason` text
);
--> statement-breakpoint
CREATE INDEX `document_patient` ON `document` (`patient_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `document_author` ON `document` (`created_by`,`state`,`changed_at`);--> statement-breakpoint
CREATE TABLE `document_file` (
	`document_id` text NOT NULL,
	`hash` text NOT NULL,
	`patient_id` text NOT NULL,
	PRIMARY KEY(`document_id`, `hash`)
);
--> statement-breakpoint
CREATE INDEX `document_file_patient` ON `document_file` (`patient_id`);--> statement-breakpoint
CREATE TABLE `document_signature` (
	`document_id` text NOT NULL,
	`container` text NOT NULL,
	`n` integer NOT NULL,
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
	PRIMARY KEY(`document_id`, `container`)
);
--> statement-breakpoint
CREATE INDEX `document_signature_waiting` ON `document_signature` (`stamped`,`at`);--> statement-breakpoint
CREATE TABLE `document_waiting` (
	`document_id` text NOT NULL,
	`step` text NOT NULL,
	`who` text NOT NULL,
	`content` text NOT NULL,
	`admission_id` text,
	`delegated_by` text,
	`since` integer NOT NULL,
	PRIMARY KEY(`document_id`, `step`, `who`)
);
--> statement-breakpoint
CREATE INDEX `document_waiting_who` ON `document_waiting` (`who`,`since`);