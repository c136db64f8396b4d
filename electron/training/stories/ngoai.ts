// Surgery: invented illnesses of the training center.
import type { Story } from './story.ts';

export const ngoai: readonly Story[] = [
  {
    ward: 'ngoai',
    icd: 'K35.8',
    diagnosis: 'Sau mổ nội soi cắt ruột thừa viêm',
    reason: 'Đau hố chậu phải, chỉ định mổ cấp cứu',
    age: [8, 65],
    weight: 8,
    stayDays: [4, 7],
    vitals: {
      temperature: [38.0, 37.6, 37.3, 37.0, 36.8],
      pulse: [96, 90, 84, 80, 76],
      systolic: [118, 120, 122],
      diastolic: [72, 74],
      respiration: [20, 19, 18],
      spo2: [97, 98],
    },
    days: [
      {
        fromDay: 1,
        progress: ['Sau mổ giờ thứ 6, tỉnh, đau vết mổ vừa. Bụng mềm, 3 lỗ trocar khô. Chưa trung tiện.'],
        orders: [
          'Cefotaxim 1 g × 3 lọ tiêm tĩnh mạch',
          'Metronidazol 500 mg × 2 chai truyền tĩnh mạch',
          'Paracetamol 1 g × 3 chai truyền tĩnh mạch',
          'Glucose 5% 500 ml + Ringer lactat 500 ml truyền tĩnh mạch',
        ],
        care: 'Vận động sớm tại giường, theo dõi bụng, vết mổ',
        careLevel: '2',
        diet: 'Nhịn đến khi trung tiện',
      },
      {
        fromDay: 2,
        progress: [
          'Đã trung tiện, đau vết mổ giảm, bụng mềm. Vết mổ khô.',
          'Đi lại được, ăn cháo không nôn. Vết mổ khô, không nề đỏ.',
        ],
        orders: [
          'Cefotaxim 1 g × 3 lọ tiêm tĩnh mạch',
          'Paracetamol 500 mg × 3 viên uống',
          'Thay băng cách ngày',
        ],
        care: 'Thay băng, tập đi lại',
        careLevel: '3',
        diet: 'Cháo',
      },
    ],
  },
  {
    ward: 'ngoai',
    icd: 'S82',
    diagnosis: 'Gãy kín hai xương cẳng chân phải, bó bột',
    reason: 'Tai nạn sinh hoạt, đau sưng biến dạng cẳng chân',
    age: [10, 75],
    weight: 5,
    stayDays: [4, 8],
    vitals: {
      temperature: [37.3, 37.0, 36.8],
      pulse: [92, 86, 80],
      systolic: [126, 124],
      diastolic: [76],
      respiration: [18],
      spo2: [98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Bột đùi cẳng bàn chân phải, đầu chi hồng ấm, vận động ngón tốt, tê nhẹ ngón 1.',
          'Đau giảm, bột không chèn ép, ngón chân hồng ấm, cảm giác bình thường.',
        ],
        orders: [
          'Paracetamol 500 mg × 4 viên uống chia 4 lần',
          'Alphachymotrypsin 4,2 mg × 4 viên ngậm dưới lưỡi',
          'X-quang kiểm tra sau bó bột',
        ],
        care: 'Kê cao chân, theo dõi màu sắc, cảm giác đầu chi 4 giờ/lần',
        careLevel: '3',
        diet: 'Cơm thường',
      },
    ],
  },
  {
    ward: 'ngoai',
    icd: 'N20.1',
    diagnosis: 'Cơn đau quặn thận trái do sỏi niệu quản',
    reason: 'Đau quặn thắt lưng trái dữ dội',
    age: [25, 65],
    weight: 4,
    stayDays: [2, 5],
    vitals: {
      temperature: [37.2, 37.0],
      pulse: [98, 84, 78],
      systolic: [136, 128, 124],
      diastolic: [84, 78],
      respiration: [20, 18],
      spo2: [98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Đau quặn thắt lưng trái lan xuống bẹn, nôn 1 lần. Ấn điểm niệu quản giữa trái đau.',
          'Đỡ đau nhiều, tiểu trong, không sốt.',
        ],
        orders: [
          'Diclofenac 75 mg × 1 ống tiêm bắp',
          'Drotaverin 40 mg × 2 ống tiêm bắp',
          'Siêu âm hệ tiết niệu, tổng phân tích nước tiểu',
          'Uống nước 2–2,5 l/ngày',
        ],
        care: 'Theo dõi mức đau, lọc nước tiểu tìm sỏi',
        careLevel: '3',
        diet: 'Cơm thường, uống nhiều nước',
      },
    ],
  },
];
