import type { firstRun as vi } from '../vi/first-run.ts';
import type { WordsOf } from '../words.ts';

export const firstRun: WordsOf<typeof vi> = {
  'first-run.title': 'Set up a new station',
  'first-run.step.center': 'Center',
  'first-run.step.wards': 'Wards and beds',
  'first-run.step.station': 'This PC',
  'first-run.step.admin': 'Administrator',
  'first-run.hint.center': 'This name is printed on every paper.',
  'first-run.hint.wards': 'The number of beds and beds per room is enough; names can be changed later.',
  'first-run.hint.station': 'Each PC has a name, so that it is known where something was written.',
  'first-run.hint.admin':
    'This person creates everyone’s account. The password is also the key of the record store.',
  'first-run.centerName': 'Name of the medical center',
  'first-run.province': 'Province or city',
  'first-run.facilityCode': 'Facility code',
  'first-run.facilityCodeHint': 'Given by social insurance, 5 characters. Leave empty if there is none yet.',
  'first-run.wardNumber': 'Ward {n}',
  'first-run.department': 'Kind of department',
  'first-run.wardName': 'Ward name',
  'first-run.beds': 'Beds',
  'first-run.bedsPerRoom': 'Beds per room',
  'first-run.roomName': 'Room {n}',
  'first-run.room': 'Room {name}: {beds}',
  'first-run.addWard': 'Add a ward',
  'first-run.wardsMissing': 'At least one ward is needed, with name, kind and number of beds.',
  'first-run.stationName': 'Station name',
  'first-run.stationNameHint': 'For example: Internal medicine office, Reception 2.',
  'first-run.adminName': 'Full name',
  'first-run.create': 'Create the record store',
  'first-run.keyTitle': 'Recovery key',
  'first-run.keyWhy':
    'The record store is encrypted. If everyone forgets their password, only this key opens it. It is shown once: print it or copy it by hand now.',
  'first-run.keyKeep':
    'Keep it in a sealed envelope in the director’s or planning office safe. No photographs, not beside the PC.',
  'first-run.keyConfirm': 'Type the last group of the key',
  'first-run.keyConfirmHint': 'Read it from the paper, not from the screen.',
  'first-run.keyWrong': 'That is not the last group. Compare with the paper.',
  'first-run.keyDone': 'The key is put away, start working',
};
