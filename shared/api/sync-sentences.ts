// Every sentence the core can answer about sync, with its blanks. The page holds the words in each language; a test
// compares both, so that no state of the line is ever shown as a bare key.

/**
 * `when`, `since`, `contact` and `next` are instants, ms since 1970 UTC, which the page words; `name` is a place's own
 * name; `count` counts changes of the record, or PCs where it says so.
 */
export const syncSentences = {
  // --- the status cell ---
  /** Neither province nor other PCs. */
  'sync.status.standalone': [],
  /** Nobody has opened the store: nothing travels. */
  'sync.status.off': [],
  'sync.status.connecting': ['name'],
  'sync.status.connecting_waiting': ['name', 'count', 'since'],
  'sync.status.sending': ['name', 'count', 'since'],
  'sync.status.receiving': ['name'],
  'sync.status.exchanging': ['name', 'count', 'since'],
  /** Connected and quiet, not proven equal yet. */
  'sync.status.checking': ['name'],
  /** All of it held by the province, both ends proven equal at `when`. */
  'sync.status.at_province': ['when'],
  /** The hub and this PC proven equal at `when`; the center has no province. */
  'sync.status.at_hub': ['name', 'when'],
  /** Nothing waits for the province: it holds all, as the hub told; the hub and this PC proven equal at `when`. */
  'sync.status.at_province_by_hub': ['name', 'when'],
  /** The hub holds it, the province does not yet. */
  'sync.status.hub_then_province': ['name', 'count', 'since'],
  /** This PC serves: `count` others are connected. */
  'sync.status.serving': ['count'],
  'sync.status.serving_nobody': [],
  /** Not reachable since `contact`; `count` changes wait, the oldest from `since`. */
  'sync.status.waiting': ['name', 'count', 'since', 'contact'],
  'sync.status.waiting_never_met': ['name', 'count', 'since'],
  /** Not reachable since `contact`, and nothing waits. */
  'sync.status.away': ['name', 'contact'],
  'sync.status.away_never_met': ['name'],

  // --- what a person must do something about ---
  'sync.attention.refused': ['count'],
  'sync.attention.forked': ['count'],
  'sync.attention.revoked': [],
  'sync.attention.update_needed': ['name'],
  'sync.attention.wrong_peer': ['name'],
  'sync.attention.wrong_center': ['name'],
  'sync.attention.not_enrolled': ['name'],
  'sync.attention.disk_full': ['name'],
  /** This PC's clock is ahead of the peer's. */
  'sync.attention.clock_ahead': ['name', 'minutes'],
  'sync.attention.clock_behind': ['name', 'minutes'],
  /** Same changes, different tables: a fault of the program. */
  'sync.attention.states_differ': ['name', 'when'],

  // --- may the PC be switched off ---
  'sync.off.at_province': [],
  'sync.off.at_hub': ['name'],
  /** All is somewhere else too, but not all in one place. */
  'sync.off.elsewhere': [],
  /** Nothing is lost, but it is only here. */
  'sync.off.only_here': ['count', 'since'],
  /** As above, and it is travelling right now: worth a moment's wait. */
  'sync.off.sending': ['count', 'since'],
  /** Entries and files, or files alone: photos, papers' pages. They travel behind all entries. */
  'sync.off.with_files': ['count', 'since', 'files'],
  'sync.off.files': ['files'],
  'sync.off.standalone': [],
  'sync.off.unknown': [],

  // --- one peer ---
  'sync.with.found': [],
  'sync.with.connecting': [],
  'sync.with.sending': [],
  'sync.with.receiving': [],
  'sync.with.exchanging': [],
  'sync.with.checking': [],
  'sync.with.equal': ['when'],
  /** Connected through POST because a proxy forbids WebSocket. */
  'sync.with.equal_by_post': ['when'],
  'sync.with.away': ['when'],
  'sync.with.away_next_try': ['when', 'next'],
  'sync.with.never_met': [],

  // --- why a session ended ---
  'sync.end.closed': [],
  'sync.end.silent': [],
  'sync.end.garbled': [],
  'sync.end.not_tram': [],
  'sync.end.wrong_peer': [],
  'sync.end.wrong_center': [],
  'sync.end.not_enrolled': [],
  'sync.end.revoked': [],
  'sync.end.update_needed': [],
  'sync.end.busy': [],
  'sync.end.disk_full': [],
  'sync.end.internal': [],

  // --- why a change was set aside ---
  'sync.refused.fork': [],
  'sync.refused.broken_chain': [],
  'sync.refused.unreadable': [],
  'sync.refused.displaced': [],
  'sync.refused.sealed': [],
  'sync.refused.other': ['reason'],

  // --- why changes are kept but not shown ---
  'sync.parked.unknown_kind': [],
  'sync.parked.unknown_version': [],
  'sync.parked.missing_ref': [],
  'sync.parked.rejected': [],
  'sync.parked.unshowable': [],

  // --- whose signature does not fit ---
  /** Its writer has signed something else, or what stands there as its signature is none. */
  'sync.author.contradicted': ['name', 'count', 'since'],
  /** In the name of a PC the record does not know. */
  'sync.author.stranger': ['name', 'count', 'since'],
  /** It began anew, as after a restore, and had not signed this. */
  'sync.author.left': ['name', 'count', 'since'],
  /** Not signed for more than a week. */
  'sync.author.late': ['name', 'count', 'since'],

  // --- a further PC joining ---
  'sync.join.snapshot': [],
  'sync.join.changes': [],
  /** Somebody with an account of the center can log in now. */
  'sync.join.ready': [],
  /** The line is away; it goes on by itself. */
  'sync.join.peer_unreachable': [],
  'sync.join.file_damaged': [],
  'sync.join.disk_full': [],
} as const satisfies Record<string, readonly string[]>;

export type SyncSentence = keyof typeof syncSentences;
export type SyncBlanks<K extends SyncSentence> = Readonly<
  Record<(typeof syncSentences)[K][number], string | number>
>;

/** A sentence as the contract carries it. The type asks for exactly the blanks it has. */
export function sentence<K extends SyncSentence>(
  key: K,
  ...[params]: (typeof syncSentences)[K]['length'] extends 0 ? [] : [SyncBlanks<K>]
): { key: K; params?: Record<string, string | number> } {
  return params === undefined ? { key } : { key, params: { ...params } };
}
