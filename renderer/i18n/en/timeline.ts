import type { timeline as vi } from '../vi/timeline.ts';
import type { WordsOf } from '../words.ts';

export const timeline: WordsOf<typeof vi> = {
  'timeline.empty': 'Nothing in this stay yet.',
  'timeline.writtenBy': '{by} · {station}',
  'timeline.writtenAt': 'written {time}',
  'timeline.kind.admitted': 'Admitted',
  'timeline.kind.transferred': 'Transferred',
  'timeline.kind.bed_changed': 'Bed',
  'timeline.kind.discharged': 'Discharged',
  'timeline.kind.vitals': 'Vital signs',
  'timeline.kind.entry': 'Entry',
  'timeline.kind.allergy': 'Allergy',
  'timeline.kind.identity': 'Identity',
  'timeline.kind.voided': 'Voided',
};
