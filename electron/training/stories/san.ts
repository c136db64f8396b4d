// Obstetrics: invented illnesses of the training center.
import type { Story } from './story.ts';

export const san: readonly Story[] = [
  {
    ward: 'san',
    icd: 'O80',
    diagnosis: 'Sau đẻ thường con lần 2',
    reason: 'Thai 39 tuần, chuyển dạ',
    sex: '2',
    age: [19, 40],
    weight: 6,
    stayDays: [2, 4],
    vitals: {
      temperature: [37.2, 36.9, 36.8],
      pulse: [88, 82, 78],
      systolic: [112, 114],
      diastolic: [70],
      respiration: [18],
      spo2: [98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Sau đẻ giờ thứ 6, tỉnh, tử cung co chắc trên rốn 1 cm, sản dịch đỏ sẫm vừa. Vết khâu tầng sinh môn khô.',
          'Đi lại được, sữa về, tử cung dưới rốn 2 cm, sản dịch ít.',
        ],
        orders: [
          'Oxytocin 5 đơn vị × 1 ống tiêm bắp',
          'Sắt – acid folic × 1 viên uống',
          'Theo dõi co hồi tử cung, sản dịch',
        ],
        care: 'Hướng dẫn cho con bú sớm, vệ sinh tầng sinh môn',
        careLevel: '3',
        diet: 'Cơm thường',
      },
    ],
  },
  {
    ward: 'san',
    icd: 'O82',
    diagnosis: 'Sau mổ lấy thai vì ngôi mông',
    reason: 'Thai 39 tuần ngôi mông, chỉ định mổ',
    sex: '2',
    age: [20, 41],
    weight: 5,
    stayDays: [5, 7],
    vitals: {
      temperature: [37.6, 37.4, 37.1, 36.8],
      pulse: [96, 90, 84, 80],
      systolic: [110, 114, 116],
      diastolic: [68, 72],
      respiration: [19, 18],
      spo2: [97, 98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Sau mổ giờ thứ 8, tử cung co tốt, vết mổ khô, sản dịch vừa, nước tiểu trong.',
          'Đã trung tiện, vết mổ khô, sữa về, đi lại được.',
        ],
        orders: [
          'Cefazolin 1 g × 3 lọ tiêm tĩnh mạch',
          'Oxytocin 10 đơn vị pha truyền tĩnh mạch',
          'Paracetamol 1 g × 3 chai truyền tĩnh mạch',
        ],
        care: 'Theo dõi co hồi tử cung, vết mổ, hướng dẫn cho bú',
        careLevel: '2',
        diet: 'Cháo rồi cơm mềm',
      },
    ],
  },
  {
    ward: 'san',
    icd: 'O60',
    diagnosis: 'Dọa đẻ non thai 33 tuần',
    reason: 'Đau bụng từng cơn, thai 33 tuần',
    sex: '2',
    age: [18, 40],
    pregnant: true,
    weight: 4,
    stayDays: [4, 9],
    vitals: {
      temperature: [36.9],
      pulse: [92, 88, 86],
      systolic: [112],
      diastolic: [70],
      respiration: [19],
      spo2: [98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Thai 33 tuần, cơn co tử cung thưa, cổ tử cung đóng, tim thai 142 lần/phút, không ra máu.',
          'Hết cơn co, tim thai 146 lần/phút, thai máy tốt.',
        ],
        orders: [
          'Nifedipin 10 mg × 3 viên uống theo phác đồ',
          'Dexamethason 6 mg × 2 ống tiêm bắp cách 12 giờ',
          'Theo dõi tim thai, cơn co 4 giờ/lần',
        ],
        care: 'Nằm nghỉ tuyệt đối, nghiêng trái',
        careLevel: '2',
        diet: 'Cơm thường',
      },
    ],
  },
];
