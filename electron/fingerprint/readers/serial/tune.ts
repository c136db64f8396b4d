// Making a module faster: 115,200 baud and packets of 256 bytes halve the 7 s of a picture. These settings live in the
// module's flash, and newer modules take them up only after the next power-up (R503 manual 1.2.2). So they cannot be
// borrowed for one session and given back: a cable pulled in between would leave them changed, and two writes per
// session wear the flash out. They are written once, only where a person asked for it, and stay; opening finds the
// module at any speed.
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { Log } from '../../../store/room.ts';
import { commands, type ModuleSettings, settingNumbers } from './commands.ts';
import type { Talk } from './talk.ts';

const fastBaud = 115_200;
const largePacket = 256;

/** Answers the speed the module listens at afterwards. Refused settings are no failure: it stays as slow as it was. */
export async function tune(
  talk: Talk,
  baud: number,
  now: ModuleSettings,
  password: readonly number[],
  log: Log,
): Promise<Result<number>> {
  if (now.packetBytes < largePacket) await talk.ask(commands.writeSetting, [settingNumbers.packetSize, 3]);
  // `now.baud`, not the speed it was found at: one that waits for its next power-up says so here and is not written again
  if (now.baud >= fastBaud) return ok(baud);
  await talk.ask(commands.writeSetting, [settingNumbers.baud, fastBaud / 9600]);

  // it may have changed at once, at the next power-up or never, and its answer may have been lost: ask it
  for (const candidate of [fastBaud, baud, fastBaud, baud]) {
    if (!(await talk.setBaud(candidate))) continue;
    const heard = await talk.ask(commands.verifyPassword, password);
    if (heard.kind === 'gone') return fail('reader_unplugged');
    if (heard.kind === 'answer' && heard.meaning.kind === 'done') {
      log('info', 'a fingerprint module was asked to be faster', { before: baud, after: candidate });
      return ok(candidate);
    }
  }
  return fail('reader_line_bad');
}
