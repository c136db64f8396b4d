DROP INDEX `blob_open`;--> statement-breakpoint
ALTER TABLE `blob` ADD `later` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `blob_open` ON `blob` (`later`,`id`) WHERE complete = 0;--> statement-breakpoint
ALTER TABLE `patient` ADD `photo` text;--> statement-breakpoint
CREATE INDEX `patient_photo` ON `patient` (`photo`) WHERE photo IS NOT NULL;