import type { error as vi } from '../vi/error.ts';
import type { WordsOf } from '../words.ts';

export const error: WordsOf<typeof vi> = {
  'error.unknown_method': 'The screen and the core are of different versions. Close Trạm and open it again.',
  'error.bad_input': 'Some fields are not right yet. Correct the marked ones and save again.',
  'error.not_logged_in': 'Your session has ended. Log in again to go on.',
  'error.locked': 'The screen is locked. Enter your password or PIN to open it.',
  'error.not_allowed': 'This account may not do that. Ask someone who may, or the administrator.',
  'error.internal':
    'The program hit an error; what was saved is intact. Try again; if it repeats, open the Station page and tell the person in charge.',
  'error.core_stopped':
    'The core of the program has stopped. Saved work is safe; wait a few seconds and try again, or reopen Trạm.',
  'error.too_large': 'The content is too long. Shorten it or write it in several parts.',

  'error.store_closed': 'The record store is closed. Log in to open it.',
  'error.store_missing':
    'The record store is not where it should be. Check the disk; if the file is gone, restore a backup.',
  'error.store_damaged':
    'The record store is damaged and was not opened, to keep it from getting worse. Restore the latest backup.',
  'error.store_newer':
    'The record store was written by a newer version. Install the newest Trạm on this PC and open again.',
  'error.store_mismatch':
    'Another edition of Trạm wrote this store and the one on this PC cannot read it. The records are unharmed; open them with the edition that made the store.',
  'error.store_read_only':
    'The place of storage can only be read. Check the rights of the folder or the write lock of the disk.',
  'error.disk_full': 'The disk is full; this save was not written. Free some space and save again.',
  'error.wrong_key':
    'The key does not open this store. Check that account and PC are the right ones, or use the recovery key.',
  'error.keyring_missing':
    'The key file of the store is missing. Copy keyring.json back from the backup beside the store.',
  'error.keyring_damaged':
    'The key file is damaged. Copy keyring.json back from the backup beside the store.',
  'error.store_in_use': 'Trạm is running in another window on this PC. Use that one, or close it first.',
  'error.backup_failed':
    'The backup failed. Check that the backup folder or USB disk is there and has space, then press Back up now.',
  'error.backup_damaged':
    'The backup did not open intact and does not count. Choose another folder and back up again.',
  'error.already_set_up': 'This PC has been set up already. Log in to work.',

  'error.wrong_password':
    'User name or password is not right. Check Caps Lock and the Vietnamese input method, then try again.',
  'error.account_locked': 'Too many wrong tries. Wait for the countdown to end and try again.',
  'error.account_disabled': 'This account is no longer in use. Ask the administrator of the center.',
  'error.account_unknown_here':
    'This account cannot log in on this PC yet. Ask the administrator to set a new password here.',
  'error.weak_password':
    'The password is too weak. Use at least 8 characters, unlike the user name and not an easy sequence.',
  'error.username_taken': 'That user name is taken. Choose another.',
  'error.recovery_key_group':
    'Group {group} of the recovery key has a typing error. Compare that group with the printed sheet.',
  'error.recovery_key_length':
    'The recovery key has 40 characters, {typed} were typed. Compare with the printed sheet.',
  'error.wrong_recovery_key': 'The recovery key is not right. Type each group again as on the printed sheet.',
  'error.last_administrator': 'This is the last administrator. Give the role to someone else first.',
  'error.reason_required': 'Write a reason and save again.',
  'error.not_found': 'This was not found. The screen may be old; go back and open it again.',

  'error.stale': 'Someone else has just changed this. Look at the new value and decide again.',
  'error.already_admitted':
    'The patient is already admitted. Open the chart to transfer, or discharge first.',
  'error.not_admitted': 'The patient is not admitted now. Admit first.',
  'error.bed_taken': 'The bed is taken. Choose another, swap beds, or declare the bed shared.',
  'error.bed_not_ready': 'The bed is being cleaned or closed. Choose another, or mark it ready.',
  'error.bed_not_in_ward': 'This bed is not in the chosen ward. Choose ward and bed again.',
  'error.illegal_transition':
    'The stay is past the step that allows this. Open the chart again to see where it stands.',
  'error.time_in_future': 'The time lies in the future. Check date and time, and the clock of this PC.',
  'error.time_before_admission': 'The time is before the admission. Check date and time.',
  'error.time_before_last_move': 'The time is before the latest change of ward or bed. Check date and time.',
  'error.time_after_discharge': 'The time is after the discharge. Check date and time.',
  'error.implausible_value': 'A value is beyond what is possible. Measure again or correct the marked field.',
  'error.nothing_recorded': 'There is nothing to save. Fill in at least one field.',
  'error.allergy_not_asked':
    'Allergies have not been asked, so orders cannot be written. Ask the patient and record the answer first.',
  'error.already_voided': 'This was voided before. There is nothing more to do.',
  'error.undo_expired': 'More than 8 seconds have passed. Correct it the usual way and give a reason.',
  'error.wrong_ward':
    'This account works only with patients of its own wards. Ask the ward that has the patient, or the doctor on duty.',
  'error.duplicate_identifier':
    'This number belongs to another patient. Open that record to compare, or check the number.',
  'error.already_settled': 'Someone else has settled this. The list will update itself.',
  'error.bed_occupied': 'Somebody still lies here. Move the patient first.',
  'error.unusual_value':
    'A value is outside the usual range. Look at the marked field and confirm it if it is right.',
  'error.has_allergies':
    'The patient has recorded allergies. Strike each out with a reason before answering “none known”.',
  'error.must_change_password':
    'An administrator set this password. Choose one of your own before you start work.',
  'error.password_changed_elsewhere': 'This password was changed on another PC. Type the new one.',
  'error.pin_needs_open_store':
    'The record on this PC is not open yet, so a PIN does not work. Log in with the password.',
  'error.training_stays_here': 'Training connects to nothing outside this PC: its patients are not real.',
  'error.training_password_fixed': 'Training accounts keep their printed passwords.',
  'error.too_many_drafts': 'You have too many unfinished drafts. Finish or discard some, then go on writing.',
  'error.backup_no_room':
    'No room for the backup on that disk or USB disk. Remove other files there or choose another disk, then press Back up now.',
  'error.backup_folder_missing':
    'The backup folder or USB disk is not there. Plug it in again, or choose another on the station page.',

  'error.peer_unreachable':
    'The other place cannot be reached. Check cable, Wi-Fi and the typed address, then try again. Your work is not affected.',
  'error.peer_not_tram':
    'Something answers at this address, but it is not Trạm. Check the address; if the Wi-Fi wants a login page, log in there first.',
  'error.wrong_peer':
    'The PC that answered is not the one joined before, so nothing was sent. Ask the person in charge before going on.',
  'error.code_wrong':
    'The code is not right. Compare each group with the paper or the other screen and type again.',
  'error.code_used': 'This code was used or has expired. Ask for a new one.',
  'error.already_enrolled': 'The center has joined a province already. There is nothing more to do.',
  'error.not_enrolled':
    'The center has not joined a province. The administrator does so on the page Sending.',
  'error.wrong_center':
    'That place belongs to another center, so no records are exchanged. Check address and code.',
  'error.station_revoked':
    'This PC has been revoked and receives no more records. What was written is kept and sent. Call the administrator of the center.',
  'error.revoke_this_pc':
    'The PC you sit at cannot revoke itself. Open Trạm on another PC of the center and revoke this one there.',
  'error.training_apart':
    'One side is in training mode, the other holds real records, so they do not connect. Open the same mode on both and get a new code.',
  'error.update_needed':
    'The two versions are too far apart. Install the newest Trạm on this PC and try again.',
  'error.file_not_for_us':
    'This file was written for another place and cannot be read here. What waits for the province only the province can read: write again on the other PC and choose “The whole record of the center”.',
  'error.file_damaged': 'The file is damaged or was not copied in full. Write it to USB again and retry.',
  'error.no_such_folder':
    'That folder or file is not there. Plug the stick in again, or check the typed path.',

  'error.reader_missing': 'No fingerprint reader found. Plug it in again and retry.',
  'error.reader_not_chosen':
    'Several fingerprint readers are plugged into this PC. Choose the one used here and retry.',
  'error.reader_busy': 'The fingerprint reader is in use in another window. Close that window and retry.',
  'error.reader_unplugged': 'The fingerprint reader was unplugged. Plug it in and start the finger again.',
  'error.reader_no_access':
    'This PC does not let Trạm use the fingerprint reader. Tell whoever looks after the PC.',
  'error.reader_wrong_password':
    'The fingerprint reader wants another password. Tell whoever looks after the PC.',
  'error.reader_failed':
    'The fingerprint reader does not work. Unplug it and plug it in; if that does not help, use another one.',
  'error.reader_line_bad':
    'The cable of the fingerprint reader is unreliable. Push it in firmly or change it, then retry.',
  'error.reader_software_missing':
    'The maker’s software for this reader is not on this PC. Tell whoever looks after the PC.',
  'error.capture_cancelled': 'Capture stopped. Nothing was saved.',
  'error.finger_timeout': 'No finger was seen. Put the finger on the reader and retry.',
  'error.finger_unclear':
    'The fingerprint is not clear. Dry the finger, place it lightly, hold still and retry.',
  'error.image_unreadable': 'The fingerprint picture cannot be read. Take the fingerprint again.',
  'error.image_too_small': 'The fingerprint picture is too small. Take the fingerprint again.',
  'error.image_too_large': 'The fingerprint picture is too large. Take the fingerprint again.',
  'error.image_no_finger': 'There is no fingerprint in the picture. Put the finger on the reader and retry.',
  'error.template_unreadable':
    'The fingerprint template cannot be read. Take this person’s fingerprint again.',
  'error.finger_key_missing':
    'This PC has no key yet for this person’s fingerprints. Connect it with the PC that took them on the center’s own network, or take a finger on this PC too.',
  'error.template_too_weak':
    'This fingerprint has too few features. Take it again, or choose another finger.',
  'error.impressions_differ': 'The impressions are not alike. Take them again, always with the same finger.',
  'error.consent_missing': 'Consent to fingerprints has not been recorded. Ask and record it first.',
  'error.consent_withdrawn': 'This person has withdrawn consent; the fingerprints were erased.',
  'error.finger_enrolled': 'This finger is enrolled already. Choose another, or take this one again.',
  'error.second_finger_needed': 'A second finger is needed to confirm.',

  'error.form_unknown':
    'The Trạm on this PC does not know that form. Install the newest Trạm and open again.',
  'error.field_missing': 'Some required fields are empty. Fill the marked ones and finalise again.',
  'error.document_frozen':
    'This paper was finalised, so that version cannot be changed. Edit, then finalise a new version with a reason.',
  'error.document_void': 'This paper was voided. Write a new one if it is needed.',
  'error.document_altered':
    'This paper is not what was finalised, so it cannot be shown, signed or printed. Finalise it anew and tell whoever looks after the PCs.',
  'error.document_not_here':
    'The file of this paper has not reached this PC yet. It is being fetched; wait a few minutes and open it again, or use the PC it was made on.',
  'error.not_your_turn': 'It is not your turn to sign this paper. Whoever comes before must sign first.',
  'error.already_signed': 'Somebody has signed at this step. Open the paper again to see who.',
  'error.not_read':
    'Not all pages of a paper were looked at, so it cannot be signed. Open it, go to the last page and sign again.',
  'error.print_failed':
    'The pages could not be made. Try again; if that fails, restart Trạm and tell whoever looks after the PC.',
  'error.printer_missing': 'No usable printer on this PC. Switch it on, plug it in and print again.',
  'error.pin_wrong': 'The PIN is not right. Check Caps Lock and the number keys, then type again slowly.',
  'error.pin_last_try':
    'The signing token has one try left. One more mistake locks it. Stop and find the note with the PIN first.',
  'error.pin_locked':
    'The signing token is locked after too many wrong PINs. Trạm cannot open it; call the issuer of the signature.',
  'error.pin_default':
    'The PIN is still the one it was sold with. Change it with the maker’s software, then sign.',
  'error.pin_length': 'The PIN is too short or too long for this token. Type all of it again.',
  'error.pin_unreadable': 'The PIN did not reach the token. Type it again.',
  'error.token_missing': 'No signing token found. Plug it into this PC, wait a few seconds and retry.',
  'error.token_gone':
    'The signing token was pulled out. What was signed stays signed. Plug it in again and sign the rest.',
  'error.token_locked':
    'The token was not used for too long and must be opened again. Type the PIN once more.',
  'error.token_hangs':
    'The signing token does not answer. Pull it out, wait a few seconds, plug it in and retry.',
  'error.token_failed':
    'The signing token reported an error; nothing was signed. Plug it in again and retry.',
  'error.token_module_unfit':
    'The token’s software on this PC does not work with Trạm. Tell whoever looks after the PC.',
  'error.certificate_unfit':
    'This certificate cannot be used to sign papers. Choose another, or ask the issuer of the signature.',
  'error.certificate_other_person':
    'This certificate is in another person’s name. Sign with your own signature only.',
  'error.algorithm_unfit': 'This token cannot sign in the secure way the rules ask for. Ask the issuer.',
  'error.stamp_unreachable':
    'The time-stamp service cannot be reached. The signature is kept; the time-stamp is added when there is a line.',
  'error.stamp_refused': 'The time-stamp service refused. Check its address in the signing settings.',
  'error.revocation_unreachable':
    'The issuer could not be asked whether the certificate is still good. Retry when there is a line.',
  'error.signature_unreadable':
    'This cannot be read as a signed file. Check that it is the right file and complete.',
};
