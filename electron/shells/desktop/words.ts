// The few words the desktop program says itself, outside the page. Vietnamese, as the menus of the PC's users.
export const words = {
  title: 'Trạm',
  trainingTitle: 'Trạm: TẬP HUẤN',
  open: 'Mở Trạm',
  startWithPc: 'Tự chạy khi mở máy',
  quit: 'Thoát',
  pageKeepsCrashing:
    'Trang làm việc bị dừng hai lần liên tiếp. Dữ liệu đã lưu vẫn còn nguyên. Hãy chọn Thoát ở biểu tượng góc màn hình rồi mở lại Trạm.',
} as const;
