// The invented district center of training mode: wards, beds, staff. Nothing in it exists.

export interface TrainingWard {
  readonly key: 'hscc' | 'noi' | 'nhi' | 'ngoai' | 'san' | 'nhiem';
  readonly name: string;
  readonly departmentCode: string;
  readonly rooms: readonly { readonly name: string; readonly beds: number }[];
}

export const trainingCenter = {
  name: 'Trung tâm Y tế Mường Lặng (tập huấn)',
  facilityCode: '40999',
  provinceCode: '40',
  stationName: 'Máy tập huấn',
} as const;

/** 6 wards, 120 beds. Department codes: QD 5937/QD-BYT 2021, annex 5. */
export const trainingWards: readonly TrainingWard[] = [
  {
    key: 'hscc',
    name: 'Hồi sức cấp cứu',
    departmentCode: 'K02',
    rooms: [
      { name: 'Phòng hồi sức', beds: 6 },
      { name: 'Phòng cấp cứu', beds: 6 },
    ],
  },
  {
    key: 'noi',
    name: 'Nội tổng hợp',
    departmentCode: 'K03',
    rooms: [
      { name: 'Buồng 201', beds: 6 },
      { name: 'Buồng 202', beds: 6 },
      { name: 'Buồng 203', beds: 6 },
      { name: 'Buồng 204', beds: 6 },
      { name: 'Buồng 205', beds: 6 },
      { name: 'Buồng 206', beds: 6 },
    ],
  },
  {
    key: 'nhi',
    name: 'Nhi',
    departmentCode: 'K18',
    rooms: [
      { name: 'Buồng 301', beds: 6 },
      { name: 'Buồng 302', beds: 6 },
      { name: 'Buồng 303', beds: 6 },
      { name: 'Sơ sinh', beds: 4 },
    ],
  },
  {
    key: 'ngoai',
    name: 'Ngoại tổng hợp',
    departmentCode: 'K19',
    rooms: [
      { name: 'Buồng 401', beds: 6 },
      { name: 'Buồng 402', beds: 6 },
      { name: 'Buồng 403', beds: 6 },
      { name: 'Hậu phẫu', beds: 6 },
    ],
  },
  {
    key: 'san',
    name: 'Phụ sản',
    departmentCode: 'K27',
    rooms: [
      { name: 'Buồng 101', beds: 6 },
      { name: 'Buồng 102', beds: 6 },
      { name: 'Hậu sản', beds: 6 },
    ],
  },
  {
    key: 'nhiem',
    name: 'Truyền nhiễm',
    departmentCode: 'K11',
    rooms: [
      { name: 'Buồng cách ly 1', beds: 4 },
      { name: 'Buồng cách ly 2', beds: 4 },
    ],
  },
];

export interface TrainingStaff {
  readonly username: string;
  readonly fullName: string;
  readonly title: string | null;
  readonly role: string;
  readonly wards: readonly TrainingWard['key'][];
  /** Named on the page that says who to log in as, with what to try. */
  readonly featured?: string;
}

/** One password for all: this is no place for secrets. */
export const TRAINING_PASSWORD = 'taphuan1';

/** 31 people, the 9 commonest roles. */
export const trainingStaff: readonly TrainingStaff[] = [
  {
    username: 'bsnoi',
    fullName: 'Nguyễn Hữu Khang',
    title: 'BS',
    role: 'bac_si_dieu_tri',
    wards: ['noi'],
    featured: 'Viết tờ điều trị, cho y lệnh, chuyển khoa, cho ra viện ở khoa Nội',
  },
  {
    username: 'ddnoi',
    fullName: 'Lô Thị Mai Thảo',
    title: 'ĐD',
    role: 'dieu_duong',
    wards: ['noi'],
    featured: 'Đo dấu hiệu sinh tồn cả khoa, xếp giường, ghi chăm sóc ở khoa Nội',
  },
  {
    username: 'tiepdon',
    fullName: 'Phan Thị Hoài An',
    title: null,
    role: 'tiep_don',
    wards: [],
    featured: 'Đăng ký người bệnh, quét thẻ, sửa thông tin hành chính',
  },
  {
    username: 'bskham',
    fullName: 'Trần Đình Phú',
    title: 'BS',
    role: 'bac_si_kham',
    wards: [],
    featured: 'Khám và cho nhập viện',
  },
  {
    username: 'bstruc',
    fullName: 'Hoàng Quang Thịnh',
    title: 'BS',
    role: 'bac_si_truc',
    wards: [],
    featured: 'Trực tất cả các khoa',
  },
  {
    username: 'truongkhoa',
    fullName: 'Lê Thị Bích Liên',
    title: 'BSCKI',
    role: 'truong_khoa',
    wards: ['noi'],
    featured: 'Duyệt, giải quyết hai ghi chép trái nhau',
  },
  {
    username: 'ddtruong',
    fullName: 'Vi Thị Kim Oanh',
    title: 'CNĐD',
    role: 'dd_truong',
    wards: ['noi'],
    featured: 'Sơ đồ giường, giường ghép, việc của ca',
  },
  {
    username: 'quantri',
    fullName: 'Đặng Công Tài',
    title: 'KS',
    role: 'quan_tri',
    wards: [],
    featured: 'Tài khoản, sao lưu, kiểm tra máy',
  },
  { username: 'tiepdon2', fullName: 'Bùi Ngọc Trinh', title: null, role: 'tiep_don', wards: [] },
  { username: 'tiepdon3', fullName: 'Hồ Viết Lâm', title: null, role: 'tiep_don', wards: [] },
  { username: 'bskham2', fullName: 'Ngô Thanh Duyên', title: 'BS', role: 'bac_si_kham', wards: [] },
  { username: 'bstruc2', fullName: 'Cao Minh Quân', title: 'BS', role: 'bac_si_truc', wards: [] },
  { username: 'bshscc', fullName: 'Phạm Duy Trường', title: 'BS', role: 'bac_si_dieu_tri', wards: ['hscc'] },
  { username: 'bsnoi2', fullName: 'Thái Thị Thu Hằng', title: 'BS', role: 'bac_si_dieu_tri', wards: ['noi'] },
  { username: 'bsnhi', fullName: 'Lương Thị Ngân', title: 'BS', role: 'bac_si_dieu_tri', wards: ['nhi'] },
  { username: 'bsngoai', fullName: 'Võ Trọng Nghĩa', title: 'BS', role: 'bac_si_dieu_tri', wards: ['ngoai'] },
  {
    username: 'bssan',
    fullName: 'Đinh Thị Hồng Nhung',
    title: 'BS',
    role: 'bac_si_dieu_tri',
    wards: ['san'],
  },
  { username: 'bsnhiem', fullName: 'Dương Bá Phong', title: 'BS', role: 'bac_si_dieu_tri', wards: ['nhiem'] },
  {
    username: 'tkngoai',
    fullName: 'Trương Đức Chiến',
    title: 'BSCKI',
    role: 'truong_khoa',
    wards: ['ngoai'],
  },
  { username: 'tknhi', fullName: 'Hà Thị Phương', title: 'BSCKI', role: 'truong_khoa', wards: ['nhi'] },
  { username: 'tksan', fullName: 'Đỗ Thị Thanh Vân', title: 'BSCKI', role: 'truong_khoa', wards: ['san'] },
  { username: 'ddhscc', fullName: 'Lò Văn Thuận', title: 'ĐD', role: 'dieu_duong', wards: ['hscc'] },
  { username: 'ddhscc2', fullName: 'Nguyễn Thị Lệ', title: 'ĐD', role: 'dieu_duong', wards: ['hscc'] },
  { username: 'ddnoi2', fullName: 'Phùng Văn Lợi', title: 'ĐD', role: 'dieu_duong', wards: ['noi'] },
  { username: 'ddnhi', fullName: 'Trần Thị Yến', title: 'ĐD', role: 'dieu_duong', wards: ['nhi'] },
  { username: 'ddngoai', fullName: 'Lầu Bá Của', title: 'ĐD', role: 'dieu_duong', wards: ['ngoai'] },
  { username: 'ddngoai2', fullName: 'Lê Khánh My', title: 'ĐD', role: 'dieu_duong', wards: ['ngoai'] },
  { username: 'hssan', fullName: 'Phan Thị Sen', title: 'HS', role: 'dieu_duong', wards: ['san'] },
  { username: 'ddnhiem', fullName: 'Vừ Y Xia', title: 'ĐD', role: 'dieu_duong', wards: ['nhiem'] },
  { username: 'ddtngoai', fullName: 'Hoàng Thị Loan', title: 'CNĐD', role: 'dd_truong', wards: ['ngoai'] },
  {
    username: 'giamdoc',
    fullName: 'Nguyễn Thị Thanh Bình',
    title: 'BSCKII',
    role: 'giam_doc',
    wards: [],
    featured: 'Ký giấy ra viện, giấy chuyển cơ sở, tóm tắt hồ sơ; xem nhật ký',
  },
];
