-- Signatures on papers, looked at once more by OpenSSL. What is rejected is set aside in the quarantine's list and stays
-- in the log: a feed without it would be broken, and whether it is a forgery is for people to say.
alter table quarantine drop constraint quarantine_reason_check;
alter table quarantine add constraint quarantine_reason_check check (reason in
  ('fork', 'broken_chain', 'unreadable', 'signature_wrong', 'signature_of_other', 'signer_revoked'));

-- How far a center's lane 2 has been read for papers; this row's lock is the center's one reader.
create table paper_progress (
  center integer primary key references center (number),
  log_no bigint not null default 0
) with (fillfactor = 50);

create table paper_signature (
  center integer not null,
  log_no bigint not null,
  -- SHA-256 of what was signed: a file of that name, or evidence that a change brought
  digest bytea not null,
  -- waiting: what was signed is not here yet · unproven: adds up, but whose key it is could not be said
  state text not null default 'waiting' check (state in ('waiting', 'good', 'unproven', 'rejected')),
  reason text,
  -- OpenSSL's own words
  detail text,
  tries integer not null default 0,
  -- SHA-256 of the anchors it was looked at with: with others it is looked at again
  anchors text,
  looked_at bigint,
  primary key (center, log_no)
);
-- what is still to be looked at
create index paper_signature_waiting on paper_signature (center, tries, log_no) where state = 'waiting';
-- what other anchors may say more about
create index paper_signature_unproven on paper_signature (center, log_no) where state = 'unproven';

-- Confirmations that were signed too: where their text is.
create table paper_evidence (
  center integer not null,
  digest bytea not null,
  log_no bigint not null,
  -- text of a signature over evidence
  primary key (center, digest)
);
