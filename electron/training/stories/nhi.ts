// Children: invented illnesses of the training center.
import type { Story } from './story.ts';

export const nhi: readonly Story[] = [
  {
    ward: 'nhi',
    icd: 'J18.0',
    diagnosis: 'Viêm phế quản phổi',
    reason: 'Sốt, ho, thở nhanh, bú kém',
    age: [0, 5],
    weight: 9,
    stayDays: [5, 8],
    vitals: {
      temperature: [38.8, 38.4, 37.9, 37.4, 37.0],
      pulse: [142, 134, 126, 118, 112],
      systolic: [92],
      diastolic: [58],
      respiration: [48, 44, 38, 34, 30],
      spo2: [92, 93, 95, 97],
      oxygen: [1, 1, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Trẻ tỉnh, sốt, thở nhanh 48 lần/phút, rút lõm lồng ngực nhẹ. Phổi ran ẩm nhỏ hạt hai bên. Bú được.',
        ],
        orders: [
          'Ampicilin 50 mg/kg × 4 lần/ngày tiêm tĩnh mạch',
          'Paracetamol 10–15 mg/kg uống khi sốt ≥ 38,5°C',
          'Salbutamol 2,5 mg khí dung × 3 lần/ngày',
          'Oxy gọng 1 l/phút khi SpO₂ < 94%',
        ],
        care: 'Vỗ rung, hút mũi, cho bú nhiều lần, hướng dẫn mẹ theo dõi nhịp thở',
        careLevel: '2',
        diet: 'Bú mẹ, cháo',
      },
      {
        fromDay: 3,
        progress: [
          'Đỡ sốt, ho còn, hết rút lõm. Ran ẩm giảm. Ăn bú khá hơn.',
          'Hết sốt, chơi, ăn ngủ được. Phổi còn ít ran ngáy.',
        ],
        orders: ['Ampicilin 50 mg/kg × 4 lần/ngày tiêm tĩnh mạch', 'Salbutamol 2,5 mg khí dung × 2 lần/ngày'],
        care: 'Vỗ rung, rửa mũi bằng nước muối',
        careLevel: '3',
        diet: 'Bú mẹ, cháo',
      },
    ],
  },
  {
    ward: 'nhi',
    icd: 'A09',
    diagnosis: 'Tiêu chảy cấp mất nước độ A–B',
    reason: 'Tiêu chảy nhiều lần, nôn, có dấu mất nước',
    age: [0, 6],
    weight: 6,
    stayDays: [3, 5],
    vitals: {
      temperature: [38.2, 37.6, 37.0, 36.8],
      pulse: [138, 124, 112, 106],
      systolic: [88, 92],
      diastolic: [54, 58],
      respiration: [32, 28, 26],
      spo2: [97, 98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Phân lỏng 8 lần/ngày, nôn 3 lần, mắt hơi trũng, nếp véo da mất chậm nhẹ, uống nước háo hức.',
          'Phân sệt 3 lần, hết nôn, ăn được. Không dấu mất nước.',
        ],
        orders: [
          'Oresol nồng độ thẩm thấu thấp 75 ml/kg trong 4 giờ, sau đó bù theo lượng phân',
          'Kẽm 20 mg/ngày uống 10–14 ngày',
          'Ringer lactat theo phác đồ B khi nôn nhiều',
        ],
        care: 'Ghi số lần phân, nôn; hướng dẫn pha Oresol',
        careLevel: '2',
        diet: 'Tiếp tục bú, cháo loãng',
      },
    ],
  },
  {
    ward: 'nhi',
    icd: 'B08.4',
    diagnosis: 'Bệnh tay chân miệng độ 2a',
    reason: 'Sốt, giật mình, phỏng nước lòng bàn tay',
    age: [1, 5],
    weight: 3,
    stayDays: [5, 7],
    vitals: {
      temperature: [38.6, 38.2, 37.6, 37.0],
      pulse: [136, 128, 118, 110],
      systolic: [94],
      diastolic: [60],
      respiration: [30, 28, 26],
      spo2: [98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Phỏng nước lòng bàn tay, loét miệng, giật mình 1 lần/giờ lúc ngủ. Không run chi, không yếu liệt. Mạch đều.',
          'Giảm giật mình, ăn được cháo nguội. Phỏng nước khô dần.',
        ],
        orders: [
          'Phenobarbital 5 mg/kg uống chia 2 lần',
          'Paracetamol 10–15 mg/kg uống khi sốt',
          'Theo dõi mạch, nhịp thở, giật mình 4 giờ/lần',
        ],
        care: 'Cách ly, vệ sinh răng miệng, rửa tay',
        careLevel: '2',
        diet: 'Cháo nguội, sữa',
      },
    ],
  },
];
