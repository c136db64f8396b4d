CREATE TABLE `audit_event` (
	`id` text PRIMARY KEY NOT NULL,
	`action` text NOT NULL,
	`hlc` text NOT NULL,
	`at` integer NOT NULL,
	`author` text,
	`patient` text,
	`what` text NOT NULL,
	`reason` text,
	`until` integer
);
--> statement-breakpoint
CREATE INDEX `audit_event_author` ON `audit_event` (`author`,`action`,`at`);--> statement-breakpoint
CREATE TABLE `draft` (
	`user_id` text NOT NULL,
	`key` text NOT NULL,
	`admission_id` text,
	`patient_id` text,
	`content` text NOT NULL,
	`saved_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `login_failure` (
	`username` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`last_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `user_account` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`full_name` text NOT NULL,
	`title` text,
	`roles` text NOT NULL,
	`wards` text NOT NULL,
	`active` integer NOT NULL,
	`must_change` integer NOT NULL,
	`verifier` text NOT NULL,
	`pin_verifier` text,
	`created` text NOT NULL,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `user_account_username` ON `user_account` (`username`,`created`);--> statement-breakpoint
CREATE TABLE `user_preference` (
	`user_id` text PRIMARY KEY NOT NULL,
	`preferences` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `center` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`facility_code` text,
	`province_code` text NOT NULL,
	`auto_lock_minutes` integer NOT NULL,
	`overdue_vitals_hours` integer NOT NULL,
	`created` text NOT NULL,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `station_pc` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`code` text NOT NULL,
	`certificate` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `change_log` (
	`arrival` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`feed` integer NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob NOT NULL,
	`hlc` text NOT NULL,
	`kind` text NOT NULL,
	`v` integer NOT NULL,
	`subject_type` text NOT NULL,
	`subject_id` text NOT NULL,
	`patient` text,
	`author` text,
	`wall` integer NOT NULL,
	`ahead_ms` integer,
	`stored` blob NOT NULL,
	FOREIGN KEY (`feed`) REFERENCES `feed`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `change_log_feed_seq` ON `change_log` (`feed`,`seq`);--> statement-breakpoint
CREATE INDEX `change_log_subject` ON `change_log` (`subject_type`,`subject_id`);--> statement-breakpoint
CREATE INDEX `change_log_patient` ON `change_log` (`patient`,`hlc`);--> statement-breakpoint
CREATE INDEX `change_log_author` ON `change_log` (`author`,`hlc`);--> statement-breakpoint
CREATE INDEX `change_log_hlc` ON `change_log` (`hlc`);--> statement-breakpoint
CREATE TABLE `clock_alarm` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`jump_ms` integer NOT NULL,
	`found` text NOT NULL,
	`acknowledged_at` integer,
	`acknowledged_by` text
);
--> statement-breakpoint
CREATE TABLE `conflict` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`patient` text,
	`subject_key` text NOT NULL,
	`since` integer NOT NULL,
	`sides` text NOT NULL,
	`settled` text
);
--> statement-breakpoint
CREATE INDEX `conflict_owner` ON `conflict` (`owner`);--> statement-breakpoint
CREATE INDEX `conflict_patient` ON `conflict` (`patient`);--> statement-breakpoint
CREATE INDEX `conflict_open` ON `conflict` (`since`) WHERE settled IS NULL;--> statement-breakpoint
CREATE TABLE `feed` (
	`id` integer PRIMARY KEY NOT NULL,
	`station` text NOT NULL,
	`incarnation` integer NOT NULL,
	`lane` integer NOT NULL,
	`seq` integer NOT NULL,
	`head` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `feed_name` ON `feed` (`station`,`incarnation`,`lane`);--> statement-breakpoint
CREATE TABLE `local_setting` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `parked` (
	`arrival` integer PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`waiting_for` text,
	`detail` text,
	FOREIGN KEY (`arrival`) REFERENCES `change_log`(`arrival`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `parked_waiting_for` ON `parked` (`waiting_for`);--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` integer PRIMARY KEY NOT NULL,
	`feed` integer NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob NOT NULL,
	`kept_hash` blob NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`stored` blob NOT NULL,
	FOREIGN KEY (`feed`) REFERENCES `feed`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quarantine_change` ON `quarantine` (`feed`,`seq`,`hash`);--> statement-breakpoint
CREATE TABLE `store_meta` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `subject_key` (
	`subject_type` text NOT NULL,
	`subject_id` text NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`subject_type`, `subject_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `subject_key_key` ON `subject_key` (`key`);--> statement-breakpoint
CREATE TABLE `admission` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`patient_id` text NOT NULL,
	`status` text NOT NULL,
	`care_type` text NOT NULL,
	`ward_id` text NOT NULL,
	`bed_id` text,
	`admitted_at` integer NOT NULL,
	`reason` text NOT NULL,
	`diagnosis` text,
	`icd_code` text,
	`discharged_at` integer,
	`discharge_type` text,
	`outcome` text,
	`discharge_diagnosis` text,
	`discharge_icd` text,
	`advice` text,
	`destination` text,
	`admit_change` text NOT NULL,
	`place_change` text NOT NULL,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `admission_patient` ON `admission` (`patient_id`,`status`);--> statement-breakpoint
CREATE INDEX `admission_ward` ON `admission` (`ward_id`,`status`);--> statement-breakpoint
CREATE INDEX `admission_bed` ON `admission` (`bed_id`,`status`);--> statement-breakpoint
CREATE INDEX `admission_number` ON `admission` (`number`);--> statement-breakpoint
CREATE TABLE `admission_move` (
	`change_id` text PRIMARY KEY NOT NULL,
	`admission_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`version` text NOT NULL,
	`hlc` text NOT NULL,
	`wall` integer NOT NULL,
	`author` text,
	`station` text NOT NULL,
	`ward_id` text,
	`bed_id` text,
	`reason` text,
	`voided` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `admission_move_stay` ON `admission_move` (`admission_id`,`version`);--> statement-breakpoint
CREATE TABLE `admission_settlement` (
	`admission_id` text NOT NULL,
	`sides_key` text NOT NULL,
	`kind` text NOT NULL,
	`about` text NOT NULL,
	`choice` text NOT NULL,
	`decision` text NOT NULL,
	`hlc` text NOT NULL,
	`wall` integer NOT NULL,
	`author` text,
	`reason` text,
	PRIMARY KEY(`admission_id`, `sides_key`)
);
--> statement-breakpoint
CREATE INDEX `admission_settlement_about` ON `admission_settlement` (`about`);--> statement-breakpoint
CREATE TABLE `allergy` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`substance` text NOT NULL,
	`class_code` text,
	`reaction` text NOT NULL,
	`severity` text NOT NULL,
	`certainty` text NOT NULL,
	`note` text,
	`recorded_at` integer NOT NULL,
	`recorded_by` text,
	`station` text NOT NULL,
	`version` text NOT NULL,
	`refuted` integer NOT NULL,
	`refuted_at` integer,
	`refuted_by` text,
	`refuted_reason` text,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `allergy_patient` ON `allergy` (`patient_id`,`version`);--> statement-breakpoint
CREATE TABLE `allergy_declaration` (
	`patient_id` text PRIMARY KEY NOT NULL,
	`declared_at` integer NOT NULL,
	`declared_by` text,
	`version` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `bed` (
	`id` text PRIMARY KEY NOT NULL,
	`ward_id` text NOT NULL,
	`room_id` text NOT NULL,
	`name` text NOT NULL,
	`code` text,
	`position` integer NOT NULL,
	`dirty` integer NOT NULL,
	`closed` integer NOT NULL,
	`state_reason` text,
	`shared` integer NOT NULL,
	`retired` integer NOT NULL,
	`retired_reason` text,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `bed_ward` ON `bed` (`ward_id`);--> statement-breakpoint
CREATE INDEX `bed_room` ON `bed` (`room_id`);--> statement-breakpoint
CREATE TABLE `room` (
	`id` text PRIMARY KEY NOT NULL,
	`ward_id` text NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`retired` integer NOT NULL,
	`retired_reason` text,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `room_ward` ON `room` (`ward_id`);--> statement-breakpoint
CREATE TABLE `ward` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`department_code` text NOT NULL,
	`position` integer NOT NULL,
	`retired` integer NOT NULL,
	`retired_reason` text,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `note` (
	`id` text PRIMARY KEY NOT NULL,
	`admission_id` text NOT NULL,
	`patient_id` text,
	`event_at` integer NOT NULL,
	`written_at` integer NOT NULL,
	`author` text,
	`author_title` text,
	`station` text NOT NULL,
	`owner` text,
	`ward_name` text,
	`progress` text NOT NULL,
	`orders` text NOT NULL,
	`care` text NOT NULL,
	`care_level` text,
	`diet` text NOT NULL,
	`reason` text,
	`history` text NOT NULL,
	`withdrawn` integer NOT NULL,
	`withdrawn_at` integer,
	`withdrawn_by` text,
	`withdrawn_reason` text,
	`version` text NOT NULL,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `note_stay` ON `note` (`admission_id`,`event_at`,`version`);--> statement-breakpoint
CREATE TABLE `news2_scale` (
	`admission_id` text PRIMARY KEY NOT NULL,
	`scale` integer NOT NULL,
	`written_at` integer NOT NULL,
	`author` text,
	`reason` text,
	`version` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `observation` (
	`id` text PRIMARY KEY NOT NULL,
	`admission_id` text NOT NULL,
	`patient_id` text,
	`at` integer NOT NULL,
	`written_at` integer NOT NULL,
	`author` text,
	`station` text NOT NULL,
	`version` text NOT NULL,
	`pulse` real,
	`temperature` real,
	`systolic` real,
	`diastolic` real,
	`respiration` real,
	`spo2` real,
	`oxygen` real,
	`consciousness` text,
	`weight` real,
	`height` real,
	`pain` real,
	`urine` real,
	`temperature_site` text,
	`pressure_site` text,
	`posture` text,
	`note` text,
	`is_round` integer NOT NULL,
	`news2` text NOT NULL,
	`voided` integer NOT NULL,
	`void_reason` text,
	`reason` text,
	`history` text NOT NULL,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `observation_stay` ON `observation` (`admission_id`,`at`,`version`);--> statement-breakpoint
CREATE INDEX `observation_weight` ON `observation` (`patient_id`,`at`) WHERE weight IS NOT NULL AND voided = 0;--> statement-breakpoint
CREATE TABLE `name_word` (
	`id` integer PRIMARY KEY NOT NULL,
	`word` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `name_word_word` ON `name_word` (`word`);--> statement-breakpoint
CREATE TABLE `patient` (
	`id` text PRIMARY KEY NOT NULL,
	`record_number` text NOT NULL,
	`full_name` text NOT NULL,
	`name_folded` text NOT NULL,
	`sex` text NOT NULL,
	`birth_date` text,
	`phone` text,
	`phone_tail` text,
	`record_tail` text NOT NULL,
	`ethnic_code` text,
	`nationality` text,
	`occupation_code` text,
	`address` text,
	`workplace` text,
	`blood_group` text,
	`rhesus` text,
	`pregnant` integer NOT NULL,
	`deceased_at` integer,
	`unidentified` integer NOT NULL,
	`unidentified_note` text,
	`registered_at` integer NOT NULL,
	`registered_by` text,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `patient_name` ON `patient` (`name_folded`,`birth_date`);--> statement-breakpoint
CREATE INDEX `patient_birth` ON `patient` (`birth_date`);--> statement-breakpoint
CREATE INDEX `patient_phone` ON `patient` (`phone`);--> statement-breakpoint
CREATE INDEX `patient_phone_tail` ON `patient` (`phone_tail`);--> statement-breakpoint
CREATE INDEX `patient_record` ON `patient` (length("record_number"),`record_number`);--> statement-breakpoint
CREATE INDEX `patient_record_tail` ON `patient` (`record_tail`);--> statement-breakpoint
CREATE TABLE `patient_identifier` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`type` text NOT NULL,
	`value` text NOT NULL,
	`number` text NOT NULL,
	`number_tail` text NOT NULL,
	`issued_on` text,
	`valid_from` text,
	`valid_to` text,
	`facility_code` text,
	`recorded_at` integer NOT NULL,
	`recorded_by` text,
	`ended_at` integer,
	`end_reason` text
);
--> statement-breakpoint
CREATE INDEX `patient_identifier_patient` ON `patient_identifier` (`patient_id`);--> statement-breakpoint
CREATE INDEX `patient_identifier_number` ON `patient_identifier` (`number`);--> statement-breakpoint
CREATE INDEX `patient_identifier_tail` ON `patient_identifier` (`number_tail`);--> statement-breakpoint
CREATE TABLE `patient_relative` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`full_name` text NOT NULL,
	`relation` text NOT NULL,
	`phone` text,
	`cccd` text,
	`address` text,
	`is_guardian` integer NOT NULL,
	`note` text,
	`ended_at` integer,
	`versions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `patient_relative_patient` ON `patient_relative` (`patient_id`);--> statement-breakpoint
CREATE TABLE `patient_search` (
	`key` integer PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`words` text NOT NULL,
	`full_name` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `patient_search_patient` ON `patient_search` (`patient_id`);--> statement-breakpoint
CREATE TABLE `task` (
	`id` text PRIMARY KEY NOT NULL,
	`ward_id` text NOT NULL,
	`admission_id` text,
	`patient_id` text,
	`text` text NOT NULL,
	`due_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text,
	`state` text NOT NULL,
	`state_at` integer NOT NULL,
	`state_by` text
);
--> statement-breakpoint
CREATE INDEX `task_ward` ON `task` (`ward_id`,`state`,`state_at`);--> statement-breakpoint
CREATE INDEX `task_stay` ON `task` (`admission_id`,`state`,`state_at`);