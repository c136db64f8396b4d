// The twenty roles of a district center and what each may do in this program.
// A working list of ours, put together from job descriptions and the access duties of TT 13/2025 and TT 32/2023;
// no legal text lists roles of a record system. A center changes a person's roles, not this table.
import type { Permission } from '../api/permissions.ts';

export interface Role {
  readonly id: string;
  /** As staff say it; shown on screen. */
  readonly vi: string;
  readonly en: string;
  readonly viDescription: string;
  readonly enDescription: string;
  readonly may: readonly Permission[];
}

const identity: readonly Permission[] = ['patient.read', 'board.read'];
const reading: readonly Permission[] = [...identity, 'chart.read'];
const bedside: readonly Permission[] = [
  ...reading,
  'patient.write',
  'admission.move',
  'bed.state',
  'vitals.write',
  'allergy.write',
  'notes.write',
  'task.write',
];
const treating: readonly Permission[] = [
  ...bedside,
  'admission.admit',
  'admission.discharge',
  'orders.write',
];

export const roles: readonly Role[] = [
  {
    id: 'tiep_don',
    vi: 'Nhân viên tiếp đón',
    en: 'Reception clerk',
    viDescription: 'Đăng ký, sửa hành chính; không xem nội dung chuyên môn.',
    enDescription: 'Registers people and corrects identity; sees no clinical content.',
    may: [...identity, 'patient.write'],
  },
  {
    id: 'bac_si_kham',
    vi: 'Bác sĩ phòng khám',
    en: 'Clinic doctor',
    viDescription: 'Khám, ra y lệnh, cho vào viện.',
    enDescription: 'Examines, orders and admits.',
    may: [
      ...reading,
      'patient.write',
      'admission.admit',
      'vitals.write',
      'allergy.write',
      'notes.write',
      'orders.write',
      'task.write',
    ],
  },
  {
    id: 'bac_si_dieu_tri',
    vi: 'Bác sĩ điều trị',
    en: 'Ward doctor',
    viDescription: 'Toàn bộ việc điều trị tại khoa: tờ điều trị, y lệnh, chuyển khoa, ra viện.',
    enDescription: 'All treatment on the ward: notes, orders, transfer, discharge.',
    may: treating,
  },
  {
    id: 'bac_si_truc',
    vi: 'Bác sĩ trực',
    en: 'Doctor on duty',
    viDescription: 'Như bác sĩ điều trị cho mọi khoa trong phiên trực; xử lý chỗ ghi trùng.',
    enDescription: 'As ward doctor, for every ward while on duty; settles conflicting entries.',
    may: [...treating, 'conflict.settle'],
  },
  {
    id: 'truong_khoa',
    vi: 'Trưởng khoa',
    en: 'Head of department',
    viDescription: 'Như bác sĩ điều trị; quyết định khi hai người ghi khác nhau.',
    enDescription: 'As ward doctor; decides where two people wrote different things.',
    may: [...treating, 'conflict.settle'],
  },
  {
    id: 'dieu_duong',
    vi: 'Điều dưỡng, hộ sinh',
    en: 'Nurse, midwife',
    viDescription: 'Dấu hiệu sinh tồn, chăm sóc, giường; không ra y lệnh.',
    enDescription: 'Vital signs, care, beds; gives no orders.',
    may: bedside,
  },
  {
    id: 'dd_truong',
    vi: 'Điều dưỡng trưởng khoa',
    en: 'Head nurse',
    viDescription: 'Như điều dưỡng; sơ đồ buồng giường, xử lý hai người một giường.',
    enDescription: 'As nurse; the bed map, and settling of beds given twice.',
    may: [...bedside, 'ward.layout', 'conflict.settle'],
  },
  {
    id: 'ktv_xet_nghiem',
    vi: 'Kỹ thuật viên xét nghiệm',
    en: 'Laboratory technician',
    viDescription: 'Nhận mẫu, đối chiếu người bệnh.',
    enDescription: 'Receives samples and checks whose they are.',
    may: identity,
  },
  {
    id: 'bs_xet_nghiem',
    vi: 'Phụ trách xét nghiệm',
    en: 'Laboratory lead',
    viDescription: 'Xem hồ sơ để duyệt kết quả.',
    enDescription: 'Reads charts to approve results.',
    may: reading,
  },
  {
    id: 'bs_cdha',
    vi: 'Bác sĩ, kỹ thuật viên chẩn đoán hình ảnh',
    en: 'Imaging doctor or technician',
    viDescription: 'Xem hồ sơ để đọc phim và làm thăm dò.',
    enDescription: 'Reads charts to report images and tests.',
    may: reading,
  },
  {
    id: 'duoc_si_kho',
    vi: 'Dược sĩ kho, cấp phát',
    en: 'Dispensing pharmacist',
    viDescription: 'Xem ai nằm đâu để cấp phát; không xem tờ điều trị.',
    enDescription: 'Sees who lies where to dispense; not the treatment sheet.',
    may: identity,
  },
  {
    id: 'duoc_ls',
    vi: 'Dược sĩ lâm sàng',
    en: 'Clinical pharmacist',
    viDescription: 'Xem hồ sơ và góp ý; không sửa y lệnh.',
    enDescription: 'Reads charts and comments; does not change orders.',
    may: [...reading, 'task.write'],
  },
  {
    id: 'thu_ngan',
    vi: 'Thu ngân, viện phí',
    en: 'Cashier',
    viDescription: 'Xem hành chính và nơi nằm; không xem chuyên môn.',
    enDescription: 'Sees identity and whereabouts; nothing clinical.',
    may: identity,
  },
  {
    id: 'giam_dinh',
    vi: 'Tổ giám định, bảo hiểm nội bộ',
    en: 'Insurance review',
    viDescription: 'Xem hồ sơ để kiểm tra; trả lại người ghi khi cần sửa.',
    enDescription: 'Reads charts to check claims; returns them to their author.',
    may: reading,
  },
  {
    id: 'khth',
    vi: 'Phòng Kế hoạch tổng hợp',
    en: 'Planning office',
    viDescription: 'Xem hồ sơ, thống kê; không sửa chuyên môn.',
    enDescription: 'Reads charts and counts; changes nothing clinical.',
    may: reading,
  },
  {
    id: 'luu_tru',
    vi: 'Nhân viên lưu trữ hồ sơ',
    en: 'Record archivist',
    viDescription: 'Tra cứu hồ sơ theo phiếu mượn; không sửa.',
    enDescription: 'Retrieves charts on an approved slip; edits nothing.',
    may: reading,
  },
  {
    id: 'giam_doc',
    vi: 'Giám đốc, phó giám đốc',
    en: 'Director',
    viDescription: 'Xem hồ sơ, xem nhật ký truy cập, tình trạng máy; không sửa chuyên môn.',
    enDescription: 'Reads charts, the access log and the state of the PCs; changes nothing clinical.',
    may: [...reading, 'audit.read', 'station.read'],
  },
  {
    id: 'quan_tri',
    vi: 'Quản trị hệ thống (CNTT)',
    en: 'System administrator (IT)',
    viDescription:
      'Tài khoản, máy, sao lưu, buồng giường; chỉ mở hồ sơ người bệnh khi khẩn cấp, có lý do và được ghi lại.',
    enDescription:
      'Accounts, PCs, backups, wards; opens a chart only in an emergency, with a reason that is logged.',
    // patient.read: without finding the person nobody could break the glass for them; each opening is logged.
    may: ['users.manage', 'station.read', 'station.manage', 'ward.layout', 'patient.read', 'breakglass'],
  },
  {
    id: 'kiem_soat',
    vi: 'Kiểm soát nội bộ, an toàn thông tin',
    en: 'Internal auditor',
    viDescription: 'Chỉ xem nhật ký truy cập.',
    enDescription: 'Reads the access log only.',
    may: ['audit.read'],
  },
  {
    id: 'hoc_vien',
    vi: 'Học viên, sinh viên',
    en: 'Student',
    viDescription: 'Xem hồ sơ; chưa được ghi.',
    enDescription: 'Reads charts; may not write yet.',
    may: reading,
  },
];

const byId = new Map(roles.map((role) => [role.id, role]));

export const isRole = (id: string): boolean => byId.has(id);

/** The role's name in the reader's language; an unknown role (written by a newer version) shows its id. */
export function roleName(id: string, language: 'vi' | 'en' = 'vi'): string {
  return byId.get(id)?.[language] ?? id;
}

/** Everything any of these roles grants; unknown roles grant nothing. */
export function permissionsOf(ids: readonly string[]): ReadonlySet<Permission> {
  return new Set(ids.flatMap((id) => byId.get(id)?.may ?? []));
}
