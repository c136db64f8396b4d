// The same in English.
import type { syncSaysVi } from './sync-says-vi.ts';

export const syncSaysEn: Readonly<Record<keyof typeof syncSaysVi, string>> = {
  'sync.status.standalone': 'Not connected to a province or other PCs — everything is saved on this PC',
  'sync.status.off': 'The record store is closed — log in, then this PC sends and receives',
  'sync.status.connecting': 'Calling {name}, go on working',
  'sync.status.connecting_waiting': 'Calling {name} — {count} entries waiting since {since}, go on working',
  'sync.status.sending': 'Sending to {name}: {count} entries left, from {since}',
  'sync.status.receiving': 'Receiving new entries from {name}',
  'sync.status.exchanging': 'Sending to and receiving from {name}: {count} entries left, from {since}',
  'sync.status.checking': 'Connected to {name}, comparing',
  'sync.status.at_province': 'The province has everything, compared {when}',
  'sync.status.at_hub': '{name} has everything, compared {when}',
  'sync.status.at_province_by_hub': 'The province has everything by way of {name}, compared {when}',
  'sync.status.hub_then_province':
    '{name} holds everything — {count} entries from {since} wait for the province',
  'sync.status.serving': 'This PC serves {count} other PCs',
  'sync.status.serving_nobody': 'No PC has connected to this one — everything is saved here',
  'sync.status.waiting':
    'No contact with {name} since {contact} — work goes on, {count} entries waiting since {since}',
  'sync.status.waiting_never_met':
    '{name} not reached yet — work goes on, {count} entries waiting since {since}',
  'sync.status.away': 'No contact with {name} since {contact} — work goes on, nothing is waiting',
  'sync.status.away_never_met': '{name} not reached yet — work goes on, nothing is waiting',

  'sync.attention.refused': '{count} entries were handed back, someone must look',
  'sync.attention.forked':
    'A copy of this store runs beside it, {count} entries were set aside — call the person in charge',
  'sync.attention.revoked': 'This PC was revoked and receives no more records — call the administrator',
  'sync.attention.update_needed': 'Versions differ too much to send to {name} — install the newest Trạm',
  'sync.attention.wrong_peer': 'Whoever answers is not {name}, nothing was sent — call the person in charge',
  'sync.attention.wrong_center': '{name} belongs to another center, nothing was sent — check the address',
  'sync.attention.not_enrolled': '{name} does not know this PC — the administrator must join again',
  'sync.attention.disk_full': '{name} is full and takes no more — tell the person in charge there',
  'sync.attention.clock_ahead':
    'The clock of this PC is {minutes} minutes ahead of {name} — check date and time',
  'sync.attention.clock_behind':
    'The clock of this PC is {minutes} minutes behind {name} — check date and time',
  'sync.attention.states_differ':
    'Tables here differ from {name} (seen {when}) — work goes on, tell the person in charge',

  'sync.off.at_province': 'May be switched off: the province has everything',
  'sync.off.at_hub': 'May be switched off: {name} has everything',
  'sync.off.elsewhere': 'May be switched off: the other PCs have everything',
  'sync.off.files':
    'Switching off loses nothing, but {files} files (photos, papers) are on no other PC; leave it on until they are sent',
  'sync.off.with_files':
    'Switching off loses nothing, but {count} entries from {since} and {files} files (photos, papers) are only here',
  'sync.off.only_here': 'Switching off loses nothing, but {count} entries from {since} are only here',
  'sync.off.sending': 'Wait a moment before switching off: sending {count} entries from {since}',
  'sync.off.standalone': 'Switching off loses nothing, but the record is only here',
  'sync.off.unknown': 'Not known yet whether everything has been sent',

  'sync.with.found': 'Just seen on the network, never connected.',
  'sync.with.connecting': 'Calling.',
  'sync.with.sending': 'Sending.',
  'sync.with.receiving': 'Receiving.',
  'sync.with.exchanging': 'Sending and receiving.',
  'sync.with.checking': 'Connected, comparing.',
  'sync.with.equal': 'Both have the same, compared {when}.',
  'sync.with.equal_by_post':
    'Both have the same, compared {when}. This network only lets us send in turns, which is slower.',
  'sync.with.away': 'Last met {when}. This PC calls again by itself.',
  'sync.with.away_next_try': 'Last met {when}. Calling again at {next}.',
  'sync.with.never_met': 'Never reached. Check address and cable.',

  'sync.end.closed': 'The line broke. This PC connects again by itself.',
  'sync.end.silent': 'The other side was silent too long. This PC calls again by itself.',
  'sync.end.garbled': 'The line garbled what was sent, that part was dropped. It is sent again by itself.',
  'sync.end.not_tram':
    'Something answers there, but it is not Trạm. If the Wi-Fi wants a login page, log in there, then press Send now.',
  'sync.end.wrong_peer':
    'The PC that answered is not the one joined before, nothing was sent. Call the person in charge.',
  'sync.end.wrong_center': 'It belongs to another center, no records are exchanged. Check the address.',
  'sync.end.not_enrolled': 'It does not know this PC. The administrator must join again.',
  'sync.end.revoked': 'This PC was revoked. What was written is kept. Call the administrator.',
  'sync.end.update_needed': 'The versions are too far apart. Install the newest Trạm on this PC.',
  'sync.end.busy': 'The other side is busy. This PC calls again in a few minutes.',
  'sync.end.disk_full': 'The other side is full. Tell the person in charge there.',
  'sync.end.internal':
    'The other side hit an error. This PC calls again; if it repeats, tell the person in charge.',

  'sync.refused.fork':
    'A copy of the store wrote something else in the same place. Tell the person in charge.',
  'sync.refused.broken_chain': 'The chain is broken before this entry. Tell the person in charge.',
  'sync.refused.unreadable':
    'It could not be read there. Open the record, write it again and tell the person in charge.',
  'sync.refused.displaced':
    'Two copies of the store wrote different things; this one was set aside. Open the record and write what is missing.',
  'sync.refused.sealed': 'The PC that wrote this was revoked; someone at the province must release it.',
  'sync.refused.other': 'The reason given there: {reason}. Tell the person in charge.',

  'sync.parked.unknown_kind': 'Written by a newer Trạm. Install the newest on this PC and it appears.',
  'sync.parked.unknown_version':
    'Written in a newer form. Install the newest Trạm on this PC and it appears.',
  'sync.parked.missing_ref': 'Waiting for related entries that are on their way.',
  'sync.parked.rejected': 'Does not fit the record here. Tell the person in charge.',
  'sync.parked.unshowable':
    'This PC cannot show it yet. Install the newest Trạm, or tell the person in charge.',

  'sync.author.contradicted':
    '{count} entries stand under the name of {name} since {since} that this PC did not write like that: somebody may be posing as it. Look at them and call the person in charge at once.',
  'sync.author.stranger':
    '{count} entries since {since} stand under the name of a PC the center does not know ({name}). Call the person in charge.',
  'sync.author.left':
    '{count} entries stand under the name of {name} since {since} that it had not confirmed yet. If it broke down then or was restored from a backup, all is well; if not, call the person in charge.',
  'sync.author.late':
    '{name} has not confirmed {count} entries since {since}. Switch it on and connect it, it does so by itself; if that does not help, install the latest Trạm on it.',

  'sync.join.snapshot': 'Receiving the copy of the whole center.',
  'sync.join.changes': 'Receiving the newest entries.',
  'sync.join.ready': 'All received. Anyone with an account of the center can log in.',
  'sync.join.peer_unreachable':
    'No contact with the other PC. Leave both on; this one goes on by itself where it stopped.',
  'sync.join.file_damaged':
    'The copy came in damaged and was dropped. Get a new code there and connect again.',
  'sync.join.disk_full':
    'The disk of this PC is full. Remove other files, get a new code there and connect again.',
};
