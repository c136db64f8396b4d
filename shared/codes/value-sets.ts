// Small value sets of the insurance layout, in the words of the decision named above each. They go to exports and
// printed forms; screens take their own words from the dictionaries.
import type { Code } from './code.ts';

/** gender: QD 130 field note */
export const sexes: readonly Code[] = [
  { code: '1', name: 'Nam' },
  { code: '2', name: 'Nữ' },
  { code: '3', name: 'Chưa xác định' },
];

/** treatment_outcome_KET_QUA_DTRI: QD 130 + 4750 */
export const outcomes: readonly Code[] = [
  { code: '1', name: 'Khỏi' },
  { code: '2', name: 'Đỡ' },
  { code: '3', name: 'Không thay đổi' },
  { code: '4', name: 'Nặng hơn' },
  { code: '5', name: 'Tử vong' },
  { code: '6', name: 'Tiên lượng nặng xin về' },
  { code: '7', name: 'Chưa xác định' },
  { code: '8', name: 'Tử vong ngoại viện' },
];

/** discharge_type_MA_LOAI_RV: QD 130 */
export const dischargeTypes: readonly Code[] = [
  { code: '1', name: 'Ra viện' },
  { code: '2', name: 'Chuyển tuyến theo yêu cầu chuyên môn' },
  { code: '3', name: 'Trốn viện' },
  { code: '4', name: 'Xin ra viện' },
  { code: '5', name: 'Chuyển tuyến theo yêu cầu người bệnh' },
];

/** care_type_MA_LOAI_KCB: QD 1804/QD-BYT 2026 (from 01/08/2026); 01-09 and 10 already in QD 824/2023 */
export const careTypes: readonly Code[] = [
  { code: '01', name: 'Khám bệnh' },
  { code: '02', name: 'Điều trị ngoại trú' },
  { code: '03', name: 'Điều trị nội trú' },
  { code: '04', name: 'Điều trị nội trú ban ngày' },
  { code: '05', name: 'Ngoại trú bệnh dài ngày, có khám và lĩnh thuốc' },
  { code: '06', name: 'Lưu tại trạm y tế / phòng khám đa khoa khu vực' },
  { code: '07', name: 'Nhận thuốc theo hẹn, không khám' },
  { code: '08', name: 'Ngoại trú bệnh dài ngày có dịch vụ kỹ thuật và/hoặc thuốc' },
  { code: '09', name: 'Nội trú dưới 4 giờ' },
  { code: '10', name: 'Trường hợp khác' },
  { code: '11', name: 'Khám chữa bệnh lưu động' },
  { code: '12', name: 'Khám chữa bệnh tại nhà' },
  { code: '13', name: 'Y học gia đình' },
  { code: '14', name: 'Khám chữa bệnh từ xa' },
  { code: '15', name: 'Khám sức khỏe định kỳ' },
  { code: '16', name: 'Khám sàng lọc' },
];

/** anaesthesia_PP_VO_CAM: QD 130 */
export const anaesthesia: readonly Code[] = [
  { code: '1', name: 'Gây mê' },
  { code: '2', name: 'Gây tê' },
  { code: '3', name: 'Châm tê' },
  { code: '4', name: 'Khác' },
];

/** accident_MA_TAI_NAN: QD 5937/2021 PL4 */
export const accidents: readonly Code[] = [
  { code: '0', name: 'Không' },
  { code: '1', name: 'Tai nạn giao thông' },
  { code: '2', name: 'Tai nạn lao động' },
  { code: '3', name: 'Tai nạn dưới nước' },
  { code: '4', name: 'Bỏng' },
  { code: '5', name: 'Bạo lực, xung đột' },
  { code: '6', name: 'Tự tử' },
  { code: '7', name: 'Ngộ độc' },
  { code: '8', name: 'Khác' },
];

/** procedure_level: TT 50/2014 labels as used by HIS */
export const procedureLevels: readonly Code[] = [
  { code: 'PD', name: 'Phẫu thuật đặc biệt' },
  { code: 'P1', name: 'Phẫu thuật loại I' },
  { code: 'P2', name: 'Phẫu thuật loại II' },
  { code: 'P3', name: 'Phẫu thuật loại III' },
  { code: 'TD', name: 'Thủ thuật đặc biệt' },
  { code: 'T1', name: 'Thủ thuật loại I' },
  { code: 'T2', name: 'Thủ thuật loại II' },
  { code: 'T3', name: 'Thủ thuật loại III' },
];

/** bed_prefix: QD 130 field note MA_GIUONG */
export const bedPrefixes: readonly Code[] = [
  { code: 'H', name: 'Giường kế hoạch' },
  { code: 'T', name: 'Giường kê thêm' },
  { code: 'C', name: 'Giường tự chọn' },
  { code: 'K', name: 'Khác (băng ca, giường gấp)' },
];

/** payment_method_MA_PTTT: QD 130 */
export const paymentMethods: readonly Code[] = [
  { code: '1', name: 'Phí dịch vụ' },
  { code: '2', name: 'Định suất' },
  { code: '3', name: 'DRG' },
];

/** payer_NGUON_CTRA: QD 130 */
export const payers: readonly Code[] = [
  { code: '1', name: 'Quỹ BHYT' },
  { code: '2', name: 'Dự án viện trợ' },
  { code: '3', name: 'Chương trình mục tiêu quốc gia' },
  { code: '4', name: 'Nguồn khác' },
];

/** scope_PHAM_VI: QD 130/4750 */
export const benefitScopes: readonly Code[] = [
  { code: '1', name: 'Trong phạm vi BHYT' },
  { code: '2', name: 'Ngoài phạm vi BHYT' },
  { code: '3', name: 'Ngoài danh mục nhưng quỹ trả cho quân đội, công an, cơ yếu' },
];

/** transfer_reason_MA_LYDO_CT: QD 130 field note */
export const transferReasons: readonly Code[] = [
  { code: '1', name: 'Đủ điều kiện, phù hợp quy định chuyển tuyến' },
  { code: '2', name: 'Không phù hợp khả năng đáp ứng của cơ sở' },
  { code: '3', name: 'Theo yêu cầu người bệnh hoặc đại diện' },
];

/** living_area_MA_KHUVUC: insurance card */
export const livingAreas: readonly Code[] = [
  { code: 'K1', name: 'Khu vực 1' },
  { code: 'K2', name: 'Khu vực 2' },
  { code: 'K3', name: 'Khu vực 3' },
];

/** care_level_HL: TT 31/2021 (levels exist; criteria unconfirmed) */
export const careLevels: readonly Code[] = [
  { code: '1', name: 'Chăm sóc cấp I' },
  { code: '2', name: 'Chăm sóc cấp II' },
  { code: '3', name: 'Chăm sóc cấp III' },
];

/** cost_group_MA_NHOM: QD 5937/2021 PL3 + 4750 */
export const costGroups: readonly Code[] = [
  { code: '1', name: 'Xét nghiệm' },
  { code: '2', name: 'Chẩn đoán hình ảnh' },
  { code: '3', name: 'Thăm dò chức năng' },
  { code: '4', name: 'Thuốc trong danh mục BHYT' },
  { code: '5', name: 'Thuốc ngoài danh mục BHYT' },
  { code: '6', name: 'Thuốc thanh toán theo tỷ lệ' },
  { code: '7', name: 'Máu và chế phẩm' },
  { code: '8', name: 'Phẫu thuật' },
  { code: '9', name: 'DVKT thanh toán theo tỷ lệ' },
  { code: '10', name: 'Vật tư y tế' },
  { code: '11', name: 'Vật tư ngoài danh mục' },
  { code: '12', name: 'Vận chuyển' },
  { code: '13', name: 'Khám bệnh' },
  { code: '14', name: 'Giường điều trị ban ngày' },
  { code: '15', name: 'Giường nội trú' },
  { code: '16', name: 'Giường lưu' },
  { code: '17', name: 'Chi phí máu' },
  { code: '18', name: 'Thủ thuật' },
  { code: '19', name: 'Khác' },
];

/** MA_DOITUONG_KCB (QD 3276/QD-BYT 2025): decided after the encounter ends, first rule that fits; meanings are in the decision. */
export const encounterObjects = [
  '1.1',
  '1.2',
  '1.3',
  '1.4',
  '1.5',
  '1.6',
  '1.7',
  '1.11',
  '1.12',
  '1.13',
  '1.14',
  '1.15',
  '1.16',
  '1.17',
  '1.18',
  '2',
  '3.1',
  '3.2',
  '3.3',
  '3.6',
  '7',
  '7.2',
  '7.3',
  '7.4',
  '8',
  '9',
  '10',
] as const;
