import type { photo as vi } from '../vi/photo.ts';
import type { WordsOf } from '../words.ts';

export const photo: WordsOf<typeof vi> = {
  'photo.of': 'Photo of {name}',
  'photo.none': 'No photo yet',
  'photo.waiting': 'Photo on its way',
  'photo.title': 'Photo of the patient: {name}',
  'photo.takeOne': 'Take a photo',
  'photo.change': 'Change the photo',
  'photo.remove': 'Remove photo',
  'photo.removeTitle': 'Remove the photo of {name}?',
  'photo.removeText': 'It will not be shown anywhere any more. That it was removed, and why, is recorded.',
  'photo.removed': 'The photo of {name} was removed.',
  'photo.whyWrong': 'Photo of somebody else',
  'photo.whyAsked': 'The patient does not agree to a photo',
  'photo.whyPoor': 'Blurred, cannot be recognised',
  'photo.live': 'What the camera sees',
  'photo.starting': 'Starting the camera…',
  'photo.startingWhat': 'If the browser asks, choose Allow.',
  'photo.ready': 'The camera is ready.',
  'photo.readyWhat':
    'Face to the front, enough light, in the middle. Tell the patient that you are about to take it.',
  'photo.take': 'Take',
  'photo.again': 'Take again',
  'photo.keep': 'Keep this photo',
  'photo.choose': 'Choose a file',
  'photo.tryCamera': 'Try the camera again',
  'photo.which': 'Camera',
  'photo.nth': 'Camera {n}',
  'photo.justTaken': 'The photo of {name} just taken or chosen, not saved yet',
  'photo.look': 'Look closely before you keep it.',
  'photo.lookAt': 'Is it {name}, with a clear face and nobody else in it?',
  'photo.kept': 'The photo of {name} was saved.',
  'photo.unreadable': 'This file cannot be read. Choose a JPEG, PNG or WebP picture.',
  'photo.fault.missing': 'No camera was found.',
  'photo.faultWhat.missing': 'Plug a camera in and try again, or choose a photo taken before.',
  'photo.fault.busy': 'The camera is busy.',
  'photo.faultWhat.busy':
    'Another program is using it. Close the video call or camera program and try again, or choose a file.',
  'photo.fault.refused': 'The camera may not be used yet.',
  'photo.faultWhat.refused':
    "Allow the camera at the symbol beside the page's address, or in the privacy settings of Windows, and try again. A file will do too.",
  'photo.fault.silent': 'The camera sends no picture.',
  'photo.faultWhat.silent':
    'Open its cover, unplug it and plug it in again, then try again; or choose a file.',
};
