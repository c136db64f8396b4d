// Getting to know a module: at which speed it listens, whether the password is right, what it is and what it can do.
// Clones differ, so everything but the password is optional: what is not answered is not used.
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../../shared/api/errors.ts';
import type { Log } from '../../../store/room.ts';
import {
  type Command,
  commands,
  type ModuleSettings,
  readProductAnswer,
  readSettingsAnswer,
} from './commands.ts';
import type { Line } from './line.ts';
import { defaultAddress } from './packets.ts';
import { type Sensor, sensorSaid } from './pictures.ts';
import { type Heard, openTalk, type Talk, type Timing } from './talk.ts';
import { tune } from './tune.ts';

/** What a person may have set for a port. */
export interface PortSettings {
  /** `COM3`, `/dev/ttyUSB0`. */
  readonly path: string;
  /** Tried before the usual ones. */
  readonly baud?: number;
  /** 32 bits; 0 from the factory. */
  readonly password?: number;
  /** 32 bits; FFFFFFFF from the factory. */
  readonly address?: number;
  /** Makes the module faster for good, see `tune.ts`. */
  readonly tune?: boolean;
}

/** 57,600 is how they leave the factory, 115,200 how `tune` leaves them. */
export const usualBauds = [57_600, 115_200, 38_400, 19_200, 9600] as const;

export interface Module {
  readonly talk: Talk;
  /** The speed it was found at, or has been brought to. */
  readonly baud: number;
  /** For people: its own name where it has one. */
  readonly model: string;
  /** null: it does not say; the total of a picture tells. */
  readonly sensor: Sensor | null;
  readonly settings: ModuleSettings | null;
  /** Newer modules only: `takeGoodPicture` is worth a try. */
  readonly newer: boolean;
  readonly hasLight: boolean;
  /** As `talk.ask`, but says the password again to a module that was without power in between. */
  ask(command: Command, fields?: readonly number[]): Promise<Heard>;
}

/** Finds the module at the other end of an open line. The line stays the caller's, also when there is none. */
export async function meetModule(
  line: Line,
  baudNow: number,
  port: PortSettings,
  timing: Timing,
  log: Log,
): Promise<Result<Module>> {
  const talk = openTalk(line, port.address ?? defaultAddress, baudNow, timing, log);
  const found = await findBaud(talk, port);
  if (!found.ok) {
    if (talk.stranger !== null)
      log('info', 'a fingerprint module answers under another address', { path: port.path });
    return found;
  }

  const settings = await optional(talk, commands.readSettings, [], readSettingsAnswer);
  if (settings) talk.trustFence();
  const product = await optional(talk, commands.readProduct, [], readProductAnswer);
  const hasLight = (await optional(talk, commands.light, lights.off, () => true)) ?? false;
  if (talk.gone) return fail('reader_unplugged');

  let baud = found.value;
  if (port.tune && settings) {
    const tuned = await tune(talk, baud, settings, passwordFields(port), log);
    if (!tuned.ok) return tuned;
    baud = tuned.value;
  }
  log('info', 'a fingerprint module answers', {
    path: port.path,
    baud,
    model: product?.model ?? '',
    hasLight,
  });
  return ok({
    talk,
    baud,
    model: product?.model || 'Synochip (R30x, AS608)',
    sensor: product ? sensorSaid(product.width, product.height) : null,
    settings,
    newer: product !== null,
    hasLight,
    async ask(command, fields) {
      const heard = await talk.ask(command, fields);
      if (heard.kind !== 'answer' || heard.meaning.kind !== 'locked') return heard;
      const opened = await talk.ask(commands.verifyPassword, passwordFields(port));
      return isDone(opened) ? talk.ask(command, fields) : opened;
    },
  });
}

/** Fields of the `light` command: how, speed, colour (1 red, 2 blue, 3 purple), how often (0: until changed). */
export const lights = {
  /** Blue, breathing: put a finger on. */
  place: [1, 100, 2, 0],
  /** Purple: the picture is being read. */
  reading: [3, 0, 3, 0],
  /** Red, three flashes: not good enough, once more. */
  adjust: [2, 25, 1, 3],
  /** Purple, flashing: take the finger away. */
  lift: [2, 50, 3, 0],
  off: [4, 0, 1, 0],
} as const;

/** Says the password at each speed until somebody understands. */
async function findBaud(talk: Talk, port: PortSettings): Promise<Result<number>> {
  const bauds = new Set([...(port.baud ? [port.baud] : []), ...usualBauds]);
  let worst: ErrorCode = 'reader_missing';
  for (const baud of bauds) {
    if (!(await talk.setBaud(baud))) continue;
    const heard = await talk.ask(commands.verifyPassword, passwordFields(port));
    if (heard.kind === 'gone') return fail('reader_unplugged');
    if (heard.kind === 'silent') continue;
    switch (heard.meaning.kind) {
      case 'done':
        return ok(baud);
      case 'failed':
        return fail(heard.meaning.error);
      case 'locked':
        return fail('reader_wrong_password');
      case 'repeat':
      case 'unsupported':
      case 'adjust':
      case 'no_finger':
        // somebody speaks the protocol, and not one command arrives whole
        worst = 'reader_line_bad';
    }
  }
  return fail(talk.stranger === null ? worst : 'reader_wrong_password');
}

async function optional<T>(
  talk: Talk,
  command: Command,
  fields: readonly number[],
  read: (answer: Uint8Array) => T | null,
): Promise<T | null> {
  const heard = await talk.ask(command, fields);
  return heard.kind === 'answer' && heard.code === 0 ? read(heard.payload) : null;
}

export const isDone = (heard: Heard): boolean => heard.kind === 'answer' && heard.meaning.kind === 'done';

export function passwordFields(port: PortSettings): number[] {
  const password = port.password ?? 0;
  return [password >>> 24, (password >>> 16) & 0xff, (password >>> 8) & 0xff, password & 0xff];
}
