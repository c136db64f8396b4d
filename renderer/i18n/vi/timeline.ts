// Words of the timeline.
export const timeline = {
  'timeline.empty': 'Chưa có gì trong đợt này.',
  'timeline.writtenBy': '{by} · {station}',
  'timeline.writtenAt': 'ghi {time}',
  'timeline.kind.admitted': 'Nhập viện',
  'timeline.kind.transferred': 'Chuyển khoa',
  'timeline.kind.bed_changed': 'Đổi giường',
  'timeline.kind.discharged': 'Ra viện',
  'timeline.kind.vitals': 'Sinh hiệu',
  'timeline.kind.entry': 'Tờ điều trị',
  'timeline.kind.allergy': 'Dị ứng',
  'timeline.kind.identity': 'Hành chính',
  'timeline.kind.voided': 'Hủy, sửa',
};
