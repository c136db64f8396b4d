// Training mode: what it is and what to try.
export const training = {
  'training.title': 'Tập huấn',
  'training.preparing': 'Đang chuẩn bị trung tâm tập huấn…',
  'training.preparingWhat':
    'Trạm đang dựng một trung tâm bịa ra: khoa, giường, nhân viên, người bệnh và nhiều ngày hồ sơ. Chỉ lần đầu mới phải chờ; máy cũ mất chừng nửa phút.',
  'training.preparingNext': 'Xong là trang này tự chuyển sang màn hình đăng nhập, không phải bấm gì.',
  'training.preparingFor': 'Đã được {n} giây',
  'training.note': 'Trung tâm bịa ra, dữ liệu không có thật',
  'training.role': 'Vai trò',
  'training.canDo': 'Làm được gì',
  'training.lead':
    'Ở đây có thể bấm thử mọi thứ: dữ liệu nằm ở một kho riêng, không bao giờ lẫn sang hồ sơ thật. Rút cáp mạng ra cũng không có gì thay đổi.',
  'training.tryTitle': 'Một ca trực đầu tiên, chừng một giờ',
  'training.try1': 'Bấm F2, gõ “nguyen thi” không dấu và mở một người bệnh đang nằm viện.',
  'training.try2':
    'Bấm Ctrl+N, đăng ký một người bệnh mới; thử gõ trùng tên và năm sinh với người đã có để xem cảnh báo.',
  'training.try3':
    'Về sơ đồ giường, đi bằng phím mũi tên tới giường trống, bấm Enter để nhập viện người vừa đăng ký.',
  'training.try4': 'Bấm F9 đo dấu hiệu sinh tồn; thử gõ nhiệt độ 73 để xem máy hỏi lại, rồi gõ 37,5.',
  'training.try5':
    'Hỏi dị ứng, rồi bấm F8 ghi tờ điều trị: diễn biến và y lệnh. Đóng cửa sổ giữa chừng và mở lại xem bản nháp.',
  'training.try6': 'Chuyển người bệnh sang giường khác rồi bấm Hoàn tác trong 8 giây.',
  'training.try7': 'Bấm F12 khóa màn hình, đăng nhập bằng người khác, xem họ thấy gì và không thấy gì.',
  'training.try8':
    'Tắt máy đột ngột khi đang gõ; mở lại và kiểm tra: việc đã lưu còn đủ, chữ đang gõ mất nhiều nhất một giây.',
  'training.accountsTitle': 'Đăng nhập bằng ai',

  'training.line': 'Đường truyền',
  'training.lineIs': 'Mạng: {word}',
  'training.lineTitle': 'Thử khi mạng yếu hoặc đứt',
  'training.lineWhat':
    'Ở chế độ tập huấn có một máy chủ tỉnh giả và một máy trạm thứ hai chạy ngay trên máy này. Chỉnh đường truyền tới tỉnh để xem Trạm làm gì.',
  'training.line.good': 'Tốt',
  'training.line.weak': 'Yếu',
  'training.line.cut': 'Đứt',
  'training.lineSays.good': 'Như cáp quang: việc vừa ghi lên tỉnh trong vài giây.',
  'training.lineSays.weak': 'Như 3G trong mưa: việc vẫn lên tỉnh, chậm hơn, không phải chờ.',
  'training.lineSays.cut': 'Như đứt cáp: cứ làm việc, mọi thứ xếp hàng chờ trên máy này.',
  'training.lineTry1': 'Chọn “Đứt”. Ghi một lần đo dấu hiệu sinh tồn. Lưu vẫn nhanh như thường.',
  'training.lineTry2':
    'Xem dòng dưới cùng: mấy việc chờ, từ lúc nào, có nên tắt máy không. Bấm F7 xem chi tiết.',
  'training.lineTry3': 'Chọn “Yếu”. Dấu ○ cạnh lần đo chuyển thành ✓ khi tỉnh đã nhận.',
  'training.lineTry4':
    'Mở máy thứ hai, đăng nhập người khác: việc ghi ở máy này hiện ngay ở máy kia, dù đường lên tỉnh đang “Đứt”. Hai chỗ ghi trùng có sẵn nằm ở màn hình Ghi trùng: chọn bằng phím 1 hoặc 2.',
  'training.second': 'Mở máy thứ hai',
  'training.secondWait': 'Đang khởi động máy thứ hai, chừng mười giây…',
  'training.secondOpened': 'Máy thứ hai đã mở trong một cửa sổ riêng.',
  'training.secondReady':
    'Máy thứ hai đã chạy. Nếu cửa sổ của nó chưa mở: bấm Ctrl+C, mở một cửa sổ trình duyệt mới, bấm Ctrl+V rồi Enter.',
  'training.secondAddress': 'Địa chỉ máy thứ hai (dùng một lần)',
};
