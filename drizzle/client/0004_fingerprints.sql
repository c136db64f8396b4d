CREATE TABLE `biometric_erasure` (
	`person_id` text NOT NULL,
	`station` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`person_id`, `station`)
);
--> statement-breakpoint
CREATE TABLE `biometric_person` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`kind` text NOT NULL,
	`relative_id` text,
	`admission_id` text,
	`purposes` text NOT NULL,
	`way` text NOT NULL,
	`given_by` text,
	`witness` text,
	`consent_at` integer NOT NULL,
	`consent_by` text,
	`withdrawn_at` integer,
	`withdrawn_by` text,
	`withdrawn_reason` text
);
--> statement-breakpoint
CREATE INDEX `biometric_person_patient` ON `biometric_person` (`patient_id`);--> statement-breakpoint
CREATE TABLE `fingerprint` (
	`person_id` text NOT NULL,
	`finger` integer NOT NULL,
	`sealed` text NOT NULL,
	`algorithm` integer NOT NULL,
	`quality` integer NOT NULL,
	`reader` text NOT NULL,
	`at` integer NOT NULL,
	`by` text,
	`station` text NOT NULL,
	`version` text NOT NULL,
	PRIMARY KEY(`person_id`, `finger`)
);
--> statement-breakpoint
CREATE TABLE `fingerprint_check` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`person_id` text NOT NULL,
	`admission_id` text,
	`occasion` text NOT NULL,
	`finger` integer NOT NULL,
	`matched` integer NOT NULL,
	`score` real NOT NULL,
	`one_in` integer NOT NULL,
	`algorithm` integer NOT NULL,
	`at` integer NOT NULL,
	`by` text
);
--> statement-breakpoint
CREATE INDEX `fingerprint_check_person` ON `fingerprint_check` (`person_id`,`at`);--> statement-breakpoint
CREATE TABLE `fingerprint_evidence` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`person_id` text NOT NULL,
	`admission_id` text,
	`document` text NOT NULL,
	`evidence` text NOT NULL,
	`at` integer NOT NULL,
	`by` text
);
--> statement-breakpoint
CREATE INDEX `fingerprint_evidence_document` ON `fingerprint_evidence` (`document`);--> statement-breakpoint
CREATE TABLE `fingerprint_search` (
	`id` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`shown` text NOT NULL,
	`searched` integer NOT NULL,
	`at` integer NOT NULL,
	`by` text,
	`found_person` text,
	`found_at` integer
);
--> statement-breakpoint
CREATE TABLE `fingerprint_unable` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`kind` text NOT NULL,
	`relative_id` text,
	`finger` integer,
	`reason` text NOT NULL,
	`note` text,
	`fallback` text NOT NULL,
	`witness` text,
	`at` integer NOT NULL,
	`by` text
);
--> statement-breakpoint
CREATE INDEX `fingerprint_unable_patient` ON `fingerprint_unable` (`patient_id`);