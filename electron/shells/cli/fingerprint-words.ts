// What `tram fingerprint` says, Vietnamese first; apart from the other commands' words because there are many.
import type { ErrorCode } from '../../../shared/api/errors.ts';
import type { Language } from './words.ts';

const vi = {
  none: 'Không thấy máy đọc vân tay nào cắm vào máy này.',
  reader: '{chosen} {model}  {place}  [{id}]',
  place_finger: 'Đặt ngón tay lên máy đọc.',
  reading: 'Đang nhận ảnh: {percent} %',
  judging: 'Đang xem ảnh.',
  lift_finger: 'Nhấc ngón tay ra.',
  adjust: 'Chưa đạt: {hint}.',
  done: 'Đã lấy được, chất lượng {quality}/100. Ảnh đã xóa, không lưu gì.',
  facts:
    '{width} × {height}, {dpi} dpi · chất lượng {score}/100 · {minutiae} điểm đặc trưng, {cylinders} vùng so được',
  unusable: 'Quá ít để so: lấy lại ảnh khác.',
  hint: 'Nên: {hint}.',
  same: 'Cùng một ngón. Điểm {score}; người lạ đạt mức này: 1 trong {oneIn}.',
  different: 'Không phải cùng một ngón. Điểm {score}.',
  searched: 'Đã tìm trong {searched} người.',
  withoutKey: 'Còn {withoutKey} người có vân tay mà máy này chưa có chìa để so.',
  exists: 'Đã có tệp tên đó: đặt tên khác.',
  noPictures: 'Không có ảnh nào tên NGÓN_LẦN.png trong thư mục đó.',
  nobody: 'Không có ai giống.',
  candidate: '{rank}. {name}  {birthDate}  {recordNumber}  {likeness} (điểm {score})',
  relative: '{rank}. {name}, người nhà của {patientName}  {recordNumber}  {likeness} (điểm {score})',
  oneFinger: 'Một ngón chưa đủ: hỏi lại người bệnh và xác nhận bằng ngón thứ hai trong cửa sổ Trạm.',
  very: 'rất giống',
  fairly: 'khá giống',
  slightly: 'hơi giống',
  place_finger_hint: 'đặt ngón tay lên máy đọc',
  press_harder_hint: 'nhấn mạnh hơn',
  press_lighter_hint: 'nhấn nhẹ hơn',
  dry_finger_hint: 'lau khô ngón tay',
  moisten_finger_hint: 'làm ẩm ngón tay một chút',
  centre_finger_hint: 'đặt ngón tay vào giữa',
  hold_still_hint: 'giữ yên',
  lift_finger_hint: 'nhấc ra rồi đặt lại',
  clean_reader_hint: 'lau mặt kính máy đọc',
  larger_area_hint: 'đặt cả đốt ngón tay, không chỉ đầu ngón',
} as const;

type Key = keyof typeof vi;

const en: Record<Key, string> = {
  none: 'No fingerprint reader is plugged into this PC.',
  reader: '{chosen} {model}  {place}  [{id}]',
  place_finger: 'Put a finger on the reader.',
  reading: 'Receiving the picture: {percent} %',
  judging: 'Looking at the picture.',
  lift_finger: 'Lift the finger.',
  adjust: 'Not good enough: {hint}.',
  done: 'Taken, quality {quality}/100. The picture was wiped, nothing is kept.',
  facts:
    '{width} × {height}, {dpi} dpi · quality {score}/100 · {minutiae} minutiae, {cylinders} places to compare',
  unusable: 'Too little to compare: take another picture.',
  hint: 'Better: {hint}.',
  same: 'The same finger. Score {score}; strangers who come so near: 1 in {oneIn}.',
  different: 'Not the same finger. Score {score}.',
  searched: 'Looked among {searched} people.',
  withoutKey: '{withoutKey} people have prints for which this PC has no key yet.',
  exists: 'There is a file of that name already: choose another.',
  noPictures: 'No pictures named FINGER_IMPRESSION.png are in that folder.',
  nobody: 'Nobody is like it.',
  candidate: '{rank}. {name}  {birthDate}  {recordNumber}  {likeness} (score {score})',
  relative: '{rank}. {name}, relative of {patientName}  {recordNumber}  {likeness} (score {score})',
  oneFinger:
    'One finger is not enough: ask the person, and confirm with a second finger in the window of Trạm.',
  very: 'very like',
  fairly: 'fairly like',
  slightly: 'slightly like',
  place_finger_hint: 'put a finger on the reader',
  press_harder_hint: 'press harder',
  press_lighter_hint: 'press more lightly',
  dry_finger_hint: 'dry the finger',
  moisten_finger_hint: 'moisten the finger a little',
  centre_finger_hint: 'put the finger in the middle',
  hold_still_hint: 'hold still',
  lift_finger_hint: 'lift it and put it on again',
  clean_reader_hint: 'clean the glass of the reader',
  larger_area_hint: 'put the whole fingertip on, not its end only',
};

const failures: Record<Language, Partial<Record<ErrorCode, string>>> = {
  vi: {
    store_in_use: 'Trạm đang mở trên máy này: đóng Trạm rồi gõ lại lệnh.',
    no_such_folder: 'Không có tệp hay thư mục đó.',
    reader_missing: 'Không thấy máy đọc vân tay: kiểm tra dây cắm.',
    reader_not_chosen: 'Có nhiều máy đọc: mở Trạm, chọn máy đọc của máy này.',
    reader_busy: 'Máy đọc đang bận.',
    reader_unplugged: 'Máy đọc vừa bị rút ra.',
    reader_no_access: 'Không được phép mở máy đọc: xem nhật ký và tài liệu về máy đọc.',
    reader_software_missing: 'Thiếu phần mềm của hãng máy đọc trên máy này.',
    reader_wrong_password: 'Mật khẩu của máy đọc không đúng.',
    reader_line_bad: 'Dây nối máy đọc bị nhiễu: thử dây hoặc cổng khác.',
    reader_failed: 'Máy đọc không làm việc: rút ra, cắm lại.',
    finger_timeout: 'Không ai đặt ngón tay.',
    finger_unclear: 'Không lấy được ảnh đủ rõ.',
    image_unreadable: 'Tệp không phải ảnh PNG đọc được.',
    image_too_small: 'Ảnh quá nhỏ.',
    image_too_large: 'Ảnh quá lớn.',
    image_no_finger: 'Trong ảnh không thấy vân tay.',
    template_too_weak: 'Vân tay trong ảnh quá ít để so.',
    template_unreadable: 'Tệp không phải bản ghi ISO/IEC 19794-2:2005 đọc được.',
  },
  en: {
    store_in_use: 'Trạm is open on this PC: close it and type the command again.',
    no_such_folder: 'There is no such file or folder.',
    reader_missing: 'No fingerprint reader was found: check the cable.',
    reader_not_chosen: 'There are several readers: open Trạm and choose the one of this PC.',
    reader_busy: 'The reader is busy.',
    reader_unplugged: 'The reader was pulled out.',
    reader_no_access: 'The reader may not be opened: see the log and the page about readers.',
    reader_software_missing: 'The maker’s software of this reader is not on this PC.',
    reader_wrong_password: 'The reader’s password is another.',
    reader_line_bad: 'The line to the reader is disturbed: try another cable or port.',
    reader_failed: 'The reader does not work: pull it out and plug it in again.',
    finger_timeout: 'Nobody put a finger on.',
    finger_unclear: 'No picture was clear enough.',
    image_unreadable: 'The file is no PNG picture that can be read.',
    image_too_small: 'The picture is too small.',
    image_too_large: 'The picture is too large.',
    image_no_finger: 'There is no finger in the picture.',
    template_too_weak: 'There is too little of a finger in the picture to compare.',
    template_unreadable: 'The file is no ISO/IEC 19794-2:2005 record that can be read.',
  },
};

export interface FingerWords {
  word(key: Key, params?: Readonly<Record<string, string | number>>): string;
  /** A hint of the fingerprint room. */
  hint(name: string): string;
  /** Undefined: as other commands say it. */
  failure(code: ErrorCode): string | undefined;
}

export function fingerWordsIn(language: Language): FingerWords {
  const words: Record<Key, string> = language === 'vi' ? vi : en;
  const hints: Readonly<Record<string, string>> = words;
  return {
    word: (key, params = {}) =>
      words[key].replaceAll(/\{(\w+)\}/g, (_blank, name: string) => String(params[name] ?? '')),
    hint: (name) => hints[`${name}_hint`] ?? name,
    failure: (code) => failures[language][code],
  };
}
