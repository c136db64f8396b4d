import type { lookup as vi } from '../vi/lookup.ts';
import type { WordsOf } from '../words.ts';

export const lookup: WordsOf<typeof vi> = {
  'lookup.title': 'Records at other centers',
  'lookup.ask': 'Ask the province',
  'lookup.askAgain': 'Ask again',
  'lookup.hint': 'See what other places know of this person. No need to wait: go on registering.',
  'lookup.hintPatient': 'See what other centers know of this person: allergies, stays.',
  'lookup.need': 'Type an identity number, an insurance card, or name and birth date to ask.',
  'lookup.asking': 'Asking the province… Esc to stop.',
  'lookup.stop': 'Stop asking',
  'lookup.stopped': 'Stopped asking.',
  'lookup.noAnswer':
    'The province has not answered, perhaps because of the line. Go on with the record here and ask again later.',
  'lookup.notEnrolled': 'The center has not joined a province, so nobody can be asked.',
  'lookup.nobody': 'The province answered at {when}: no other center knows this person.',
  'lookup.found': 'The province answered at {when}: {n} records elsewhere may be of this person.',
  'lookup.asOf': 'As of {when} ({ago}); anything newer is unknown.',
  'lookup.because.identifier': 'Same identity number',
  'lookup.because.name_and_birth': 'Same name and birth date',
  'lookup.because.linked': 'Confirmed by the province as one person',
  'lookup.allergies': 'Allergies',
  'lookup.noAllergies': 'None recorded there. Ask the patient all the same.',
  'lookup.stays': 'Stays',
  'lookup.noStays': 'Never admitted there',
  'lookup.stay': '{from} – {to}',
  'lookup.stillThere': 'still there',
};
