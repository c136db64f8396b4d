import type { training as vi } from '../vi/training.ts';
import type { WordsOf } from '../words.ts';

export const training: WordsOf<typeof vi> = {
  'training.title': 'Training',
  'training.preparing': 'Preparing the training center…',
  'training.preparingWhat':
    'Trạm is making up a center: wards, beds, staff, patients and many days of records. Only the first start takes this long; half a minute on an old PC.',
  'training.preparingNext': 'The login screen comes by itself when it is done.',
  'training.preparingFor': '{n} seconds so far',
  'training.note': 'An invented center, nothing here is real',
  'training.role': 'Role',
  'training.canDo': 'What they can do',
  'training.lead':
    'Try anything here: the data lies in a store of its own and never mixes with real records. Pull the network cable and nothing changes.',
  'training.tryTitle': 'A first shift, about an hour',
  'training.try1': 'Press F2, type “nguyen thi” without accents and open an admitted patient.',
  'training.try2':
    'Press Ctrl+N and register a new patient; repeat the name and birth year of a known one to see the warning.',
  'training.try3':
    'On the ward board go to a free bed with the arrow keys and press Enter to admit that patient.',
  'training.try4': 'Press F9 for vital signs; type a temperature of 73 to see the PC ask back, then 37.5.',
  'training.try5':
    'Ask about allergies, then press F8 for the treatment sheet. Close the window half-way and find your draft again.',
  'training.try6': 'Move the patient to another bed and press Undo within 8 seconds.',
  'training.try7': 'Press F12 to lock, log in as someone else, and see what they may see.',
  'training.try8':
    'Switch the PC off while typing; start again and check: saved work is complete, at most one second of typing is lost.',
  'training.accountsTitle': 'Who to log in as',

  'training.line': 'Line',
  'training.lineIs': 'Line: {word}',
  'training.lineTitle': 'Try a weak or cut line',
  'training.lineWhat':
    'Training mode has a pretend provincial server and a second station on this very PC. Change the line to the province to see what Trạm does.',
  'training.line.good': 'Good',
  'training.line.weak': 'Weak',
  'training.line.cut': 'Cut',
  'training.lineSays.good': 'Like fibre: what was written reaches the province in seconds.',
  'training.lineSays.weak': 'Like 3G in the rain: it still gets there, more slowly, and nobody waits.',
  'training.lineSays.cut': 'Like a cut cable: go on working, everything queues on this PC.',
  'training.lineTry1': 'Choose “Cut”. Record a set of vital signs. Saving is as fast as ever.',
  'training.lineTry2':
    'Read the bottom line: how much waits, since when, whether to switch off. F7 shows the details.',
  'training.lineTry3': 'Choose “Weak”. The ○ beside the set turns into ✓ once the province has it.',
  'training.lineTry4':
    'Open the second station and log in as someone else: what is written here appears there at once, even while the line to the province is “Cut”. Two ready-made conflicts wait under Conflicts: settle them with key 1 or 2.',
  'training.second': 'Open the second station',
  'training.secondWait': 'Starting the second station, about ten seconds…',
  'training.secondOpened': 'The second station has opened in a window of its own.',
  'training.secondReady':
    'The second station runs. If its window has not opened: press Ctrl+C, open a new browser window, press Ctrl+V and Enter.',
  'training.secondAddress': 'Address of the second station (works once)',
};
