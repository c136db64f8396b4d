-- Signatures of stations under their own feeds: the newest and the first of each feed are looked for (trust/authors.ts).
create index change_log_vouch on change_log (center, feed, seq) where kind = 'station.vouch';
