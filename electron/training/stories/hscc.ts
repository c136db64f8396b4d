// Intensive and emergency care: invented illnesses of the training center.
import type { Story } from './story.ts';

export const hscc: readonly Story[] = [
  {
    ward: 'hscc',
    icd: 'A41.9',
    diagnosis: 'Nhiễm trùng huyết đường vào tiết niệu',
    reason: 'Sốt rét run, huyết áp tụt, lơ mơ',
    age: [40, 86],
    weight: 5,
    stayDays: [6, 9],
    vitals: {
      temperature: [39.6, 39.0, 38.4, 37.8, 37.3],
      pulse: [132, 118, 106, 96, 90],
      systolic: [86, 94, 102, 110, 114],
      diastolic: [48, 54, 60, 66, 68],
      respiration: [29, 26, 23, 21, 20],
      spo2: [91, 93, 95, 96],
      oxygen: [6, 4, 3, 1, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Lơ mơ, gọi hỏi đáp ứng chậm, da nổi vân nhẹ ở gối, sốt 39,6°C. Mạch nhanh nhỏ, huyết áp 86/48. Hố thận phải ấn đau.',
        ],
        orders: [
          'Meropenem 1 g × 3 lọ truyền tĩnh mạch mỗi 8 giờ',
          'Ringer lactat 30 ml/kg trong 3 giờ đầu',
          'Noradrenalin bơm tiêm điện 0,1 µg/kg/phút, chỉnh theo huyết áp',
          'Cấy máu 2 mẫu trước kháng sinh, lactat, khí máu',
          'Thở oxy mặt nạ 6 l/phút',
        ],
        care: 'Theo dõi mạch, huyết áp, SpO₂, nước tiểu 1 giờ/lần',
        careLevel: '1',
        diet: 'Ăn qua ống thông',
      },
      {
        fromDay: 3,
        progress: ['Tỉnh hơn, trả lời đúng. Giảm được noradrenalin. Nước tiểu 60 ml/giờ.'],
        orders: [
          'Meropenem 1 g × 3 lọ truyền tĩnh mạch',
          'Giảm liều noradrenalin dần rồi ngừng',
          'Công thức máu, procalcitonin, creatinin',
        ],
        care: 'Chăm sóc ống thông tiểu, thay đổi tư thế 2 giờ/lần',
        careLevel: '1',
        diet: 'Cháo, sữa',
      },
      {
        fromDay: 5,
        progress: ['Tỉnh, tiếp xúc tốt. Huyết áp ổn định không cần vận mạch. Có thể chuyển khoa Nội.'],
        orders: ['Meropenem 1 g × 3 lọ truyền tĩnh mạch', 'Rút ống thông tiểu'],
        care: 'Tập ngồi dậy',
        careLevel: '2',
        diet: 'Cháo',
      },
    ],
  },
  {
    ward: 'hscc',
    icd: 'I64',
    diagnosis: 'Đột quỵ não giờ thứ 8, liệt nửa người trái',
    reason: 'Yếu nửa người trái, nói khó',
    age: [55, 90],
    weight: 4,
    stayDays: [7, 12],
    vitals: {
      temperature: [37.1, 37.3, 37.0],
      pulse: [88, 84, 82],
      systolic: [172, 164, 156, 150],
      diastolic: [96, 92, 88],
      respiration: [19],
      spo2: [95, 96],
      oxygen: [2, 1, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Tỉnh, nói khó, liệt mặt trung ương trái, cơ lực tay trái 2/5, chân trái 3/5. Nuốt sặc với nước.',
        ],
        orders: [
          'Aspirin 81 mg × 2 viên bơm qua ống thông',
          'Atorvastatin 20 mg × 1 viên tối',
          'Natri clorid 0,9% 500 ml truyền tĩnh mạch chậm',
          'Không hạ áp khi huyết áp < 220/120',
          'Chụp cắt lớp vi tính sọ não (liên hệ tuyến trên)',
        ],
        care: 'Đầu cao 30°, chống loét, tập vận động thụ động',
        careLevel: '1',
        diet: 'Ăn qua ống thông',
      },
      {
        fromDay: 4,
        progress: ['Tỉnh, nói rõ hơn, cơ lực tay trái 3/5. Nuốt được thức ăn sệt.'],
        orders: [
          'Aspirin 81 mg × 1 viên uống sau ăn',
          'Atorvastatin 20 mg × 1 viên tối',
          'Amlodipin 5 mg × 1 viên sáng',
          'Phục hồi chức năng tại giường',
        ],
        care: 'Lăn trở 2 giờ/lần, kiểm tra vùng tì đè',
        careLevel: '2',
        diet: 'Thức ăn sệt',
      },
    ],
  },
  {
    ward: 'hscc',
    icd: 'T60',
    diagnosis: 'Ngộ độc thuốc trừ sâu mức độ vừa',
    reason: 'Nôn, vã mồ hôi, đồng tử co sau khi phun thuốc',
    age: [20, 60],
    weight: 2,
    stayDays: [3, 6],
    vitals: {
      temperature: [37.2, 37.0],
      pulse: [58, 84, 88, 80],
      systolic: [104, 112, 118],
      diastolic: [62, 70],
      respiration: [24, 20, 18],
      spo2: [93, 96, 98],
      oxygen: [4, 1, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Tỉnh, vã mồ hôi, tăng tiết đờm dãi, đồng tử 2 mm hai bên. Phổi ít ran ẩm.',
          'Hết tăng tiết, đồng tử 3 mm, phổi trong, ăn được cháo.',
        ],
        orders: [
          'Atropin 0,25 mg tiêm tĩnh mạch, nhắc lại theo thấm',
          'Theo dõi nhịp thở, đồng tử 30 phút/lần',
        ],
        care: 'Tắm gội, thay quần áo, theo dõi tri giác',
        careLevel: '1',
        diet: 'Nhịn ăn 12 giờ rồi cháo loãng',
      },
    ],
  },
];
