// Why invented patients lie in the invented center, and what their days read like: reasons, readings, notes, orders.
// Texts are ours, in the manner of a district ward; they teach the program, not medicine.
import type { TrainingWard } from './center.ts';

/** A value per day of stay; the last one holds for the days after. */
export type Curve = readonly number[];

export interface StoryDay {
  /** Applies from this day of stay until the next entry's day. */
  readonly fromDay: number;
  readonly progress: readonly string[];
  readonly orders: readonly string[];
  readonly care: string;
  readonly careLevel: '1' | '2' | '3';
  readonly diet: string;
}

export interface Story {
  readonly ward: TrainingWard['key'];
  readonly icd: string;
  readonly diagnosis: string;
  readonly reason: string;
  readonly sex?: '1' | '2';
  /** Years, both included. */
  readonly age: readonly [number, number];
  readonly pregnant?: boolean;
  /** Relative share among the ward's patients. */
  readonly weight: number;
  readonly stayDays: readonly [number, number];
  readonly vitals: {
    readonly temperature: Curve;
    readonly pulse: Curve;
    readonly systolic: Curve;
    readonly diastolic: Curve;
    readonly respiration: Curve;
    readonly spo2: Curve;
    readonly oxygen?: Curve;
  };
  readonly days: readonly StoryDay[];
}

export const stories: readonly Story[] = [
  {
    ward: 'noi',
    icd: 'J18.9',
    diagnosis: 'Viêm phổi cộng đồng thùy dưới phải',
    reason: 'Sốt cao, ho đờm, khó thở, cần kháng sinh tiêm và theo dõi hô hấp',
    age: [35, 88],
    weight: 9,
    stayDays: [6, 10],
    vitals: {
      temperature: [38.9, 38.6, 38.1, 37.6, 37.2, 36.9],
      pulse: [108, 102, 96, 90, 84, 80],
      systolic: [118, 120, 122, 124, 125],
      diastolic: [70, 72, 74, 75],
      respiration: [25, 24, 22, 20, 19, 18],
      spo2: [92, 93, 94, 96, 97],
      oxygen: [3, 2, 2, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Bệnh nhân tỉnh, sốt 38,9°C, ho đờm vàng, đau ngực phải khi ho. Phổi phải nghe ran ẩm vùng đáy, gõ đục nhẹ. Tim đều. Bụng mềm.',
        ],
        orders: [
          'Ceftriaxon 1 g × 2 lọ, tiêm tĩnh mạch chậm, ngày 1 (ngày 1 kháng sinh)',
          'Paracetamol 500 mg × 1 viên khi sốt ≥ 38,5°C, cách nhau ít nhất 6 giờ',
          'Natri clorid 0,9% 500 ml truyền tĩnh mạch XXX giọt/phút',
          'Thở oxy kính 3 l/phút',
          'Công thức máu, CRP, X-quang ngực thẳng',
        ],
        care: 'Nằm đầu cao, vỗ rung lồng ngực ngày 2 lần, đo SpO₂ 4 giờ/lần',
        careLevel: '2',
        diet: 'Cháo, sữa',
      },
      {
        fromDay: 3,
        progress: [
          'Còn sốt nhẹ về chiều, ho giảm, đờm loãng hơn. Ran ẩm đáy phổi phải còn ít. Ăn được nửa suất.',
          'Đỡ khó thở, đi lại tại giường. Phổi phải ran ẩm giảm rõ. Không đau ngực.',
        ],
        orders: [
          'Ceftriaxon 1 g × 2 lọ, tiêm tĩnh mạch chậm',
          'Acetylcystein 200 mg × 3 gói, uống chia 3 lần',
          'Thở oxy kính 2 l/phút khi SpO₂ < 94%',
        ],
        care: 'Hướng dẫn tập thở, uống đủ nước',
        careLevel: '2',
        diet: 'Cơm mềm',
      },
      {
        fromDay: 6,
        progress: ['Hết sốt ngày thứ 2, ho ít, ăn ngủ được. Phổi thông khí đều hai bên, ran không rõ.'],
        orders: [
          'Cefuroxim 500 mg × 2 viên, uống sáng – chiều sau ăn',
          'Xét nghiệm lại công thức máu, CRP',
          'Dự kiến ra viện khi ổn định thêm 24 giờ',
        ],
        care: 'Theo dõi nhiệt độ ngày 2 lần',
        careLevel: '3',
        diet: 'Cơm thường',
      },
    ],
  },
  {
    ward: 'noi',
    icd: 'J44.1',
    diagnosis: 'Đợt cấp bệnh phổi tắc nghẽn mạn tính',
    reason: 'Khó thở tăng, khạc đờm đục, cần khí dung và oxy',
    sex: '1',
    age: [55, 90],
    weight: 8,
    stayDays: [7, 12],
    vitals: {
      temperature: [37.4, 37.2, 37.0, 36.8],
      pulse: [104, 100, 96, 92, 88],
      systolic: [138, 136, 134, 132],
      diastolic: [82, 80],
      respiration: [26, 25, 23, 22, 21, 20],
      spo2: [89, 90, 91, 92, 92],
      oxygen: [2, 2, 1, 1, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Khó thở khi nói câu dài, co kéo nhẹ cơ hô hấp phụ. Phổi ran rít, ran ngáy lan tỏa hai bên. Đờm đục. Không phù.',
        ],
        orders: [
          'Salbutamol 5 mg + Ipratropium 0,5 mg khí dung × 4 lần/ngày',
          'Methylprednisolon 40 mg × 1 lọ tiêm tĩnh mạch buổi sáng',
          'Amoxicilin – acid clavulanic 1,2 g × 3 lọ tiêm tĩnh mạch',
          'Oxy kính 1–2 l/phút, đích SpO₂ 88–92%',
        ],
        care: 'Không tự tăng oxy; báo bác sĩ khi ngủ gà, lú lẫn',
        careLevel: '2',
        diet: 'Cơm mềm, chia nhỏ bữa',
      },
      {
        fromDay: 4,
        progress: [
          'Đỡ khó thở, nói được câu dài, ngủ được. Ran rít giảm. Đờm trong hơn.',
          'Đi vệ sinh không phải nghỉ. Phổi còn ít ran ngáy. Không sốt.',
        ],
        orders: [
          'Salbutamol 5 mg khí dung × 3 lần/ngày',
          'Prednisolon 5 mg × 8 viên uống 8 giờ sáng',
          'Amoxicilin – acid clavulanic 1 g × 2 viên uống',
        ],
        care: 'Hướng dẫn dùng bình xịt định liều, cai thuốc lá',
        careLevel: '3',
        diet: 'Cơm thường',
      },
    ],
  },
  {
    ward: 'noi',
    icd: 'I10',
    diagnosis: 'Cơn tăng huyết áp – tăng huyết áp nguyên phát',
    reason: 'Đau đầu, huyết áp 190/110, cần hạ áp và theo dõi',
    age: [45, 85],
    weight: 6,
    stayDays: [4, 7],
    vitals: {
      temperature: [36.8],
      pulse: [92, 86, 82, 78],
      systolic: [188, 168, 156, 146, 138],
      diastolic: [108, 98, 92, 88, 84],
      respiration: [18],
      spo2: [97],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Đau đầu vùng gáy, chóng mặt, không yếu liệt. Huyết áp 188/108 mmHg. Tim đều, không tiếng thổi. Phổi trong.',
        ],
        orders: [
          'Amlodipin 5 mg × 2 viên, uống sáng 1 – chiều 1',
          'Perindopril 5 mg × 1 viên uống sáng',
          'Đo huyết áp 2 giờ/lần trong 12 giờ đầu',
          'Điện tim, glucose, creatinin, điện giải đồ',
        ],
        care: 'Nghỉ tại giường, theo dõi tri giác',
        careLevel: '2',
        diet: 'Ăn nhạt',
      },
      {
        fromDay: 3,
        progress: ['Hết đau đầu, ngủ được. Huyết áp giảm dần, không tụt áp tư thế.'],
        orders: [
          'Amlodipin 5 mg × 1 viên uống sáng',
          'Perindopril 5 mg × 1 viên uống sáng',
          'Đo huyết áp ngày 3 lần',
        ],
        care: 'Tư vấn ăn nhạt, uống thuốc đều',
        careLevel: '3',
        diet: 'Ăn nhạt',
      },
    ],
  },
  {
    ward: 'noi',
    icd: 'E11',
    diagnosis: 'Đái tháo đường típ 2 không kiểm soát, nhiễm trùng bàn chân',
    reason: 'Đường huyết 22 mmol/l, loét bàn chân trái',
    age: [45, 82],
    weight: 6,
    stayDays: [8, 14],
    vitals: {
      temperature: [38.1, 37.8, 37.5, 37.1, 36.8],
      pulse: [98, 94, 88, 84, 80],
      systolic: [134, 132, 130],
      diastolic: [78],
      respiration: [20, 19, 18],
      spo2: [96, 97],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Tỉnh, mệt, khát nhiều. Loét mặt lòng ngón 1 bàn chân trái 2 × 3 cm, có mủ, nề đỏ quanh vết loét. Mạch mu chân bắt được.',
        ],
        orders: [
          'Insulin nhanh tiêm dưới da 8 – 8 – 6 đơn vị trước 3 bữa ăn',
          'Insulin nền 14 đơn vị tiêm dưới da 21 giờ',
          'Ceftriaxon 1 g × 2 lọ tiêm tĩnh mạch',
          'Metronidazol 500 mg × 2 chai truyền tĩnh mạch',
          'Đường máu mao mạch trước 3 bữa ăn và 21 giờ',
        ],
        care: 'Thay băng bàn chân ngày 1 lần, kê cao chân',
        careLevel: '2',
        diet: 'Chế độ đái tháo đường',
      },
      {
        fromDay: 4,
        progress: [
          'Vết loét bớt nề, ít dịch. Đường máu trước ăn 9–12 mmol/l. Không hạ đường huyết.',
          'Vết loét lên mô hạt, không mùi. Đường máu 7–10 mmol/l.',
        ],
        orders: [
          'Insulin nhanh tiêm dưới da 8 – 8 – 8 đơn vị trước 3 bữa ăn',
          'Insulin nền 16 đơn vị tiêm dưới da 21 giờ',
          'Ceftriaxon 1 g × 2 lọ tiêm tĩnh mạch',
        ],
        care: 'Thay băng, hướng dẫn tự kiểm tra bàn chân',
        careLevel: '2',
        diet: 'Chế độ đái tháo đường',
      },
    ],
  },
  {
    ward: 'noi',
    icd: 'K92.2',
    diagnosis: 'Xuất huyết tiêu hóa trên mức độ vừa, nghĩ do loét tá tràng',
    reason: 'Nôn ra máu, đi ngoài phân đen',
    age: [30, 78],
    weight: 4,
    stayDays: [5, 8],
    vitals: {
      temperature: [37.0, 37.2, 36.9],
      pulse: [112, 100, 90, 84],
      systolic: [96, 104, 112, 118],
      diastolic: [58, 64, 70, 72],
      respiration: [21, 20, 18],
      spo2: [97, 98],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Da niêm mạc nhợt, nôn máu đỏ sẫm khoảng 150 ml, phân đen 2 lần. Bụng mềm, ấn đau thượng vị. Không chướng.',
        ],
        orders: [
          'Nhịn ăn',
          'Esomeprazol 40 mg × 2 lọ tiêm tĩnh mạch, sau đó bơm tiêm điện 8 mg/giờ',
          'Ringer lactat 500 ml × 3 chai truyền tĩnh mạch',
          'Công thức máu 6 giờ/lần, nhóm máu, dự trù 2 đơn vị khối hồng cầu',
          'Hội chẩn nội soi',
        ],
        care: 'Theo dõi chất nôn, phân; mạch huyết áp 1 giờ/lần',
        careLevel: '1',
        diet: 'Nhịn ăn',
      },
      {
        fromDay: 3,
        progress: ['Không nôn máu thêm, phân vàng dần. Bụng mềm, không đau. Hồng cầu ổn định.'],
        orders: ['Esomeprazol 40 mg × 2 viên uống trước ăn 30 phút', 'Xét nghiệm Helicobacter pylori'],
        care: 'Ăn lỏng nguội, theo dõi phân',
        careLevel: '2',
        diet: 'Cháo loãng, sữa nguội',
      },
    ],
  },
  {
    ward: 'noi',
    icd: 'I50',
    diagnosis: 'Suy tim mạn đợt mất bù',
    reason: 'Khó thở khi nằm, phù hai chân',
    age: [58, 92],
    weight: 5,
    stayDays: [6, 11],
    vitals: {
      temperature: [36.7],
      pulse: [106, 100, 94, 88, 84],
      systolic: [108, 110, 112, 114],
      diastolic: [66, 68, 70],
      respiration: [25, 23, 22, 20, 19],
      spo2: [92, 93, 95, 96],
      oxygen: [2, 2, 1, 0],
    },
    days: [
      {
        fromDay: 1,
        progress: [
          'Khó thở khi nằm, phù hai chi dưới mềm ấn lõm, tĩnh mạch cổ nổi. Phổi ran ẩm hai đáy. Gan to 3 cm dưới bờ sườn.',
        ],
        orders: [
          'Furosemid 20 mg × 2 ống tiêm tĩnh mạch sáng – chiều',
          'Spironolacton 25 mg × 1 viên uống sáng',
          'Oxy kính 2 l/phút',
          'Theo dõi cân nặng hằng ngày, nước tiểu 24 giờ',
          'Điện giải đồ, creatinin, điện tim',
        ],
        care: 'Nằm đầu cao, hạn chế nước < 1,2 l/ngày',
        careLevel: '2',
        diet: 'Ăn nhạt',
      },
      {
        fromDay: 4,
        progress: ['Đỡ khó thở, nằm được một gối. Phù giảm còn mắt cá. Nước tiểu 1,8 l/ngày.'],
        orders: [
          'Furosemid 40 mg × 1 viên uống sáng',
          'Spironolacton 25 mg × 1 viên uống sáng',
          'Bisoprolol 2,5 mg × 1/2 viên uống sáng',
        ],
        care: 'Cân hằng sáng, đi lại nhẹ nhàng',
        careLevel: '2',
        diet: 'Ăn nhạt',
      },
    ],
  },
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

/** What people of the center are allergic to, with the share of those admitted; class codes as in shared/codes/allergy-classes. */
export const allergyStories: readonly {
  readonly substance: string;
  readonly reaction: string;
  readonly severity: 'mild' | 'moderate' | 'severe';
}[] = [
  { substance: 'Penicilin', reaction: 'Nổi mày đay toàn thân', severity: 'moderate' },
  { substance: 'Ceftriaxon', reaction: 'Phản vệ độ II', severity: 'severe' },
  { substance: 'Diclofenac', reaction: 'Phù mi mắt, khó thở', severity: 'severe' },
  { substance: 'Tôm, cua', reaction: 'Ngứa, nổi ban', severity: 'mild' },
  { substance: 'Cotrimoxazol', reaction: 'Ban đỏ, ngứa', severity: 'moderate' },
];
