// One sentence for every failure the core can answer: what happened, then what to do next.
export const error = {
  'error.unknown_method': 'Màn hình và chương trình khác phiên bản. Đóng Trạm rồi mở lại.',
  'error.bad_input': 'Có ô nhập chưa đúng. Sửa các ô được đánh dấu rồi lưu lại.',
  'error.not_logged_in': 'Phiên làm việc đã kết thúc. Đăng nhập lại để tiếp tục.',
  'error.locked': 'Màn hình đang khóa. Nhập mật khẩu hoặc mã PIN để mở.',
  'error.not_allowed': 'Tài khoản này không được làm việc này. Nhờ người có quyền, hoặc hỏi quản trị viên.',
  'error.internal':
    'Chương trình gặp lỗi, dữ liệu đã lưu vẫn còn nguyên. Thử lại; nếu lặp lại, mở trang Máy trạm và báo người phụ trách.',
  'error.core_stopped':
    'Chương trình đã dừng. Việc đã lưu vẫn an toàn, chữ đang gõ vẫn còn. Chờ vài giây rồi thử lại, hoặc mở lại Trạm.',
  'error.too_large': 'Nội dung quá dài. Rút ngắn lại hoặc chia làm nhiều lần ghi.',

  'error.store_closed': 'Kho hồ sơ đang đóng. Đăng nhập để mở.',
  'error.store_missing':
    'Không thấy kho hồ sơ ở nơi lưu. Kiểm tra ổ đĩa; nếu tệp đã mất, khôi phục từ bản sao lưu.',
  'error.store_damaged':
    'Kho hồ sơ bị hỏng nên không mở để tránh hỏng thêm. Khôi phục từ bản sao lưu gần nhất.',
  'error.store_newer': 'Kho hồ sơ do phiên bản mới hơn ghi. Cài bản Trạm mới nhất trên máy này rồi mở lại.',
  'error.store_mismatch':
    'Kho hồ sơ này do một bản Trạm khác ghi, bản trên máy này không đọc được. Hồ sơ vẫn nguyên; mở bằng bản Trạm đã tạo ra kho.',
  'error.store_read_only':
    'Nơi lưu chỉ cho đọc, không ghi được. Kiểm tra quyền của thư mục hoặc chốt chống ghi của ổ đĩa.',
  'error.disk_full': 'Ổ đĩa đã đầy, lần lưu này chưa được ghi. Giải phóng chỗ trống rồi lưu lại.',
  'error.wrong_key':
    'Chìa khóa không mở được kho hồ sơ này. Kiểm tra đúng tài khoản, đúng máy, hoặc dùng khóa khôi phục.',
  'error.keyring_missing':
    'Không thấy tệp chìa khóa của kho hồ sơ. Chép lại keyring.json từ bản sao lưu cạnh kho.',
  'error.keyring_damaged': 'Tệp chìa khóa bị hỏng. Chép lại keyring.json từ bản sao lưu cạnh kho.',
  'error.store_in_use': 'Trạm đang chạy ở một cửa sổ khác trên máy này. Dùng cửa sổ đó, hoặc đóng nó trước.',
  'error.backup_failed':
    'Chưa sao lưu được. Kiểm tra thư mục hoặc USB sao lưu còn cắm và còn chỗ trống, rồi bấm Sao lưu ngay.',
  'error.backup_damaged':
    'Bản sao lưu mở ra không nguyên vẹn nên không được tính. Chọn thư mục khác rồi sao lưu lại.',
  'error.already_set_up': 'Máy này đã thiết lập rồi. Đăng nhập để làm việc.',

  'error.wrong_password':
    'Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi thử lại.',
  'error.account_locked': 'Nhập sai quá nhiều lần. Chờ hết thời gian đếm ngược rồi thử lại.',
  'error.account_disabled': 'Tài khoản này đã ngừng dùng. Hỏi quản trị viên của trung tâm.',
  'error.account_unknown_here':
    'Tài khoản này chưa đăng nhập được trên máy này. Nhờ quản trị viên cấp lại mật khẩu tại máy.',
  'error.weak_password':
    'Mật khẩu quá yếu. Dùng ít nhất 8 ký tự, không trùng tên đăng nhập, không phải dãy dễ đoán.',
  'error.username_taken': 'Tên đăng nhập đã có người dùng. Chọn tên khác.',
  'error.recovery_key_group':
    'Nhóm thứ {group} của khóa khôi phục có chữ gõ nhầm. So lại nhóm đó với tờ giấy đã in.',
  'error.recovery_key_length': 'Khóa khôi phục gồm 40 ký tự, mới gõ {typed}. So lại với tờ giấy đã in.',
  'error.wrong_recovery_key': 'Khóa khôi phục chưa đúng. Nhập lại từng nhóm như trên tờ giấy đã in.',
  'error.last_administrator': 'Đây là quản trị viên cuối cùng. Trao quyền quản trị cho người khác trước.',
  'error.reason_required': 'Ghi lý do rồi lưu lại.',
  'error.not_found': 'Không tìm thấy mục này. Có thể màn hình đã cũ; quay lại và mở lại.',

  'error.stale': 'Người khác vừa sửa mục này. Xem giá trị mới rồi quyết định lại.',
  'error.already_admitted': 'Người bệnh đang nằm viện. Mở hồ sơ để chuyển khoa, hoặc cho ra viện trước.',
  'error.not_admitted': 'Người bệnh hiện không nằm viện. Nhập viện trước khi làm việc này.',
  'error.bed_taken': 'Giường đã có người. Chọn giường khác, đổi giường, hoặc khai báo nằm ghép.',
  'error.bed_not_ready': 'Giường đang dọn hoặc tạm đóng. Chọn giường khác hoặc báo giường đã sẵn sàng.',
  'error.bed_not_in_ward': 'Giường này không thuộc khoa đã chọn. Chọn lại khoa và giường.',
  'error.illegal_transition':
    'Đợt điều trị không còn ở bước cho phép làm việc này. Mở lại hồ sơ để xem tình trạng hiện tại.',
  'error.time_in_future': 'Thời điểm ở tương lai. Kiểm tra lại ngày giờ, và đồng hồ của máy.',
  'error.time_before_admission': 'Thời điểm trước lúc nhập viện. Kiểm tra lại ngày giờ.',
  'error.time_before_last_move':
    'Thời điểm trước lần chuyển khoa, chuyển giường gần nhất. Kiểm tra lại ngày giờ.',
  'error.time_after_discharge': 'Thời điểm sau lúc ra viện. Kiểm tra lại ngày giờ.',
  'error.implausible_value': 'Có chỉ số ngoài mức có thể có. Đo lại hoặc sửa ô được đánh dấu.',
  'error.nothing_recorded': 'Chưa nhập gì để lưu. Điền ít nhất một ô.',
  'error.allergy_not_asked': 'Chưa hỏi dị ứng nên chưa ghi y lệnh được. Hỏi người bệnh và ghi kết quả trước.',
  'error.already_voided': 'Mục này đã được hủy trước đó. Không cần làm gì thêm.',
  'error.undo_expired': 'Đã quá 8 giây nên không hoàn tác được. Sửa lại bằng cách thông thường và ghi lý do.',
  'error.wrong_ward':
    'Tài khoản này chỉ làm việc với người bệnh của khoa mình. Nhờ khoa đang giữ người bệnh hoặc bác sĩ trực.',
  'error.duplicate_identifier':
    'Số giấy tờ này đã thuộc người bệnh khác. Mở hồ sơ đó để so, hoặc kiểm tra lại số.',
  'error.already_settled': 'Người khác đã xử lý chỗ này rồi. Danh sách sẽ tự cập nhật.',
  'error.bed_occupied': 'Còn người nằm ở đây nên chưa làm được. Chuyển người bệnh đi trước.',
  'error.unusual_value': 'Có chỉ số ngoài mức thường gặp. Xem lại ô được đánh dấu, xác nhận nếu đúng.',
  'error.has_allergies':
    'Người bệnh đang có dị ứng ghi nhận. Muốn ghi “không có dị ứng đã biết”, bỏ từng dị ứng kèm lý do trước.',
  'error.must_change_password':
    'Mật khẩu này do quản trị viên đặt. Đổi mật khẩu của riêng bạn rồi mới làm việc được.',
  'error.password_changed_elsewhere': 'Mật khẩu này đã được đổi trên máy khác. Nhập mật khẩu mới.',
  'error.pin_needs_open_store':
    'Kho hồ sơ trên máy này chưa mở nên chưa dùng được mã PIN. Đăng nhập bằng mật khẩu.',
  'error.training_stays_here':
    'Chế độ tập huấn không nối ra ngoài máy này: người bệnh trong đó không có thật.',
  'error.training_password_fixed': 'Tài khoản tập huấn dùng mật khẩu in sẵn, không đổi được.',
  'error.too_many_drafts': 'Bạn có quá nhiều bản nháp chưa xong. Hoàn tất hoặc bỏ bớt rồi viết tiếp.',
  'error.backup_no_room':
    'Ổ đĩa hoặc USB sao lưu đã đầy nên chưa sao lưu được. Xóa bớt tệp trên đó hoặc chọn ổ khác, rồi bấm Sao lưu ngay.',
  'error.backup_folder_missing':
    'Không thấy thư mục hoặc USB sao lưu. Cắm lại, hoặc chọn thư mục khác ở trang Máy trạm.',

  'error.peer_unreachable':
    'Chưa gặp được nơi kia. Kiểm tra dây mạng, Wi-Fi và địa chỉ vừa gõ, rồi thử lại. Việc đang làm không bị ảnh hưởng.',
  'error.peer_not_tram':
    'Địa chỉ này có trả lời, nhưng không phải Trạm. Kiểm tra lại địa chỉ; nếu Wi-Fi đòi đăng nhập trang web thì đăng nhập trước.',
  'error.wrong_peer':
    'Máy trả lời không đúng là máy đã kết nối trước đây, nên không gửi gì. Hỏi người phụ trách trước khi làm tiếp.',
  'error.code_wrong': 'Mã chưa đúng. So lại từng nhóm với tờ giấy hoặc màn hình máy kia rồi gõ lại.',
  'error.code_used': 'Mã này đã dùng hoặc đã hết hạn. Xin mã mới rồi gõ lại.',
  'error.already_enrolled': 'Trung tâm đã nối với tỉnh rồi. Không cần làm gì thêm.',
  'error.not_enrolled': 'Trung tâm chưa nối với tỉnh. Người quản trị nối ở trang Gửi nhận.',
  'error.wrong_center': 'Nơi này thuộc trung tâm khác, nên không trao đổi hồ sơ. Kiểm tra lại địa chỉ và mã.',
  'error.station_revoked':
    'Máy này đã bị thu hồi nên không nhận thêm hồ sơ. Việc đã ghi vẫn được giữ và gửi đi. Gọi người quản trị của trung tâm.',
  'error.revoke_this_pc':
    'Không thu hồi được chính máy đang ngồi. Mở Trạm trên một máy khác của trung tâm rồi thu hồi máy này ở đó.',
  'error.training_apart':
    'Một bên là chế độ tập huấn, bên kia là hồ sơ thật, nên không nối với nhau. Mở đúng chế độ trên cả hai máy rồi lấy mã mới.',
  'error.update_needed': 'Hai bên khác phiên bản quá xa. Cài bản Trạm mới nhất trên máy này rồi thử lại.',
  'error.file_not_for_us':
    'Tệp này ghi cho nơi khác nên không đọc được ở đây. Phần chưa gửi lên tỉnh chỉ tỉnh đọc được: ở máy kia ghi lại, chọn “Toàn bộ hồ sơ của trung tâm”.',
  'error.file_damaged': 'Tệp bị hỏng hoặc chép chưa đủ. Ghi lại từ máy kia ra USB rồi thử lại.',
  'error.no_such_folder': 'Không thấy thư mục hoặc tệp này. Cắm lại USB, hoặc kiểm tra đường dẫn đã gõ.',

  'error.reader_missing': 'Không thấy máy đọc vân tay. Cắm lại dây rồi thử lại.',
  'error.reader_not_chosen': 'Máy này đang cắm nhiều máy đọc vân tay. Chọn máy đọc dùng ở đây rồi thử lại.',
  'error.reader_busy': 'Máy đọc vân tay đang được dùng ở một cửa sổ khác. Đóng cửa sổ đó rồi thử lại.',
  'error.reader_unplugged': 'Máy đọc vân tay đã bị rút. Cắm lại rồi lấy vân tay lại từ đầu.',
  'error.reader_no_access': 'Máy tính không cho Trạm dùng máy đọc vân tay này. Báo người phụ trách máy tính.',
  'error.reader_wrong_password': 'Máy đọc vân tay đòi mật khẩu khác. Báo người phụ trách máy tính.',
  'error.reader_failed': 'Máy đọc vân tay không làm việc. Rút ra, cắm lại; nếu vẫn vậy, dùng máy đọc khác.',
  'error.reader_line_bad': 'Dây nối máy đọc vân tay chập chờn. Cắm chặt lại hoặc đổi dây rồi thử lại.',
  'error.reader_software_missing':
    'Máy tính chưa có phần mềm của hãng cho máy đọc này. Báo người phụ trách máy tính.',
  'error.capture_cancelled': 'Đã dừng lấy vân tay. Chưa có gì được lưu.',
  'error.finger_timeout': 'Chưa thấy ngón tay nào đặt lên. Đặt ngón tay lên máy đọc rồi thử lại.',
  'error.finger_unclear': 'Vân tay chưa rõ. Lau khô ngón tay, đặt nhẹ và giữ yên rồi lấy lại.',
  'error.image_unreadable': 'Không đọc được ảnh vân tay. Lấy lại vân tay.',
  'error.image_too_small': 'Ảnh vân tay quá nhỏ. Lấy lại vân tay.',
  'error.image_too_large': 'Ảnh vân tay quá lớn. Lấy lại vân tay.',
  'error.image_no_finger': 'Trong ảnh không có vân tay. Đặt ngón tay lên máy đọc rồi lấy lại.',
  'error.template_unreadable': 'Mẫu vân tay không đọc được. Lấy lại vân tay của người này.',
  'error.finger_key_missing':
    'Máy này chưa có chìa để đọc vân tay của người này. Nối máy này với máy đã lấy vân tay trong mạng của trung tâm, hoặc lấy thêm vân tay ở máy này.',
  'error.template_too_weak': 'Vân tay này quá ít nét để dùng. Lấy lại, hoặc chọn ngón khác.',
  'error.impressions_differ': 'Các lần lấy không giống nhau. Lấy lại, đặt đúng một ngón tay.',
  'error.consent_missing': 'Chưa ghi nhận đồng ý cho lấy vân tay. Hỏi và ghi đồng ý trước.',
  'error.consent_withdrawn': 'Người này đã rút đồng ý, vân tay đã được xóa.',
  'error.finger_enrolled': 'Ngón này đã có vân tay. Chọn ngón khác, hoặc lấy lại ngón này.',
  'error.second_finger_needed': 'Cần thêm một ngón tay thứ hai để xác nhận.',

  'error.form_unknown': 'Bản Trạm trên máy này chưa có mẫu giấy đó. Cài bản Trạm mới nhất rồi mở lại.',
  'error.field_missing': 'Còn ô bắt buộc chưa điền. Điền các ô được đánh dấu rồi chốt lại.',
  'error.document_frozen':
    'Giấy này đã chốt để ký nên không sửa được bản đó. Sửa xong, chốt thành bản mới và ghi lý do.',
  'error.document_void': 'Giấy này đã hủy. Cần dùng thì lập giấy mới.',
  'error.document_altered':
    'Nội dung giấy này không khớp với bản đã chốt, nên không xem, ký hay in được. Chốt lại giấy và báo người phụ trách máy tính.',
  'error.document_not_here':
    'Tệp của giấy này chưa về tới máy. Máy đang tự lấy qua mạng; chờ ít phút rồi mở lại, hoặc mở ở máy đã lập giấy.',
  'error.not_your_turn': 'Chưa tới lượt bạn ký giấy này. Người ký trước phải ký xong đã.',
  'error.already_signed': 'Bước này đã có người ký. Mở lại giấy để xem ai đã ký.',
  'error.not_read':
    'Có giấy chưa xem hết các trang nên chưa ký được. Mở giấy, kéo xuống trang cuối rồi ký lại.',
  'error.print_failed':
    'Chưa dựng được trang giấy để in. Thử lại; nếu vẫn không được, khởi động lại Trạm và báo người phụ trách máy tính.',
  'error.printer_missing': 'Máy tính này chưa có máy in nào dùng được. Bật máy in, cắm dây, rồi in lại.',
  'error.pin_wrong': 'Mã PIN chưa đúng. Kiểm tra phím Caps Lock và phím số rồi gõ lại thật chậm.',
  'error.pin_last_try':
    'USB ký số chỉ còn một lần thử. Sai nữa là bị khóa. Dừng lại, tìm giấy ghi mã PIN trước khi gõ.',
  'error.pin_locked':
    'USB ký số đã bị khóa vì nhập sai mã PIN nhiều lần. Trạm không mở được; gọi nơi cấp chữ ký số để mở khóa.',
  'error.pin_default': 'Mã PIN vẫn là mã của nhà bán. Đổi mã PIN bằng phần mềm của hãng rồi ký.',
  'error.pin_length': 'Mã PIN quá ngắn hoặc quá dài so với USB ký số này. Gõ lại đủ số ký tự.',
  'error.pin_unreadable': 'Mã PIN chưa tới được USB ký số. Gõ lại mã PIN.',
  'error.token_missing': 'Không thấy USB ký số. Cắm USB vào máy này, chờ vài giây rồi thử lại.',
  'error.token_gone':
    'USB ký số đã bị rút. Giấy đã ký xong vẫn giữ nguyên. Cắm lại USB rồi ký tiếp phần còn lại.',
  'error.token_locked': 'Đã quá lâu không dùng nên USB ký số cần mở lại. Gõ mã PIN lần nữa.',
  'error.token_hangs': 'USB ký số không trả lời. Rút ra, chờ vài giây, cắm lại rồi thử lại.',
  'error.token_failed': 'USB ký số báo lỗi, lần ký này chưa được. Rút ra, cắm lại rồi thử lại.',
  'error.token_module_unfit':
    'Phần mềm của USB ký số trên máy này không dùng được với Trạm. Báo người phụ trách máy tính.',
  'error.certificate_unfit':
    'Chứng thư số này không dùng để ký giấy được. Chọn chứng thư khác, hoặc hỏi nơi cấp chữ ký số.',
  'error.certificate_other_person':
    'Chứng thư số này mang tên người khác. Chỉ ký bằng chữ ký số của chính mình.',
  'error.algorithm_unfit':
    'USB ký số này không ký được theo cách an toàn mà quy định đòi hỏi. Hỏi nơi cấp chữ ký số.',
  'error.stamp_unreachable':
    'Chưa gặp được nơi cấp dấu thời gian. Chữ ký vẫn được giữ; dấu thời gian sẽ được thêm khi có mạng.',
  'error.stamp_refused':
    'Nơi cấp dấu thời gian từ chối. Kiểm tra địa chỉ dấu thời gian ở phần cài đặt ký số.',
  'error.revocation_unreachable':
    'Chưa hỏi được nơi cấp chữ ký số xem chứng thư còn hiệu lực không. Thử lại khi có mạng.',
  'error.signature_unreadable':
    'Tệp này không đọc được như một tệp có chữ ký số. Kiểm tra đúng tệp và tệp không bị cắt.',
};
