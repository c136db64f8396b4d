// Speaking to one U.are.U reader: registers, waking it, asking for a picture, letting it sleep. The order of
// transfers is the one the readers' firmware is known to bear; it says nothing when it is offended.
import { encryptBlock } from '../../../store/crypto.ts';
import type { Log } from '../../../store/room.ts';
import type { FingerImage } from '../../types.ts';
import { Fault, faultOf, pause, within } from './fault.ts';
import type { UruModel } from './models.ts';
import { assemble, isScrambled, readPicture, transferBytes, unscramble } from './picture.ts';
import type { Transport } from './transport.ts';

const registers = 0x04;
const interruptEndpoint = 0x81;
const pictureEndpoint = 0x82;
const interruptBytes = 64;

/** Power: bit 7 low, bit 2 trouble, bit 1 an interrupt is waiting, bit 0 the scanner has current. */
const powerRegister = 0x07;
const lowPower = 0x80;
const trouble = 0x84;
const powered = 0x01;
/** The bits that are ours to set when waking it. */
const wakeMask = 0x0f;

/** 5 bytes out: key number, then our 32-bit seed; 4 bytes in: the key, exclusive-or the seed. */
const keyNumberRegister = 0x33;
const keyRegister = 0x34;
const modeRegister = 0x4e;
const versionRegister = 0xf0;
const challengeRegister = 0x2010;
const answerRegister = 0x2000;
const mode = { awaitFinger: 0x10, awaitLift: 0x12, capture: 0x20, off: 0x70 } as const;

/** First two bytes of an interrupt packet. */
const scannerOn = 0x56aa;
const fingerOn = 0x0101;
const fingerOff = 0x0200;
const comingFailure = 0x0800;

/** Reading the power register over and over: as many times, as many ms apart. */
const powerTries = 100;
const powerPauseMs = 10;
/** The scanner's word that it has current sometimes never comes: so long, so often. */
const scannerWaitMs = 300;
const scannerTries = 3;
/** A picture takes 130 ms; one that is announced and does not come is asked for again. */
const pictureWaitMs = 3000;
const pictureTries = 3;

export interface Uru {
  /** Whole start-up, from whatever state the last program or the PC's sleep left it in. */
  startUp(signal: AbortSignal): Promise<void>;
  /** Whether it still is as `startUp` left it: it forgets when the PC sleeps. */
  isAwake(signal: AbortSignal): Promise<boolean>;
  /** `finger_timeout` after `waitMs`. */
  awaitFinger(signal: AbortSignal, waitMs: number): Promise<void>;
  /** Null when it could not send one whole picture: start it up again. */
  picture(signal: AbortSignal): Promise<FingerImage | null>;
  /** Resolves when the finger is off. */
  awaitLift(signal: AbortSignal): Promise<void>;
  /** Lights out; ready for the next capture. */
  rest(): Promise<void>;
  /** Least current; the next capture needs a start-up. */
  sleep(): Promise<void>;
}

export interface UruOptions {
  readonly log: Log;
  /** 32 bits the reader mixes into a key before it tells it. */
  readonly seed: () => number;
}

export function speakTo(transport: Transport, model: UruModel, { log, seed }: UruOptions): Uru {
  const heard = new Set<(type: number) => void>();
  let listening = false;

  const listen = () => {
    if (listening) return;
    listening = true;
    transport.interrupts(interruptEndpoint, interruptBytes, (packet) => {
      if (packet.length < 2) return;
      const type = ((packet[0] ?? 0) << 8) | (packet[1] ?? 0);
      if (type === comingFailure) log('warn', 'usb reader announces that its next picture will fail');
      for (const hear of [...heard]) hear(type);
    });
  };
  /** Hears from now on; wait for it later. */
  const expect = (type: number) => {
    let hear: (type: number) => void = () => {};
    const came = new Promise<void>((resolve) => {
      hear = (got) => {
        if (got === type) resolve();
      };
    });
    heard.add(hear);
    return { came, forget: () => heard.delete(hear) };
  };

  const read = async (register: number, length: number): Promise<Uint8Array> => {
    const bytes = await transport.controlIn(registers, register, length);
    if (bytes.length === length) return bytes;
    throw new Fault('reader_failed', `register ${register.toString(16)}: ${bytes.length} of ${length} bytes`);
  };
  const write = (register: number, ...bytes: number[]): Promise<void> =>
    transport.controlOut(registers, register, Uint8Array.from(bytes));
  const power = async (): Promise<number> => (await read(powerRegister, 1))[0] ?? 0;

  const startUp = async (signal: AbortSignal): Promise<void> => {
    listen();
    const on = expect(scannerOn);
    try {
      for (let round = 0; round < scannerTries; round++) {
        await wake(signal);
        if (await comes(on.came, signal, scannerWaitMs)) {
          const version = await within(read(versionRegister, 16), signal);
          log('info', 'usb reader started', { model: model.name, version: hex(version) });
          return;
        }
        log('warn', 'usb reader does not say that its scanner has current', { round: round + 1 });
      }
    } finally {
      on.forget();
    }
    throw new Fault('reader_failed', `no word of the scanner's current after ${scannerTries} start-ups`);
  };

  const wake = async (signal: AbortSignal): Promise<void> => {
    let status = await within(power(), signal);
    if ((status & trouble) === trouble) status = await outOfTrouble(status, signal);
    if (!(status & lowPower)) await within(write(powerRegister, status | lowPower), signal);
    const wanted = status & wakeMask;
    for (let i = 0; i < powerTries; i++) {
      await within(write(powerRegister, wanted), signal);
      if (!((await within(power(), signal)) & lowPower)) return;
      await pause(powerPauseMs, signal);
      if (model.challenge) {
        const challenge = await within(read(challengeRegister, 16), signal);
        await within(write(answerRegister, ...encryptBlock(challengeKey, challenge)), signal);
      }
    }
    throw new Fault('reader_failed', 'stays in low power');
  };

  /** A Microsoft keyboard comes out of low power confused now and then, and its first answer is 85. */
  const outOfTrouble = async (first: number, signal: AbortSignal): Promise<number> => {
    await within(write(powerRegister, first & wakeMask), signal);
    for (let i = 0; i < powerTries; i++) {
      const status = await within(power(), signal);
      if (status & powered) return status;
      await pause(powerPauseMs, signal);
    }
    throw new Fault('reader_failed', 'stays in trouble');
  };

  const keyOf = async (number: number, signal: AbortSignal): Promise<number> => {
    const ours = seed() >>> 0;
    const seedBytes = [ours, ours >>> 8, ours >>> 16, ours >>> 24].map((part) => part & 0xff);
    await within(write(keyNumberRegister, number, ...seedBytes), signal);
    const theirs = await within(read(keyRegister, 4), signal);
    return (new DataView(theirs.buffer, theirs.byteOffset, 4).getUint32(0, true) ^ ours) >>> 0;
  };

  const picture = async (signal: AbortSignal): Promise<FingerImage | null> => {
    for (let attempt = 0; attempt < pictureTries; attempt++) {
      const bytes = await transfer(attempt === 0, signal);
      const raw = bytes && readPicture(bytes);
      if (raw) {
        if (isScrambled(raw)) await unscramble(raw, (number) => keyOf(number, signal));
        const image = assemble(raw, model.upsideDown);
        bytes.fill(0);
        return image;
      }
      bytes?.fill(0);
      log('warn', 'usb reader sent no whole picture', { bytes: bytes?.length ?? null });
    }
    return null;
  };

  /** The transfer waits before the reader is told to send: it drops what nobody takes. Null when none came. */
  const transfer = async (ask: boolean, signal: AbortSignal): Promise<Uint8Array | null> => {
    const stop = new AbortController();
    const coming = transport.bulkIn(pictureEndpoint, transferBytes, AbortSignal.any([signal, stop.signal]));
    coming.catch(() => {});
    try {
      if (ask) await within(write(modeRegister, mode.capture), signal);
      return await within(coming, signal, {
        ms: pictureWaitMs,
        fault: () => new Fault('reader_failed', `no picture within ${pictureWaitMs} ms`),
      });
    } catch (error) {
      const fault = faultOf(error);
      if (signal.aborted || fault.code === 'reader_unplugged') throw fault;
      log('warn', 'usb reader: picture did not come', { reason: fault.message });
      return null;
    } finally {
      stop.abort();
    }
  };

  return {
    startUp,
    isAwake: async (signal) => ((await within(power(), signal)) & (lowPower | powered)) === powered,
    awaitFinger: async (signal, waitMs) => {
      const finger = expect(fingerOn);
      try {
        await within(write(modeRegister, mode.awaitFinger), signal);
        await within(finger.came, signal, {
          ms: waitMs,
          fault: () => new Fault('finger_timeout', `no finger within ${waitMs} ms`),
        });
      } finally {
        finger.forget();
      }
    },
    picture,
    awaitLift: async (signal) => {
      const lift = expect(fingerOff);
      try {
        await within(write(modeRegister, mode.awaitLift), signal);
        await within(lift.came, signal);
      } finally {
        lift.forget();
      }
    },
    rest: () => write(modeRegister, mode.off),
    sleep: async () => {
      await write(modeRegister, mode.off);
      await write(powerRegister, (await power()) | lowPower);
    },
  };
}

/** The same in every reader that asks: it proves the program is a driver, it protects nothing. */
const challengeKey = Buffer.from('79ac91795ca1478e98e00f3c598f5f4b', 'hex');

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Whether it came in time. */
async function comes(what: Promise<void>, signal: AbortSignal, ms: number): Promise<boolean> {
  const late = new Fault('reader_failed', 'late');
  try {
    await within(what, signal, { ms, fault: () => late });
    return true;
  } catch (error) {
    if (error === late) return false;
    throw error;
  }
}
