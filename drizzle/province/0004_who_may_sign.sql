-- What the logs say of who may sign which paper, so that a signature in a false place is set aside here too; and evidence
-- that came later is looked at as signatures are.
alter table quarantine drop constraint quarantine_reason_check;
alter table quarantine add constraint quarantine_reason_check check (reason in
  ('fork', 'broken_chain', 'unreadable', 'signature_wrong', 'signature_of_other', 'signer_revoked',
   'other_person', 'not_entitled', 'used_elsewhere', 'evidence_wrong'));

-- the account that is said to have signed: looked at again when more is known of it
alter table paper_signature add column author text;
create index paper_signature_author on paper_signature (center, author) where state in ('unproven', 'rejected');

-- Certificates that accounts, or the center, called their own; whether the key signed it is looked at when it matters.
create table paper_claim (
  center integer not null,
  log_no bigint not null,
  owner text not null,
  certificate bytea not null,
  -- as the claim says
  person_number text,
  primary key (center, log_no)
);
-- who claims a certificate, or the number in it
create index paper_claim_certificate on paper_claim (center, certificate);
create index paper_claim_number on paper_claim (center, person_number) where person_number is not null;

-- An administrator said which of several claims is right.
create table paper_confirmed (
  center integer not null,
  certificate bytea not null,
  owner text not null,
  author text not null,
  primary key (center, certificate, owner, author)
);

-- Every name and every role an account ever had.
create table paper_account (
  center integer not null,
  account text not null,
  what text not null check (what in ('name', 'role')),
  value text not null,
  primary key (center, account, what, value)
);

-- Who was asked to sign at a step of a version.
create table paper_asked (
  center integer not null,
  content bytea not null,
  step text not null,
  account text not null,
  primary key (center, content, step, account)
);

-- Where each container stands: one counts once, and evidence names it.
create table paper_container (
  center integer not null,
  container bytea not null,
  log_no bigint not null,
  primary key (center, container, log_no)
);

-- everything is read, and everything looked at, once more
update paper_progress set log_no = 0;
update paper_signature set state = 'waiting', tries = 0 where state in ('good', 'unproven');
