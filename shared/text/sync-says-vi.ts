// What the core says about sending and receiving (shared/api/sync-sentences.ts). Never more hopeful than what is proven;
// each tells what to do, or that nothing has to be done. Here because the page and the command line say the same.
export const syncSaysVi = {
  'sync.status.standalone': 'Chưa nối với tỉnh hay máy khác — mọi thứ đã lưu trên máy này',
  'sync.status.off': 'Kho hồ sơ đang đóng — đăng nhập thì máy mới gửi và nhận',
  'sync.status.connecting': 'Đang gọi {name}, cứ làm việc',
  'sync.status.connecting_waiting': 'Đang gọi {name} — {count} việc chờ gửi từ {since}, cứ làm việc',
  'sync.status.sending': 'Đang gửi {name}: còn {count} việc, từ {since}',
  'sync.status.receiving': 'Đang nhận việc mới từ {name}',
  'sync.status.exchanging': 'Đang gửi và nhận với {name}: còn {count} việc chờ gửi, từ {since}',
  'sync.status.checking': 'Đã nối với {name}, đang đối chiếu',
  'sync.status.at_province': 'Tỉnh đã có đủ, đối chiếu {when}',
  'sync.status.at_hub': '{name} đã có đủ, đối chiếu {when}',
  'sync.status.at_province_by_hub': 'Tỉnh đã có đủ qua {name}, đối chiếu {when}',
  'sync.status.hub_then_province': '{name} đã giữ đủ — {count} việc từ {since} còn chờ lên tỉnh',
  'sync.status.serving': 'Máy này đang phục vụ {count} máy khác',
  'sync.status.serving_nobody': 'Chưa máy nào nối vào máy này — mọi thứ đã lưu tại đây',
  'sync.status.waiting': 'Không gặp {name} từ {contact} — vẫn làm việc, {count} việc chờ gửi từ {since}',
  'sync.status.waiting_never_met': 'Chưa gặp được {name} — vẫn làm việc, {count} việc chờ gửi từ {since}',
  'sync.status.away': 'Không gặp {name} từ {contact} — vẫn làm việc, không có gì chờ gửi',
  'sync.status.away_never_met': 'Chưa gặp được {name} — vẫn làm việc, không có gì chờ gửi',

  'sync.attention.refused': '{count} việc bị gửi trả, cần người xem',
  'sync.attention.forked':
    'Kho hồ sơ này có bản chép chạy song song, {count} việc để riêng — gọi người phụ trách',
  'sync.attention.revoked': 'Máy này đã bị thu hồi, không nhận thêm hồ sơ — gọi quản trị viên',
  'sync.attention.update_needed': 'Không gửi được cho {name} vì khác phiên bản — cài bản Trạm mới nhất',
  'sync.attention.wrong_peer': 'Nơi trả lời không đúng là {name} nên không gửi gì — gọi người phụ trách',
  'sync.attention.wrong_center': '{name} thuộc trung tâm khác nên không gửi gì — kiểm tra lại địa chỉ',
  'sync.attention.not_enrolled': '{name} không nhận ra máy này — quản trị viên cần kết nối lại',
  'sync.attention.disk_full': '{name} hết chỗ chứa nên chưa nhận thêm — báo người phụ trách nơi đó',
  'sync.attention.clock_ahead': 'Đồng hồ máy này đi trước {name} {minutes} phút — xem lại ngày giờ',
  'sync.attention.clock_behind': 'Đồng hồ máy này đi sau {name} {minutes} phút — xem lại ngày giờ',
  'sync.attention.states_differ':
    'Bảng trên máy này khác {name} (thấy {when}) — vẫn làm việc được, báo người phụ trách',

  'sync.off.at_province': 'Có thể tắt máy: tỉnh đã có đủ',
  'sync.off.at_hub': 'Có thể tắt máy: {name} đã có đủ',
  'sync.off.elsewhere': 'Có thể tắt máy: các máy khác đã có đủ',
  'sync.off.files':
    'Tắt máy không mất gì, nhưng {files} tệp (ảnh, giấy tờ) chưa có ở máy khác; hãy để máy chạy cho đến khi gửi xong',
  'sync.off.with_files':
    'Tắt máy không mất gì, nhưng {count} việc từ {since} và {files} tệp (ảnh, giấy tờ) chỉ có ở đây',
  'sync.off.only_here': 'Tắt máy không mất gì, nhưng {count} việc từ {since} chỉ có ở đây',
  'sync.off.sending': 'Chờ chút hãy tắt: đang gửi {count} việc từ {since}',
  'sync.off.standalone': 'Tắt máy không mất gì, nhưng hồ sơ chỉ có ở đây',
  'sync.off.unknown': 'Chưa biết đã gửi đủ chưa',

  'sync.with.found': 'Vừa thấy trong mạng, chưa nối lần nào.',
  'sync.with.connecting': 'Đang gọi.',
  'sync.with.sending': 'Đang gửi.',
  'sync.with.receiving': 'Đang nhận.',
  'sync.with.exchanging': 'Đang gửi và nhận.',
  'sync.with.checking': 'Đã nối, đang đối chiếu.',
  'sync.with.equal': 'Hai bên có như nhau, đối chiếu {when}.',
  'sync.with.equal_by_post':
    'Hai bên có như nhau, đối chiếu {when}. Mạng ở đây chỉ cho gửi theo lượt nên chậm hơn.',
  'sync.with.away': 'Gặp lần cuối {when}. Máy tự gọi lại.',
  'sync.with.away_next_try': 'Gặp lần cuối {when}. Gọi lại lúc {next}.',
  'sync.with.never_met': 'Chưa gặp được lần nào. Kiểm tra địa chỉ và dây mạng.',

  'sync.end.closed': 'Đường truyền đứt. Máy tự nối lại.',
  'sync.end.silent': 'Nơi kia im lặng quá lâu. Máy tự gọi lại.',
  'sync.end.garbled': 'Dữ liệu trên đường truyền bị hỏng nên bỏ đoạn đó. Máy tự gửi lại.',
  'sync.end.not_tram':
    'Địa chỉ này có trả lời nhưng không phải Trạm. Nếu Wi-Fi đòi đăng nhập trang web thì đăng nhập, rồi bấm Gửi ngay.',
  'sync.end.wrong_peer':
    'Máy trả lời không đúng là máy đã kết nối trước đây nên không gửi gì. Gọi người phụ trách.',
  'sync.end.wrong_center': 'Nơi này thuộc trung tâm khác nên không trao đổi hồ sơ. Kiểm tra lại địa chỉ.',
  'sync.end.not_enrolled': 'Nơi này không nhận ra máy này. Quản trị viên cần kết nối lại.',
  'sync.end.revoked': 'Máy này đã bị thu hồi. Việc đã ghi vẫn được giữ. Gọi quản trị viên.',
  'sync.end.update_needed': 'Khác phiên bản quá xa. Cài bản Trạm mới nhất trên máy này.',
  'sync.end.busy': 'Nơi kia đang bận. Máy tự gọi lại sau ít phút.',
  'sync.end.disk_full': 'Nơi kia hết chỗ chứa. Báo người phụ trách nơi đó.',
  'sync.end.internal': 'Nơi kia gặp lỗi. Máy tự gọi lại; nếu lặp lại, báo người phụ trách.',

  'sync.refused.fork': 'Một bản chép của kho hồ sơ đã ghi việc khác vào cùng chỗ. Báo người phụ trách.',
  'sync.refused.broken_chain': 'Chuỗi ghi bị đứt trước việc này. Báo người phụ trách.',
  'sync.refused.unreadable': 'Nơi nhận không đọc được việc này. Mở hồ sơ, ghi lại và báo người phụ trách.',
  'sync.refused.displaced':
    'Hai bản chép của kho ghi khác nhau; bản này để riêng. Mở hồ sơ, xem còn thiếu gì thì ghi lại.',
  'sync.refused.sealed': 'Máy ghi việc này đã bị thu hồi; người ở tỉnh phải duyệt mới được nhận.',
  'sync.refused.other': 'Nơi nhận ghi lý do: {reason}. Báo người phụ trách.',

  'sync.parked.unknown_kind': 'Do bản Trạm mới hơn ghi. Cài bản mới nhất trên máy này thì hiện ra.',
  'sync.parked.unknown_version': 'Ghi theo mẫu mới hơn. Cài bản Trạm mới nhất trên máy này thì hiện ra.',
  'sync.parked.missing_ref': 'Chờ phần liên quan đang trên đường tới.',
  'sync.parked.rejected': 'Không hợp với hồ sơ đang có. Báo người phụ trách.',
  'sync.parked.unshowable': 'Máy này chưa hiện được. Cài bản Trạm mới nhất, hoặc báo người phụ trách.',

  'sync.author.contradicted':
    'Có {count} việc ghi tên {name} từ {since} mà chính máy ấy không ghi như vậy: có thể có người giả máy ấy. Xem lại các việc đó và gọi người phụ trách ngay.',
  'sync.author.stranger':
    'Có {count} việc từ {since} ghi tên một máy mà trung tâm không biết ({name}). Gọi người phụ trách.',
  'sync.author.left':
    'Có {count} việc ghi tên {name} từ {since} mà máy ấy chưa kịp ký xác nhận. Nếu lúc đó máy ấy hỏng hoặc được khôi phục từ bản sao lưu thì không sao; nếu không, gọi người phụ trách.',
  'sync.author.late':
    '{name} chưa ký xác nhận {count} việc từ {since}. Bật máy ấy lên và nối mạng để máy tự ký; nếu vẫn còn, cài bản Trạm mới nhất trên máy ấy.',

  'sync.join.snapshot': 'Đang nhận bản chép của cả trung tâm.',
  'sync.join.changes': 'Đang nhận các việc mới nhất.',
  'sync.join.ready': 'Đã nhận đủ. Ai có tài khoản của trung tâm thì đăng nhập được.',
  'sync.join.peer_unreachable': 'Mất liên lạc với máy kia. Giữ hai máy bật, máy này tự nhận tiếp từ chỗ dở.',
  'sync.join.file_damaged': 'Bản chép nhận về bị hỏng nên bỏ đi. Lấy mã mới ở máy kia và nối lại.',
  'sync.join.disk_full': 'Ổ đĩa của máy này đã đầy. Xóa bớt tệp khác, lấy mã mới ở máy kia và nối lại.',
};
