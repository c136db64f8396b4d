-- Part of the first migration that drizzle-kit cannot describe: virtual tables.
-- Words of patients for search by name (electron/clinic/patients). Only which patient has a word is kept
-- (detail=none, columnsize=0); prefix lists make typing the first letters fast; secure-delete takes old
-- words out of the file when a name is corrected.
CREATE VIRTUAL TABLE patient_fts USING fts5(words, content='patient_search', content_rowid='key', tokenize='ascii', prefix='1 2 3', detail=none, columnsize=0);
--> statement-breakpoint
INSERT INTO patient_fts (patient_fts, rank) VALUES ('secure-delete', 1);
