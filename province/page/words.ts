// The page's Vietnamese: reasons, errors and acts in plain words, and moments as people say them.

import type { Concern } from '../../shared/sync/vouch.ts';
import { DAY_MS, dayStart, formatDateTime, formatTime } from '../../shared/time/vietnam.ts';
import type { Reason } from '../identity/index.ts';
import type { AdminRight, QuarantinedChange } from '../types.ts';

export const rightWords: Readonly<Record<AdminRight, string>> = {
  stations: 'Trung tâm và máy trạm',
  identities: 'Danh tính người bệnh',
  administrators: 'Người quản trị',
};

export const reasonWords: Readonly<Record<Reason, { readonly same: string; readonly differs: string }>> = {
  cccd: { same: 'cùng số căn cước', differs: 'khác số căn cước' },
  bhyt: { same: 'cùng số thẻ BHYT', differs: 'khác số thẻ BHYT' },
  passport: { same: 'cùng số hộ chiếu', differs: 'khác số hộ chiếu' },
  cmnd: { same: 'cùng số CMND', differs: 'khác số CMND' },
  name: { same: 'cùng họ tên', differs: 'khác họ tên' },
  birth: { same: 'cùng ngày sinh', differs: 'khác ngày sinh' },
  birth_year: { same: 'năm sinh phù hợp', differs: 'khác năm sinh' },
  sex: { same: 'cùng giới tính', differs: 'khác giới tính' },
  commune: { same: 'cùng xã, phường', differs: 'khác xã, phường' },
};

export const numberWords: Readonly<Record<string, string>> = {
  cccd: 'Căn cước',
  bhyt: 'Thẻ BHYT',
  passport: 'Hộ chiếu',
  cmnd: 'CMND',
  birth_certificate: 'Giấy khai sinh',
  other: 'Giấy tờ khác',
};

export const sexWords: Readonly<Record<string, string>> = { '1': 'Nam', '2': 'Nữ', '3': 'Chưa xác định' };

/** What it is and what to do about it. */
export const quarantineWords: Readonly<Record<QuarantinedChange['reason'], readonly [string, string]>> = {
  fork: [
    'Hai bản ghi mang cùng một số thứ tự',
    'Thường do ổ đĩa bị chép sang máy khác hoặc máy được khôi phục từ bản sao lưu. Máy trạm tự ghi lại dưới số mới; nếu số này tăng mãi, hãy tìm máy chạy từ ổ đĩa bị chép.',
  ],
  broken_chain: [
    'Bản ghi không nối với bản ghi đứng trước',
    'Dữ liệu trên máy trạm có thể đã bị hỏng. Hãy chạy kiểm tra dữ liệu trên máy đó.',
  ],
  unreadable: [
    'Không đọc được bản ghi',
    'Dữ liệu bị hỏng khi ghi hoặc khi chuyển. Bản gốc vẫn được giữ nguyên ở đây.',
  ],
  signature_wrong: [
    'Chữ ký trên giấy tờ không đúng',
    'OpenSSL không xác nhận chữ ký này trên nội dung đã gửi. Gọi trung tâm, mở giấy tờ đó và ký lại; nếu máy trạm vẫn báo hợp lệ, hãy báo nhà cung cấp.',
  ],
  signature_of_other: [
    'Chữ ký không phải của người ghi trong hồ sơ',
    'Chứng thư trong chữ ký khác với chứng thư mà bản ghi nêu. Gọi trung tâm hỏi ai đã ký.',
  ],
  signer_revoked: [
    'Chứng thư của người ký đã bị thu hồi',
    'Chữ ký được gửi đến sau khi chứng thư bị thu hồi. Gọi trung tâm: người ký cần chứng thư mới và ký lại.',
  ],
  other_person: [
    'Chữ ký mang tên một người, chứng thư là của người khác',
    'Hồ sơ không cho biết chứng thư này là của tài khoản đã ký. Gọi trung tâm hỏi ai đã ký; nếu đúng người, người đó phải nhận chứng thư của mình trên máy rồi ký lại.',
  ],
  not_entitled: [
    'Người ký không có vai trò của bước này',
    'Gọi trung tâm: xem lại vai trò của tài khoản, hoặc để người đúng vai trò ký lại giấy tờ.',
  ],
  used_elsewhere: [
    'Một chữ ký được dùng ở hai chỗ',
    'Chữ ký này đã tính cho một bước khác. Bước này cần một chữ ký riêng.',
  ],
  evidence_wrong: [
    'Dấu thời gian hoặc bằng chứng gửi sau không đúng',
    'Bằng chứng không thuộc về chữ ký mà nó nêu, hoặc không đọc được. Chữ ký gốc không bị ảnh hưởng; máy trạm sẽ xin lại dấu thời gian.',
  ],
};

/** What it is and what to do about it. */
export const authorWords: Readonly<Record<Concern, readonly [string, string]>> = {
  contradicted: [
    'Chữ ký không khớp',
    'Máy này đã ký một nội dung khác dưới cùng số: có thể ai đó ghi thay tên máy. Gọi trung tâm, xem lại các bản ghi đó và thu hồi máy đáng ngờ.',
  ],
  stranger: ['Máy lạ', 'Không biết máy nào mang tên này. Gọi trung tâm hỏi xem máy nào.'],
  left: [
    'Chưa kịp ký trước khi bắt đầu lại',
    'Thường do máy hỏng hoặc được khôi phục từ bản sao lưu. Nếu không phải vậy, gọi trung tâm xem lại các bản ghi đó.',
  ],
  late: [
    'Hơn một tuần chưa ký',
    'Máy có thể đã tắt từ lúc đó, hoặc dùng phiên bản cũ: bật lên, nối mạng, cập nhật.',
  ],
};

export const poisonWords: Readonly<Record<string, string>> = {
  unreadable: 'Không đọc được',
  not_understood: 'Do phiên bản phần mềm mới hơn ghi, hoặc nội dung không hợp lệ',
  no_patient: 'Không ghi là của người bệnh nào',
  untrue_carrier: 'Bản ghi chuyển tiếp không khớp với nội dung bên trong',
};

export const actWords: Readonly<Record<string, string>> = {
  'center.create': 'Tạo trung tâm',
  'code.create': 'Cấp mã kết nối',
  'code.withdraw': 'Hủy mã kết nối',
  'station.revoke': 'Thu hồi máy trạm',
  'station.works_on': 'Máy đã thu hồi vẫn ghi dữ liệu, máy khác chuyển đến',
  'station.seen': 'Đã xem bản ghi máy chưa ký',
  'station.contradicted': 'Có bản ghi mang tên máy mà máy không ký như vậy',
  'sealed.release': 'Nhận dữ liệu của máy đã thu hồi',
  'log.renew': 'Đánh số lại nhật ký sau khi khôi phục',
  'admin.create': 'Thêm người quản trị',
  'admin.disable': 'Khóa tài khoản quản trị',
  'admin.rights': 'Đổi quyền quản trị',
  'admin.reset': 'Đặt lại mật khẩu',
  'admin.login': 'Đăng nhập',
  'person.view': 'Xem hồ sơ có thể trùng',
  'person.link': 'Xác nhận cùng một người',
  'person.refuse': 'Xác nhận không phải một người',
  'person.take_back': 'Rút lại quyết định',
};

export const decisionWords = {
  link: 'Xác nhận cùng một người',
  refuse: 'Không phải một người',
  take_back: 'Rút lại quyết định trước',
} as const;

export const errorWords: Readonly<Record<string, string>> = {
  wrong_password: 'Sai tên hoặc mật khẩu. Hãy thử lại.',
  account_locked: 'Tài khoản tạm khóa 15 phút vì nhập sai mật khẩu nhiều lần.',
  account_disabled: 'Tài khoản này đã bị khóa. Hãy hỏi người quản trị khác.',
  weak_password: 'Mật khẩu phải có ít nhất 12 ký tự, khác mật khẩu cũ và không chứa tên đăng nhập.',
  passwords_differ: 'Hai lần nhập mật khẩu mới không giống nhau.',
  username_taken: 'Tên này đã có người dùng.',
  bad_input: 'Có ô chưa đúng. Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm hoặc gạch nối.',
  last_administrator: 'Phải còn ít nhất một người có quyền quản trị người dùng.',
  reason_required: 'Hãy ghi lý do.',
  not_found: 'Không còn tìm thấy. Có thể người khác vừa xử lý xong.',
  stale: 'Đã có thay đổi trong lúc bạn xem. Hãy xem lại rồi quyết định.',
  nothing_recorded: 'Hai hồ sơ này đã ở trạng thái đó rồi.',
  old_form: 'Trang đã cũ hoặc phiên làm việc đã đổi. Hãy làm lại thao tác.',
  not_allowed: 'Tài khoản của bạn không có quyền làm việc này.',
  too_busy: 'Máy chủ đang bận. Hãy thử lại sau ít giây.',
};

export const doneWords: Readonly<Record<string, string>> = {
  center: 'Đã tạo trung tâm.',
  withdrawn: 'Đã hủy mã.',
  seen: 'Đã ghi là đã xem. Chỉ báo lại khi có thêm bản ghi.',
  revoked: 'Đã thu hồi máy trạm. Máy này không nhận được gì nữa.',
  released: 'Đã nhận dữ liệu vào nhật ký của trung tâm.',
  link: 'Đã ghi: cùng một người.',
  refuse: 'Đã ghi: không phải một người.',
  take_back: 'Đã rút lại quyết định.',
  password: 'Đã đổi mật khẩu.',
  admin: 'Đã thêm người quản trị. Người đó phải đổi mật khẩu khi đăng nhập lần đầu.',
  rights: 'Đã đổi quyền.',
  disabled: 'Đã khóa tài khoản.',
};

/** As people say it: within the hour in minutes, today and yesterday by the clock. */
export function moment(at: number | null, now: number): string {
  if (at === null) return 'chưa lần nào';
  const ago = now - at;
  if (ago < 60_000) return ago < -60_000 ? formatDateTime(at) : 'vừa xong';
  if (ago < 3_600_000) return `${Math.floor(ago / 60_000)} phút trước`;
  if (dayStart(at) === dayStart(now)) return `${formatTime(at)} hôm nay`;
  if (dayStart(at) === dayStart(now) - DAY_MS) return `${formatTime(at)} hôm qua`;
  const days = Math.floor(ago / DAY_MS);
  return days <= 30 ? `${days} ngày trước (${formatDateTime(at)})` : formatDateTime(at);
}

const counted = new Intl.NumberFormat('vi-VN');
export const count = (n: number): string => counted.format(n);

/** How far a PC's clock is off: below two minutes nobody needs to know. */
export function clock(offsetMs: number | null): string | null {
  if (offsetMs === null || Math.abs(offsetMs) < 120_000) return null;
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const size = minutes < 120 ? `${minutes} phút` : `${count(Math.round(minutes / 60))} giờ`;
  return offsetMs > 0 ? `nhanh ${size}` : `chậm ${size}`;
}
