-- The provincial server's tables. Hand-written: partitions, and every index says which query needs it.
-- Times are ms since 1970 UTC. Station, province and center ids are the bytes of their hex form.

create table province (
  only_row boolean primary key default true check (only_row),
  id bytea not null check (octet_length(id) = 16),
  name text not null,
  certificate text not null,
  -- PKCS#8 PEM: every process must show stations the same certificate
  key text not null,
  -- what pg_control said when the logs were last known to be whole: another value means another history
  system_identifier text not null,
  timeline bigint not null,
  made_at bigint not null
);

-- TLS session tickets made by one process are read by the others; two rows, the older one only read
create table ticket_key (
  id bigint generated always as identity primary key,
  key bytea not null check (octet_length(key) = 48),
  made_at bigint not null
);

create table center (
  number integer generated always as identity primary key,
  -- subject of its `center.setup`; null until a first station has enrolled
  center_id text unique,
  name text not null,
  facility_code text,
  province_code text not null,
  log_id bytea not null check (octet_length(log_id) = 8),
  -- number of the last commit of its log; this row's lock is the log's one serial appender
  last_no bigint not null default 0,
  last_hlc text not null default '0000000000000000',
  last_change_at bigint,
  -- of the feed the province itself writes in this center's log
  own_incarnation integer not null default 1,
  clock_errors bigint not null default 0,
  made_at bigint not null
) with (fillfactor = 50);

create table station (
  id bytea primary key check (octet_length(id) = 16),
  center integer not null references center (number),
  name text not null,
  code text not null,
  certificate text not null,
  -- whose key is it that knocks: every connection
  fingerprint bytea not null unique check (octet_length(fingerprint) = 32),
  status text not null check (status in ('active', 'revoked')),
  -- code: enrolled here with a one-time code; log: a trusted station's log named it
  source text not null check (source in ('code', 'log')),
  enrolled_at bigint not null,
  revoked_at bigint,
  revoked_reason text,
  last_contact_at bigint,
  app text,
  clock_offset_ms integer,
  backlog bigint,
  clock_errors bigint not null default 0,
  -- what it last said it holds and shows: compared with the other stations' words
  vector bytea,
  projections text,
  state_digest bytea,
  reported_at bigint
) with (fillfactor = 70);
-- the stations of a center: status page, digests
create index station_center on station (center);

-- not an identity column: partitions cannot have one before PostgreSQL 17
create sequence feed_id;

create table feed (
  center integer not null,
  id bigint not null default nextval('feed_id'),
  station bytea not null check (octet_length(station) = 16),
  incarnation integer not null,
  lane smallint not null check (lane in (0, 1, 2)),
  -- last number held; the feed is gapless up to it
  seq bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (center, id),
  -- find a feed by its name: every frame that comes in
  unique (center, station, incarnation, lane)
) partition by list (center);

create table change_log (
  center integer not null,
  -- given under the lock on the center's row, so the order of numbers is the order of commits
  log_no bigint not null,
  lane smallint not null,
  feed bigint not null,
  seq bigint not null,
  hash bytea not null,
  -- station that brought it, null for what the province wrote itself
  via bytea,
  at bigint not null,
  kind text not null,
  -- kept but not understood: unknown_kind, invalid_body; null for the ordinary
  flag text,
  -- how far its stamp was ahead of our clock when that was more than 5 minutes
  ahead_ms bigint,
  stored bytea not null,
  -- what is new in a lane: every frame that goes out
  primary key (center, lane, log_no),
  -- a number is used once; hashes and bytes of a feed by number
  unique (center, feed, seq)
) partition by list (center);

-- Changes that do not join: another one has their number, the chain is broken, the bytes are no change.
create table quarantine (
  id bigint generated always as identity primary key,
  center integer not null references center (number),
  station bytea not null,
  incarnation integer not null,
  lane smallint not null,
  seq bigint not null,
  hash bytea not null,
  kept_hash bytea,
  reason text not null check (reason in ('fork', 'broken_chain', 'unreadable')),
  detail text,
  via bytea not null,
  at bigint not null,
  stored bytea not null,
  -- the same one delivered again is kept once; the list of a center
  unique (center, station, incarnation, lane, seq, hash)
);

-- What revoked stations still deliver: kept, not passed on, until a person releases it.
create table sealed (
  center integer not null references center (number),
  via bytea not null,
  station bytea not null,
  incarnation integer not null,
  lane smallint not null,
  seq bigint not null,
  hash bytea not null,
  at bigint not null,
  stored bytea not null,
  -- heads of one delivery, and its order for release
  primary key (center, via, station, incarnation, lane, seq)
);

create table enrol_code (
  -- the code's first four characters
  id text primary key,
  center integer not null references center (number),
  -- key derived from the code; the code itself is on paper only
  proof_key bytea not null,
  made_at bigint not null,
  made_by text not null,
  expires_at bigint not null,
  wrong_tries integer not null default 0,
  used_at bigint,
  used_by bytea,
  withdrawn_at bigint
);
-- open codes of a center: status page
create index enrol_code_center on enrol_code (center);

-- Files beside the log, named by their SHA-256, in chunks of 32 kB.
create table blob (
  id bigint generated always as identity primary key,
  center integer not null references center (number),
  hash bytea not null check (octet_length(hash) = 32),
  -- null until somebody has said what it is made of
  size bigint,
  -- SHA-256 of each chunk, one after the other
  manifest bytea,
  -- one bit per chunk, lowest bit of the first byte first
  have bytea,
  complete boolean not null default false,
  -- SHA-256 of a manifest that proved wrong, not believed again
  refused bytea,
  unique (center, hash)
);
-- what is still to be fetched, in the order in which it was wanted
create index blob_wanted on blob (center, id) where not complete;

create table blob_chunk (
  blob bigint not null references blob (id),
  n integer not null,
  bytes bytea not null,
  primary key (blob, n)
);
alter table blob_chunk alter column bytes set storage external;

-- One file of CHANGES frames per center, for a new station's first seed.
create table snapshot (
  id bigint generated always as identity primary key,
  center integer not null references center (number),
  log_id bytea not null,
  -- everything up to this commit is in it
  cursor bigint not null,
  made_at bigint not null,
  size bigint not null default 0,
  -- SHA-256 of the whole file; null while it is being made
  hash bytea
);
-- the newest snapshot of a center
create index snapshot_center on snapshot (center, id);

create table snapshot_part (
  snapshot bigint not null references snapshot (id),
  no integer not null,
  bytes bytea not null,
  primary key (snapshot, no)
);
-- compressed already
alter table snapshot_part alter column bytes set storage external;

create table admin (
  name text primary key,
  password_hash text not null,
  must_change boolean not null default false,
  disabled boolean not null default false,
  wrong_tries integer not null default 0,
  locked_until bigint,
  last_login_at bigint,
  made_at bigint not null
);

create table audit (
  id bigint generated always as identity primary key,
  at bigint not null,
  by text not null,
  action text not null,
  subject text not null,
  detail text
);
