// Infectious diseases: invented illnesses of the training center.
import type { Story } from './story.ts';

export const nhiem: readonly Story[] = [
  {
    ward: 'nhiem',
    icd: 'A97.0',
    diagnosis: 'Sốt xuất huyết Dengue ngày 4 không dấu hiệu cảnh báo',
    reason: 'Sốt cao liên tục, đau người, tiểu cầu giảm',
    age: [8, 60],
    weight: 8,
    stayDays: [4, 7],
    vitals: {
      temperature: [39.2, 38.8, 38.0, 37.2, 36.8],
      pulse: [104, 98, 92, 86, 80],
      systolic: [108, 106, 110, 114],
      diastolic: [70, 72],
      respiration: [20, 19],
      spo2: [98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Sốt ngày 4, đau mỏi người, chấm xuất huyết cẳng tay. Gan không to, không đau bụng, không chảy máu niêm mạc.',
          'Hạ sốt, ăn được, không chảy máu. Tiểu cầu 92 G/l, hematocrit 41%.',
          'Hết sốt ngày 2, phát ban hồi phục, ngứa nhẹ. Tiểu cầu tăng dần.',
        ],
        orders: [
          'Paracetamol 10–15 mg/kg khi sốt ≥ 38,5°C, không dùng aspirin, ibuprofen',
          'Uống nhiều nước Oresol, nước quả',
          'Công thức máu ngày 2 lần',
          'Theo dõi dấu hiệu cảnh báo',
        ],
        care: 'Nằm màn, lau ấm, theo dõi mạch – huyết áp 4 giờ/lần',
        careLevel: '2',
        diet: 'Cháo, sữa, nước quả',
      },
    ],
  },
  {
    ward: 'nhiem',
    icd: 'J10',
    diagnosis: 'Cúm A',
    reason: 'Sốt cao, ho, người già có bệnh nền',
    age: [50, 85],
    weight: 3,
    stayDays: [4, 6],
    vitals: {
      temperature: [38.9, 38.3, 37.6, 37.0],
      pulse: [98, 94, 88, 82],
      systolic: [126, 124],
      diastolic: [74],
      respiration: [22, 21, 19],
      spo2: [94, 95, 97],
      oxygen: [1, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Sốt, ho khan, đau họng, mệt nhiều. Phổi không ran. Test cúm A dương tính.',
          'Đỡ sốt, ho ít, ăn được. Phổi trong.',
        ],
        orders: ['Oseltamivir 75 mg × 2 viên uống chia 2 lần', 'Paracetamol 500 mg × 3 viên uống khi sốt'],
        care: 'Cách ly giọt bắn, đeo khẩu trang',
        careLevel: '3',
        diet: 'Cháo, cơm mềm',
      },
    ],
  },
];
