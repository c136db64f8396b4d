// What `tram sign` and `tram verify` say, Vietnamese first (the circular on verifying programs wants their answers in
// Vietnamese); apart from the other commands' words because there are many.
import type { ErrorCode } from '../../../shared/api/errors.ts';
import type { SignatureVerdict, VerdictReason, VerdictState } from '../../core/signed-files.ts';
import type { Language } from './words.ts';

const vi = {
  valid: 'HỢP LỆ',
  undetermined: 'CHƯA XÁC THỰC ĐƯỢC',
  invalid: 'KHÔNG HỢP LỆ',
  signature: '{number}. {kind}: {state}',
  signer: '   Người ký: {signer}',
  issuer: '   Nơi cấp chứng thư: {issuer}',
  algorithm: '   Cách ký: {algorithm}',
  claimedAt: '   Giờ ký theo máy người ký: {when}',
  stampedAt: '   Dấu thời gian: {when}',
  ocsp: '   Thu hồi: đã hỏi nơi cấp (OCSP), tình trạng lúc {when}',
  crl: '   Thu hồi: theo danh sách của nơi cấp (CRL) lúc {when}',
  cached: '   Thu hồi: theo tin đã lưu, lúc {when}',
  reason: '   - {reason}',
  whichFile: 'Thiếu tệp: tram verify TỆP, tram sign TỆP',
  noFile: 'Không đọc được tệp {file}.',
  noFolder: 'Không có thư mục {folder}.',
  cannotWrite: 'Không ghi được {file}.',
  exists: '{file} đã có: xóa tệp đó hoặc dùng --out.',
  signed: 'Đã ký bằng chứng thư của {name}: {file}',
  stampMissing: 'Chưa có dấu thời gian. Chữ ký vẫn dùng được; thêm dấu thời gian khi có mạng.',
  keyOnlyTraining: 'Khóa trong tệp chỉ dùng khi tập huấn (--training). Hãy ký bằng USB ký số.',
  whichCertificate: 'Có nhiều chứng thư: thêm --certificate và mấy chữ đầu của mã.',
  certificate: '  {id}  {name}  ({issuer}, đến {when})',
  noCertificate: 'Không thấy chứng thư ký được trong USB ký số nào.',
  pin: 'Mã PIN của {name}: ',
  lastTry: 'CHỈ CÒN MỘT LẦN THỬ: gõ sai là khóa USB ký số. Gõ đúng chữ THỬ để tiếp tục: ',
  lastTryWord: 'THỬ',
  noPin: 'Không có mã PIN.',
  trainee: 'Người tập huấn',
  p12Password: 'Mật khẩu của {file}: ',
} as const;

type Key = keyof typeof vi;

const en: Record<Key, string> = {
  valid: 'VALID',
  undetermined: 'CANNOT BE TOLD',
  invalid: 'INVALID',
  signature: '{number}. {kind}: {state}',
  signer: '   Signer: {signer}',
  issuer: '   Certificate issued by: {issuer}',
  algorithm: '   Algorithm: {algorithm}',
  claimedAt: '   Signed at, by the signer’s clock: {when}',
  stampedAt: '   Time-stamp: {when}',
  ocsp: '   Revocation: the issuer was asked (OCSP), as of {when}',
  crl: '   Revocation: by the issuer’s list (CRL) of {when}',
  cached: '   Revocation: by what is kept here, as of {when}',
  reason: '   - {reason}',
  whichFile: 'Which file? tram verify FILE, tram sign FILE',
  noFile: 'The file {file} cannot be read.',
  noFolder: 'There is no folder {folder}.',
  cannotWrite: '{file} cannot be written.',
  exists: '{file} is there already: remove it or use --out.',
  signed: 'Signed with the certificate of {name}: {file}',
  stampMissing: 'There is no time-stamp yet. The signature can be used; add one when the line is back.',
  keyOnlyTraining: 'A key in a file is for training only (--training). Sign with a USB token.',
  whichCertificate: 'There are several certificates: add --certificate and the first digits of its id.',
  certificate: '  {id}  {name}  ({issuer}, until {when})',
  noCertificate: 'No token holds a certificate that may sign.',
  pin: 'PIN of {name}: ',
  lastTry: 'ONE TRY IS LEFT: a wrong PIN locks the token. Type TRY to go on: ',
  lastTryWord: 'TRY',
  noPin: 'There is no PIN.',
  trainee: 'Somebody in training',
  p12Password: 'Password of {file}: ',
};

const reasonsVi: Record<VerdictReason, string> = {
  content_changed: 'Nội dung không còn là nội dung đã ký.',
  signature_wrong: 'Chữ ký không khớp với nội dung và chứng thư.',
  signature_malformed: 'Chữ ký bị hỏng hoặc không đúng chuẩn.',
  certificate_mismatch: 'Chứng thư trong tệp không phải chứng thư mà chữ ký nêu.',
  attribute_missing: 'Chữ ký thiếu phần bắt buộc của CAdES.',
  changed_after_signing: 'Tệp bị sửa sau khi ký.',
  not_whole_file: 'Chữ ký không bao trùm cả tệp.',
  chain_wrong: 'Chứng thư không do nơi nó nêu cấp ra.',
  certificate_malformed: 'Có chứng thư bị hỏng hoặc sai chuẩn.',
  not_for_signing: 'Chứng thư không được dùng vào việc này.',
  not_for_issuing: 'Chứng thư cấp trên không có quyền cấp.',
  expired_at_signing: 'Lúc ký chứng thư đã hết hạn.',
  not_yet_valid_at_signing: 'Lúc ký chứng thư chưa có hiệu lực.',
  revoked: 'Chứng thư đã bị thu hồi.',
  algorithm_weak: 'Thuật toán quá yếu, không còn được chấp nhận.',
  time_stamp_wrong: 'Dấu thời gian không đúng.',
  references_unexpected: 'Chữ ký nêu những phần không được phép.',
  other_person: 'Chứng thư không phải của người đứng tên ký.',
  not_entitled: 'Người ký không có vai trò của bước này.',
  used_elsewhere: 'Chữ ký đã được tính ở bước khác.',
  claim_contested: 'Có hai tài khoản cùng nhận chứng thư này, quản trị viên chưa xác nhận của ai.',
  signed_apart: 'Hai người ký trên hai máy chưa nối với nhau: tệp PDF thiếu chữ ký của một người.',
  no_signature: 'Trong tệp không có chữ ký số.',
  content_missing: 'Thiếu tệp gốc: thêm --content TỆP_GỐC.',
  issuer_unknown: 'Không biết nơi cấp chứng thư: không dẫn tới gốc tin cậy nào.',
  revocation_unknown: 'Không hỏi được chứng thư có bị thu hồi không: cần mạng.',
  revocation_old: 'Tin về thu hồi đã cũ: cần mạng để hỏi lại.',
  time_unproven_expired: 'Chứng thư nay đã hết hạn và không có gì chứng minh giờ ký.',
  algorithm_unknown: 'Thuật toán mà Trạm không biết.',
  constraint_unknown: 'Có điều kiện mà Trạm không hiểu.',
  unreadable: 'Không phải tệp ký số mà Trạm đọc được.',
  training_certificate: 'Chứng thư TẬP HUẤN, không có giá trị pháp lý.',
  time_unproven: 'Giờ ký chưa có dấu thời gian chứng minh.',
};

const reasonsEn: Record<VerdictReason, string> = {
  content_changed: 'The content is not what was signed.',
  signature_wrong: 'The signature does not fit content and certificate.',
  signature_malformed: 'The signature is damaged or breaks its standard.',
  certificate_mismatch: 'The certificate in the file is not the one the signature names.',
  attribute_missing: 'The signature lacks what CAdES requires.',
  changed_after_signing: 'The file was changed after it was signed.',
  not_whole_file: 'The signature does not cover the whole file.',
  chain_wrong: 'The certificate is not by the issuer it names.',
  certificate_malformed: 'A certificate is damaged or breaks its standard.',
  not_for_signing: 'The certificate is not for this use.',
  not_for_issuing: 'A certificate above it may not issue.',
  expired_at_signing: 'The certificate had expired when it signed.',
  not_yet_valid_at_signing: 'The certificate was not valid yet when it signed.',
  revoked: 'The certificate was revoked.',
  algorithm_weak: 'The algorithm is too weak to be believed.',
  time_stamp_wrong: 'The time-stamp is wrong.',
  references_unexpected: 'The signature refers to parts it may not.',
  other_person: 'The certificate is not that of the person said to have signed.',
  not_entitled: 'The signer has no role of this step.',
  used_elsewhere: 'The signature already counts at another step.',
  claim_contested: 'Two accounts claim this certificate, and no administrator has said whose it is.',
  signed_apart: 'Two people signed on PCs without a line: the PDF lacks the signature of one.',
  no_signature: 'There is no signature in the file.',
  content_missing: 'The original is missing: add --content ORIGINAL.',
  issuer_unknown: 'The issuer is not known: no path to a trusted root.',
  revocation_unknown: 'Whether it was revoked could not be asked: no line.',
  revocation_old: 'What is known of revocation is old: the line is needed.',
  time_unproven_expired: 'The certificate has expired and nothing proves when it signed.',
  algorithm_unknown: 'An algorithm that Trạm does not know.',
  constraint_unknown: 'A condition that Trạm does not understand.',
  unreadable: 'No signed file that Trạm can read.',
  training_certificate: 'A certificate of TRAINING, worth nothing in law.',
  time_unproven: 'No time-stamp proves when it was signed.',
};

const failures: Record<Language, Partial<Record<ErrorCode, string>>> = {
  vi: {
    token_missing: 'Không thấy USB ký số: cắm vào rồi gõ lại lệnh.',
    token_gone: 'USB ký số vừa bị rút ra.',
    token_locked: 'USB ký số đã khóa lại: gõ lại lệnh.',
    token_hangs: 'USB ký số không trả lời: rút ra, cắm lại.',
    token_failed: 'USB ký số không ký được.',
    token_module_unfit: 'Phần mềm của USB ký số không dùng được trên máy này.',
    pin_wrong: 'Sai mã PIN.',
    pin_locked: 'USB ký số đã bị khóa vì gõ sai PIN: liên hệ nơi cấp.',
    pin_default: 'Mã PIN còn là mã mặc định: đổi PIN bằng phần mềm của nơi cấp trước khi ký.',
    pin_length: 'Mã PIN quá ngắn hoặc quá dài: chưa thử.',
    certificate_unfit: 'Chứng thư này không dùng để ký ở đây được.',
    algorithm_unfit: 'Khóa này không ký được bằng thuật toán được phép.',
    signature_unreadable:
      'Không ký vào trong tệp này được: không phải PDF hoặc XML, tệp hỏng, hoặc không cho ký thêm.',
    stamp_unreachable: 'Không tới được nơi cấp dấu thời gian.',
    stamp_refused: 'Nơi cấp dấu thời gian từ chối hoặc trả lời sai.',
  },
  en: {
    token_missing: 'No token: plug it in and type the command again.',
    token_gone: 'The token was pulled out.',
    token_locked: 'The token has locked itself again: type the command again.',
    token_hangs: 'The token does not answer: pull it out and plug it in again.',
    token_failed: 'The token could not sign.',
    token_module_unfit: 'The token’s software cannot be used on this PC.',
    pin_wrong: 'Wrong PIN.',
    pin_locked: 'The token is locked after wrong PINs: ask its issuer.',
    pin_default: 'The PIN is the one it was sold with: change it with the issuer’s program first.',
    pin_length: 'The PIN is too short or too long: not tried.',
    certificate_unfit: 'This certificate cannot be used here.',
    algorithm_unfit: 'The key cannot sign with an algorithm that is allowed.',
    signature_unreadable:
      'Cannot sign inside this file: not a PDF or XML file, damaged, or closed to signatures.',
    stamp_unreachable: 'The time-stamping authority cannot be reached.',
    stamp_refused: 'The time-stamping authority refused, or answered something else.',
  },
};

export interface SigningWords {
  word(key: Key, params?: Readonly<Record<string, string | number>>): string;
  state(state: VerdictState): string;
  reason(reason: VerdictReason): string;
  /** Null when nothing is known. */
  revocation(revocation: SignatureVerdict['revocation']): string | null;
  when(ms: number): string;
  /** Undefined: as other commands say it. */
  failure(code: ErrorCode): string | undefined;
}

export function signingWordsIn(language: Language): SigningWords {
  const words: Record<Key, string> = language === 'vi' ? vi : en;
  const word: SigningWords['word'] = (key, params = {}) =>
    words[key].replaceAll(/\{(\w+)\}/g, (_blank, name: string) => String(params[name] ?? ''));
  return {
    word,
    state: (state) => words[state],
    reason: (reason) => (language === 'vi' ? reasonsVi : reasonsEn)[reason],
    revocation: (revocation) =>
      revocation === null || revocation.how === 'none' || revocation.asOf === null
        ? null
        : word(revocation.how, { when: when(revocation.asOf) }),
    when,
    failure: (code) => failures[language][code],
  };
}

/** 22/11/2026 10:30:05, in Vietnam, wherever the PC's clock thinks it is. */
const when = (ms: number): string => {
  const [date = '', time = ''] = new Date(ms + 7 * 3_600_000).toISOString().split('T');
  return `${date.split('-').toReversed().join('/')} ${time.slice(0, 8)}`;
};
