// What the command line says, Vietnamese first. Keys are shared, so the second language can't miss one.
import type { ErrorCode } from '../../../shared/api/errors.ts';

export type Language = 'vi' | 'en';

const vi = {
  help: `Trạm: lệnh cho người quản trị máy

  tram doctor [--open]        xem máy và kho dữ liệu có ổn không (--open: mở kho để kiểm tra bên trong)
  tram verify-log             kiểm tra toàn vẹn tệp, chuỗi thay đổi, chữ ký của các máy
  tram rebuild                dựng lại các bảng từ nhật ký thay đổi
  tram backup [--to THƯ_MỤC]  sao lưu ngay và kiểm tra bản sao
  tram restore TỆP            khôi phục từ bản sao lưu (kho đang có được giữ lại bên cạnh)
  tram users                  danh sách tài khoản
  tram users reset TÊN        đặt lại mật khẩu bằng khóa khôi phục đã in
  tram sync status            hồ sơ đã đi tới đâu, còn chờ gì, từ bao giờ
  tram sync now               nối và gửi ngay, chờ tới khi xong
  tram sync export THƯ_MỤC    ghi phần chưa gửi ra USB (--all: toàn bộ hồ sơ của trung tâm)
  tram sync import TỆP        nhận từ USB (tệp, hoặc thư mục có tệp)
  tram enrol MÃ --address MÁY nối trung tâm với máy chủ của tỉnh
  tram fingerprint readers    máy đọc vân tay cắm vào máy này (* máy đang dùng)
  tram fingerprint capture    thử máy đọc: lấy một ảnh rồi xóa
  tram fingerprint extract ẢNH [TỆP.fmr]   xem một ảnh PNG; ghi thêm bản ghi ISO 19794-2 nếu có tên tệp
  tram fingerprint match TỆP TỆP  so hai ảnh PNG hay bản ghi ISO 19794-2
  tram fingerprint bench THƯ_MỤC  đo độ chính xác (tệp NGÓN_LẦN.png), in JSON
  tram fingerprint identify ẢNH   tìm trong kho này xem là vân tay của ai

  tram sign TỆP               ký số bằng USB ký số, ghi TỆP.p7s (--enveloping: TỆP.p7m, --out, --stamp URL);
                              --inside: ký vào trong tệp PDF hoặc XML, ghi TÊN.signed.pdf / .xml
  tram verify TỆP [--content TỆP_GỐC] [--anchors THƯ_MỤC] [--at LÚC]
                              chữ ký số (.p7s, .p7m, .pdf, .xml) có hợp lệ không: 0 hợp lệ · 1 không · 2 chưa xác thực được
  tram proof GIẤY THƯ_MỤC     ghi chứng cứ của một giấy đã ký ra tệp, để nơi khác kiểm tra không cần Trạm
                              (GIẤY: mã bản, xem ở trang của giấy)

  --training     kho tập huấn        --data THƯ_MỤC  kho ở nơi khác
  --user TÊN     đăng nhập bằng      --json          in kết quả cho máy đọc
  --lang en      tiếng Anh           --version       phiên bản

Mật khẩu được hỏi khi cần, hoặc đọc từ tệp nêu trong TRAM_PASSWORD_FILE, hoặc từ đầu vào chuẩn.
Kết quả: 0 tốt · 1 có vấn đề · 3 không mở được kho · 64 gõ sai lệnh · 70 lỗi chương trình`,
  badUsage: 'Không hiểu lệnh. Gõ `tram --help` để xem hướng dẫn.',
  username: 'Tên đăng nhập: ',
  password: 'Mật khẩu: ',
  recoveryKey: 'Khóa khôi phục: ',
  newPassword: 'Mật khẩu mới: ',
  newPasswordAgain: 'Gõ lại mật khẩu mới: ',
  passwordsDiffer: 'Hai lần gõ không giống nhau.',
  noPassword: 'Không có mật khẩu: chạy trong cửa sổ lệnh, hoặc đặt TRAM_PASSWORD_FILE.',
  good: 'Tốt',
  problem: 'CÓ VẤN ĐỀ',
  dataFolder: 'Thư mục dữ liệu',
  program: 'Chương trình',
  record: 'Kho hồ sơ',
  recordNone: 'chưa có: máy này chưa được cài đặt lần đầu',
  keyring: 'Chùm khóa',
  keyringMissing: 'THIẾU keyring.json: không thể mở kho',
  freeSpace: 'Chỗ trống trên đĩa',
  writable: 'Ghi được vào thư mục',
  notWritable: 'KHÔNG ghi được',
  browser: 'Trình duyệt',
  browserNone: 'không thấy Chromium, Chrome hay Edge',
  native: 'Mô-đun máy',
  lastBackup: 'Sao lưu gần nhất',
  backupNone: 'chưa có bản sao lưu nào trong thư mục dữ liệu',
  recentErrors: 'Lỗi trong nhật ký hôm nay',
  integrity: 'Toàn vẹn tệp và chuỗi',
  changes: 'Số thay đổi',
  parked: 'Thay đổi chờ xử lý',
  conflicts: 'Xung đột chưa giải quyết',
  clockAlarms: 'Cảnh báo đồng hồ',
  checkedLinks: 'đã kiểm tra {count} mục',
  authorVouched: 'Chữ ký của {name}: đủ cho {changes} thay đổi',
  authorSeen: 'Đã xem: {by}, {when}',
  authorUnvouched: 'Chữ ký của {name}: {changes} thay đổi, {count} chưa ký từ {since}',
  authorContradicted: 'CHỮ KÝ KHÔNG KHỚP, {name}: từ {from} (lượt.làn.số) không phải điều máy ấy đã ký',
  searchIndexDamaged: 'Chỉ chỉ mục tìm kiếm bị hỏng, hồ sơ không mất gì. Đóng Trạm rồi chạy: tram rebuild',
  rebuilt: 'Đã dựng lại các bảng từ {count} thay đổi.',
  backedUp: 'Đã sao lưu và kiểm tra: {path} ({size})',
  restored: 'Đã khôi phục từ {path}. Kho cũ được giữ ở {kept}.',
  restoredFresh: 'Đã khôi phục từ {path}.',
  restoreWhich: 'Thiếu tệp sao lưu: tram restore TỆP',
  userLine: '{username}  {fullName}  [{roles}]{inactive}',
  inactive: '  (đã khóa)',
  passwordReset: 'Đã đặt lại mật khẩu cho {username}.',
  hoursAgo: '{hours} giờ trước',
  syncInWindow:
    'Trạm đang mở trên máy này: làm việc đó ở trang “Gửi và nhận” trong cửa sổ Trạm, hoặc đóng Trạm rồi gõ lại lệnh.',
  lastContact: 'Nơi nhận trả lời lần cuối: {when}',
  laneWaiting: 'Chờ gửi, {lane}: {count}, từ {since}',
  lane0: 'an toàn và danh tính',
  lane1: 'chuyên môn',
  lane2: 'giấy tờ và cài đặt',
  peerLine: '{name} ({address}): {state}',
  refusedLine: 'Bị gửi trả, {by} ghi lúc {when}: {reason}',
  nothingToExport: 'Không còn gì chưa gửi, nên không ghi tệp nào.',
  exported: 'Đã ghi {changes} việc ({size}) vào {path}.',
  imported: 'Đã nhận {accepted} việc mới; {duplicates} việc máy này đã có từ trước.',
  importRefused: '{refused} việc để riêng, chờ người xem.',
  importCut: 'Tệp bị cụt ở cuối: phần đọc được đã nhận. Ghi lại USB rồi nhận tiếp.',
  damagedKept: '{accepted} việc đứng trước chỗ hỏng đã được nhận.',
  proofHow: 'Thiếu giấy hoặc thư mục: tram proof MÃ_BẢN THƯ_MỤC',
  proofThere: '{path} đã có: chọn thư mục khác.',
  proofWritten: 'Đã ghi {count} tệp vào {path}. Cách kiểm tra: xem README.txt trong đó.',
  cannotWrite: 'Không ghi được vào {path}.',
  enrolHow: 'Thiếu mã hoặc địa chỉ: tram enrol MÃ --address MÁY_CHỦ[:CỔNG]',
  enrolled: 'Đã nối với {name}. Hồ sơ được gửi khi Trạm chạy.',
} as const;

type Words = Record<keyof typeof vi, string>;

const en: Words = {
  help: `Trạm: commands for the person who looks after the PC

  tram doctor [--open]     is this PC and its store well? (--open: open the store and check inside)
  tram verify-log          check the file's integrity, the chain of changes, the PCs' signatures
  tram rebuild             refill the tables from the change log
  tram backup [--to DIR]   back up now and check the copy
  tram restore FILE        restore a backup (the present store is kept beside it)
  tram users               list accounts
  tram users reset NAME    set a new password with the printed recovery key
  tram sync status         how far the record has come, what waits and since when
  tram sync now            connect and send now, wait until done
  tram sync export DIR     write what was not sent to a stick (--all: the center's whole record)
  tram sync import FILE    take in from a stick (a file, or a folder with files)
  tram enrol CODE --address HOST   join the center to the province's server
  tram fingerprint readers  fingerprint readers plugged into this PC (* the one it uses)
  tram fingerprint capture  try the reader: one picture, wiped afterwards
  tram fingerprint extract PICTURE [FILE.fmr]   look at a PNG; with a name, also write an ISO 19794-2 record
  tram fingerprint match FILE FILE  compare two PNGs or ISO 19794-2 records
  tram fingerprint bench DIR      error rates over files named FINGER_IMPRESSION.png, as JSON
  tram fingerprint identify PICTURE   whose finger is it, among the people of this store?

  tram sign FILE           sign with a USB token, to FILE.p7s (--enveloping: FILE.p7m, --out, --stamp URL);
                           --inside: sign inside a PDF or XML file, to NAME.signed.pdf / .xml
  tram verify FILE [--content ORIGINAL] [--anchors DIR] [--at TIME]
                           does a signature (.p7s, .p7m, .pdf, .xml) hold: 0 valid · 1 invalid · 2 cannot be told
  tram proof PAPER FOLDER  write the proof of a signed paper as files, for others to check without Trạm
                           (PAPER: the code of a version, as its page shows it)

  --training    training store        --data DIR    store elsewhere
  --user NAME   log in as             --json        output for machines
  --recovery    open with the printed recovery key (rebuild, restore)
  --lang vi     Vietnamese            --version     version

A password is asked for when needed, or read from the file named by TRAM_PASSWORD_FILE, or from standard input.
Exit codes: 0 good · 1 a problem was found · 3 the store did not open · 64 wrong usage · 70 a bug`,
  badUsage: 'Not understood. Type `tram --help`.',
  username: 'Username: ',
  password: 'Password: ',
  recoveryKey: 'Recovery key: ',
  newPassword: 'New password: ',
  newPasswordAgain: 'New password again: ',
  passwordsDiffer: 'The two are not the same.',
  noPassword: 'No password: run this in a terminal, or set TRAM_PASSWORD_FILE.',
  good: 'Good',
  problem: 'PROBLEM',
  dataFolder: 'Data folder',
  program: 'Program',
  record: 'Record store',
  recordNone: 'none yet: this PC has not been set up',
  keyring: 'Keyring',
  keyringMissing: 'keyring.json is MISSING: the store cannot be opened',
  freeSpace: 'Free disk space',
  writable: 'Folder is writable',
  notWritable: 'NOT writable',
  browser: 'Browser',
  browserNone: 'no Chromium, Chrome or Edge found',
  native: 'Native modules',
  lastBackup: 'Latest backup',
  backupNone: 'no backup in the data folder yet',
  recentErrors: "Errors in today's log",
  integrity: 'File and chain integrity',
  changes: 'Changes',
  parked: 'Changes waiting',
  conflicts: 'Open conflicts',
  clockAlarms: 'Clock alarms',
  checkedLinks: '{count} checked',
  authorVouched: 'Signed by {name}: all of {changes} changes',
  authorSeen: 'Seen by {by}, {when}',
  authorUnvouched: 'Signed by {name}: of {changes} changes {count} not yet, since {since}',
  authorContradicted:
    'SIGNATURE DOES NOT FIT, {name}: from {from} (incarnation.lane.number) on it is not what it signed',
  searchIndexDamaged:
    'Only the search index is damaged; nothing of the record is lost. Close Trạm and run: tram rebuild',
  rebuilt: 'Tables refilled from {count} changes.',
  backedUp: 'Backed up and checked: {path} ({size})',
  restored: 'Restored from {path}. The former store is kept at {kept}.',
  restoredFresh: 'Restored from {path}.',
  restoreWhich: 'Which backup? tram restore FILE',
  userLine: '{username}  {fullName}  [{roles}]{inactive}',
  inactive: '  (disabled)',
  passwordReset: 'New password set for {username}.',
  hoursAgo: '{hours} hours ago',
  syncInWindow:
    'Trạm is open on this PC: do this on its page “Send and receive”, or close Trạm and type the command again.',
  lastContact: 'Last answer from the other end: {when}',
  laneWaiting: 'Waiting, {lane}: {count}, since {since}',
  lane0: 'safety and identity',
  lane1: 'clinical',
  lane2: 'papers and settings',
  peerLine: '{name} ({address}): {state}',
  refusedLine: 'Handed back, written by {by} at {when}: {reason}',
  nothingToExport: 'Everything has been sent, so no file was written.',
  exported: '{changes} entries ({size}) written to {path}.',
  imported: '{accepted} new entries taken in; {duplicates} were here already.',
  importRefused: '{refused} entries set aside for somebody to look at.',
  importCut: 'The file ends too early: what could be read was taken in. Write the stick again and go on.',
  damagedKept: 'The {accepted} entries before the damage were taken in.',
  proofHow: 'Which paper, and where to? tram proof CODE FOLDER',
  proofThere: '{path} is there already: choose another folder.',
  proofWritten: '{count} files written to {path}. How to check them: README.txt.',
  cannotWrite: '{path} cannot be written.',
  enrolHow: 'Code or address is missing: tram enrol CODE --address HOST[:PORT]',
  enrolled: 'Joined {name}. Records are sent while Trạm runs.',
};

/** Failures a person at the command line meets; others show their code. */
const failures: Record<Language, Partial<Record<ErrorCode, string>>> = {
  vi: {
    store_missing: 'Chưa có kho hồ sơ trong thư mục này.',
    store_in_use: 'Kho đang mở trong một cửa sổ Trạm: hãy đóng Trạm trước.',
    store_damaged: 'Kho hồ sơ bị hỏng: hãy khôi phục từ bản sao lưu gần nhất.',
    store_newer: 'Kho do phiên bản mới hơn tạo: hãy cập nhật Trạm.',
    store_mismatch: 'Kho do một bản Trạm khác ghi: hãy dùng đúng bản đã tạo ra kho. Không có gì bị ghi đè.',
    store_read_only: 'Không ghi được vào kho: kiểm tra quyền và ổ đĩa.',
    disk_full: 'Ổ đĩa đầy.',
    wrong_key: 'Khóa không mở được kho này.',
    wrong_password: 'Sai tên đăng nhập hoặc mật khẩu.',
    account_locked: 'Tài khoản tạm khóa vì gõ sai nhiều lần. Hãy thử lại sau.',
    account_disabled: 'Tài khoản đã bị ngừng dùng.',
    account_unknown_here: 'Tài khoản này chưa mở kho trên máy này lần nào.',
    keyring_missing: 'Thiếu keyring.json.',
    keyring_damaged: 'keyring.json bị hỏng.',
    not_allowed: 'Tài khoản này không có quyền làm việc đó.',
    wrong_recovery_key: 'Khóa khôi phục không đúng.',
    weak_password: 'Mật khẩu mới quá yếu.',
    not_found: 'Không tìm thấy.',
    backup_failed: 'Không sao lưu được.',
    backup_damaged: 'Bản sao lưu bị hỏng hoặc không phải của kho này.',
    bad_input: 'Có chỗ gõ chưa đúng: kiểm tra mã và địa chỉ.',
    peer_unreachable: 'Không tới được máy chủ: kiểm tra địa chỉ, dây mạng, tường lửa.',
    peer_not_tram: 'Địa chỉ này có trả lời nhưng không phải Trạm.',
    wrong_peer: 'Máy trả lời không đúng là máy đã kết nối trước đây: không gửi gì.',
    code_wrong: 'Mã không đúng hoặc đã hết hạn: kiểm tra lại, hoặc xin mã mới.',
    code_used: 'Mã này đã dùng rồi: xin mã mới.',
    already_enrolled: 'Trung tâm này đã nối với một tỉnh.',
    not_enrolled: 'Nơi kia không nhận ra máy này.',
    wrong_center: 'Nơi kia thuộc trung tâm khác.',
    station_revoked: 'Tệp do một máy đã bị thu hồi ghi: không nhận.',
    update_needed: 'Do bản Trạm mới hơn ghi: hãy cập nhật Trạm trên máy này.',
    file_not_for_us: 'Tệp này không phải cho máy này.',
    file_damaged: 'Tệp bị hỏng, hoặc không phải tệp của Trạm.',
    document_not_here: 'Chưa đủ tệp của giấy này trên máy này: chờ nhận xong rồi làm lại.',
    no_such_folder: 'Không có thư mục hay tệp đó.',
  },
  en: {
    store_missing: 'There is no record store in this folder.',
    store_in_use: 'The store is open in a Trạm window: close Trạm first.',
    store_damaged: 'The store is damaged: restore the latest backup.',
    store_newer: 'The store was made by a newer version: update Trạm.',
    store_mismatch:
      'Another edition of Trạm wrote this store: use the one that made it. Nothing was overwritten.',
    store_read_only: 'The store cannot be written: check permissions and disk.',
    disk_full: 'The disk is full.',
    wrong_key: 'This key does not open this store.',
    wrong_password: 'Wrong username or password.',
    account_locked: 'Account locked for a while after wrong attempts. Try again later.',
    account_disabled: 'This account is disabled.',
    account_unknown_here: 'This account has never opened the store on this PC.',
    keyring_missing: 'keyring.json is missing.',
    keyring_damaged: 'keyring.json is damaged.',
    not_allowed: 'This account may not do that.',
    wrong_recovery_key: 'Wrong recovery key.',
    weak_password: 'The new password is too weak.',
    not_found: 'Not found.',
    backup_failed: 'The backup failed.',
    backup_damaged: 'The backup is damaged or of another store.',
    bad_input: 'Something was typed wrong: check the code and the address.',
    peer_unreachable: 'The server cannot be reached: check address, cable and firewall.',
    peer_not_tram: 'Something answers at this address, but it is not Trạm.',
    wrong_peer: 'Whoever answered is not the one this PC knows: nothing was sent.',
    code_wrong: 'The code is wrong or too old: check it, or ask for a new one.',
    code_used: 'This code has been used: ask for a new one.',
    already_enrolled: 'This center has joined a province already.',
    not_enrolled: 'The other end does not know this PC.',
    wrong_center: 'The other end belongs to another center.',
    station_revoked: 'A PC that was revoked wrote this file: not taken in.',
    update_needed: 'A newer version of Trạm wrote this: update Trạm on this PC.',
    file_not_for_us: 'This file is not for this PC.',
    file_damaged: 'The file is damaged, or is none of Trạm.',
    document_not_here: 'Not all files of this paper are on this PC yet: wait until they have come.',
    no_such_folder: 'There is no such folder or file.',
  },
};

export type Say = (key: keyof Words, params?: Readonly<Record<string, string | number>>) => string;

export function wordsIn(language: Language): { say: Say; failure(code: ErrorCode): string } {
  const words: Words = language === 'vi' ? vi : en;
  return {
    say: (key, params = {}) =>
      words[key].replaceAll(/\{(\w+)\}/g, (_blank, name: string) => String(params[name] ?? '')),
    failure: (code) => failures[language][code] ?? code,
  };
}
