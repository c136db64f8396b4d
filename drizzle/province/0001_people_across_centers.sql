-- Who is known in which center, who may be the same person, and who looked at whom. All but the decisions and the
-- look-ups is worked out from the centers' logs and may be worked out again from them.

-- How far a center's lane 0 has been read; this row's lock is the center's one worker.
create table people_progress (
  center integer primary key references center (number),
  log_no bigint not null default 0,
  -- when that change reached the province
  read_at bigint,
  -- of the program that read: a newer one reads the log again from its beginning
  rules integer not null
) with (fillfactor = 50);

-- Which changes tell of whom, so that one patient's record is read without reading the log.
create table people_change (
  center integer not null,
  -- patient id, or ward:<id>
  owner text not null,
  -- of the change itself: one that came a second time inside another change counts once
  hash bytea not null,
  log_no bigint not null,
  -- all changes of one owner: merging and every look-up
  primary key (center, owner, hash)
);

create table person (
  center integer not null,
  patient text not null,
  full_name text not null,
  folded text not null,
  -- 1985-03-02, 1985-03 or 1985
  birth_date text,
  sex text,
  commune text,
  address text,
  record_number text not null,
  unidentified boolean not null,
  -- when the last change of who this is was written, by its writer's clock
  written_at bigint not null,
  primary key (center, patient)
);
-- the same name and birth date in another center: matching, look-ups; birth dates known in part are found by their beginning
create index person_name on person (folded, birth_date text_pattern_ops);

create table person_number (
  center integer not null,
  patient text not null,
  type text not null,
  -- what two spellings of one number share
  number text not null,
  shown text not null,
  ended boolean not null,
  primary key (center, patient, type, number)
);
-- the same number in another center: matching, look-ups
create index person_number_number on person_number (number, type);

-- Changes that could not be used, and why. The rest of their center's were.
create table people_poison (
  center integer not null,
  log_no bigint not null,
  reason text not null check (reason in ('unreadable', 'not_understood', 'no_patient', 'untrue_carrier')),
  at bigint not null,
  primary key (center, log_no)
);

-- Two records of two centers that may be one person's; a has the smaller center number.
create table person_pair (
  a_center integer not null,
  a_patient text not null,
  b_center integer not null,
  b_patient text not null,
  -- 0 to 100
  score smallint not null,
  -- what speaks for it and, with a minus in front, what speaks against
  reasons text not null,
  primary key (a_center, a_patient, b_center, b_patient),
  check (a_center < b_center)
);
-- pairs of one person: worked out anew when that person changes
create index person_pair_b on person_pair (b_center, b_patient);
-- suggestions, best first
create index person_pair_score on person_pair (score desc, a_center, a_patient);

-- What people decided about a pair: every one of them stays, the last one counts.
create table person_decision (
  id bigint generated always as identity primary key,
  at bigint not null,
  by text not null,
  action text not null check (action in ('link', 'refuse', 'take_back')),
  reason text not null,
  a_center integer not null,
  a_patient text not null,
  b_center integer not null,
  b_patient text not null,
  check (a_center < b_center)
);
-- the last decision about a pair
create index person_decision_pair on person_decision (a_center, a_patient, b_center, b_patient, id);

-- The last decision about each pair, unless it took the one before back.
create table person_standing (
  a_center integer not null,
  a_patient text not null,
  b_center integer not null,
  b_patient text not null,
  linked boolean not null,
  decision bigint not null references person_decision (id),
  primary key (a_center, a_patient, b_center, b_patient)
);
-- who is linked with somebody, from the other side
create index person_standing_b on person_standing (b_center, b_patient);

-- Reading another center's patients is a read of the record: who asked, for whom, and whose record was answered.
create table person_lookup (
  id bigint generated always as identity primary key,
  at bigint not null,
  center integer not null,
  station bytea not null,
  -- null: the question does not name who sat at the PC; the station's own record does
  user_id text,
  -- fields that were asked by
  asked_by text not null,
  -- HMAC of what was asked, under a key of this province: the same question shows as the same, nobody reads it
  asked bytea not null,
  -- center/patient of everyone answered
  answered text[] not null,
  allowed boolean not null
);
-- how often a station asked lately
create index person_lookup_station on person_lookup (station, at);

-- Who is logged in to the admin page. The token itself is only in the browser.
create table admin_session (
  token_hash bytea primary key,
  name text not null references admin (name),
  made_at bigint not null,
  seen_at bigint not null
);

-- stations: centers, PCs, codes · identities: sees patients' identities and decides about them · administrators
alter table admin add column rights text[] not null default '{stations,identities,administrators}';
