// Titles and whose box it is, in capitals. A line must not end inside a word of two syllables: "PHẪU / THUẬT" is no word.
import { type Html, html } from './html.ts';

/** Words of titles and roles in which a line may break off ill. */
const words = [
  'bảo hiểm',
  'bác sĩ',
  'biên bản',
  'bệnh án',
  'chuyển cơ sở',
  'chữa bệnh',
  'cơ sở',
  'gây mê',
  'hành nghề',
  'hồi sức',
  'hồ sơ',
  'hội chẩn',
  'khám bệnh',
  'phẫu thuật',
  'thân nhân',
  'thủ thuật',
  'tóm tắt',
  'y tế',
];
const anyWord = new RegExp(`(?<!\\p{L})(${words.join('|')})(?!\\p{L})`, 'iu');

export const inCapitals = (text: string): Html =>
  html`${text
    .toLocaleUpperCase('vi')
    .split(anyWord)
    .map((part, n) => (n % 2 === 1 ? html`<span class="whole">${part}</span>` : html`${part}`))}`;
