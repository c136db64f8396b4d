// A U.are.U reader in software, behind the driver's transport: it keeps the state the firmware keeps, and at
// any transfer it can hang, be pulled out, or misbehave in the ways real ones were seen to.
import { createCipheriv } from 'node:crypto';
import { TransferError, type Transport } from '../../../../electron/fingerprint/readers/usb/transport.ts';

export interface FakeReaderSetup {
  /** First answer of the power register. */
  status?: number;
  /** Answers of 84 before the trouble ends. */
  troubleReads?: number;
  /** Writes that do not wake it. */
  deafWakes?: number;
  /** Wakes without its word that the scanner has current. */
  silentWakes?: number;
  /** Asks for this key's proof before it wakes. */
  challengeKey?: Buffer;
  keys?: (number: number) => number;
  /** What each picture asked for brings. */
  transfers?: (Uint8Array | 'nothing' | 'stalled')[];
  /** Called before each transfer is answered, with its number from 0 and its name. */
  at?: (index: number, name: string) => void | Promise<void>;
}

export interface FakeReader extends Transport {
  /** Names of all transfers so far: `in 7`, `out 4e 20`, `bulk`, `irq 101`. */
  readonly done: string[];
  press(): void;
  lift(): void;
  interrupt(type: number): void;
  /** The next picture of its own accord, if it is in that mode and one is waited for. */
  resend(): void;
  unplug(): void;
  /** The PC slept: current was cut. */
  cutCurrent(): void;
  readonly closed: boolean;
  readonly mode: number;
  readonly isLow: boolean;
  /** Transfers that are still waiting. */
  readonly pending: number;
}

export function fakeReader(setup: FakeReaderSetup = {}): FakeReader {
  const { keys = (number) => 0x1234_5678 + number * 0x0101_0101, transfers = [] } = setup;
  const done: string[] = [];
  const waiting = new Set<(error: TransferError) => void>();
  const goneListeners: (() => void)[] = [];
  let deafWakes = setup.deafWakes ?? 0;
  let silentWakes = setup.silentWakes ?? 0;
  let troubleReads = setup.troubleReads ?? 0;
  let inTrouble = ((setup.status ?? 1) & 0x84) === 0x84;
  let fresh = true;
  let low = ((setup.status ?? 1) & 0x80) !== 0;
  let hasCurrent = false;
  let answered = setup.challengeKey === undefined;
  let mode = 0;
  let finger = false;
  let isGone = false;
  let closed = false;
  let keyNumber = 0;
  let seed = 0;
  let packet: ((bytes: Uint8Array) => void) | null = null;
  let serve: (() => void) | null = null;
  const challenge = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

  const interrupt = (type: number) => {
    done.push(`irq ${type.toString(16)}`);
    void (async () => {
      await setup.at?.(done.length - 1, `irq ${type.toString(16)}`);
      if (isGone || closed) return;
      const bytes = new Uint8Array(64);
      bytes[0] = type >> 8;
      bytes[1] = type & 0xff;
      packet?.(bytes);
    })();
  };

  /** One transfer: may hang, rejects with `gone` when the plug is pulled. */
  const transfer = <T>(name: string, work: () => T | Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (isGone) return reject(new TransferError('gone', 'gone'));
      if (closed) return reject(new TransferError('cancelled', 'closed'));
      waiting.add(reject);
      done.push(name);
      const index = done.length - 1;
      void (async () => {
        await setup.at?.(index, name);
        try {
          if (!isGone) resolve(await work());
        } catch (error) {
          reject(error);
        } finally {
          waiting.delete(reject);
        }
      })();
    });

  const readPower = (): number => {
    if (fresh) {
      fresh = false;
      return setup.status ?? 1;
    }
    if (inTrouble && troubleReads-- > 0) return 0x84;
    inTrouble = false;
    return (low ? 0x80 : 0) | 1;
  };
  const writePower = (value: number) => {
    if (value & 0x80) {
      low = true;
      hasCurrent = false;
    } else if (deafWakes > 0) deafWakes--;
    else if (answered && low && !inTrouble) {
      low = false;
      hasCurrent = true;
      if (silentWakes > 0) silentWakes--;
      else interrupt(0x56aa);
    }
  };
  const writeMode = (value: number) => {
    mode = value;
    if (!hasCurrent) return;
    if (value === 0x10 && finger) interrupt(0x0101);
    if (value === 0x12 && !finger) interrupt(0x0200);
    if (value === 0x20) serve?.();
  };

  return {
    done,
    controlIn: (request, register, length) =>
      transfer(`in ${register.toString(16)}`, () => {
        if (request !== 4) throw new TransferError('stalled', 'request');
        if (register === 0x07) return Uint8Array.of(readPower());
        if (register === 0xf0) return new Uint8Array(16);
        if (register === 0x2010) return Uint8Array.from(challenge);
        if (register !== 0x34) throw new TransferError('stalled', 'register');
        const key = new Uint8Array(length);
        new DataView(key.buffer).setUint32(0, (keys(keyNumber) ^ seed) >>> 0, true);
        return key;
      }),
    controlOut: (_, register, bytes) =>
      transfer(`out ${register.toString(16)} ${Buffer.from(bytes).toString('hex')}`, () => {
        if (register === 0x07) writePower(bytes[0]!);
        else if (register === 0x4e) writeMode(bytes[0]!);
        else if (register === 0x33) {
          keyNumber = bytes[0]!;
          seed = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true);
        } else if (register === 0x2000 && setup.challengeKey) {
          const cipher = createCipheriv('aes-128-ecb', setup.challengeKey, null);
          answered = Buffer.from(bytes).equals(cipher.update(challenge));
        }
      }),
    interrupts: (_, __, listener) => {
      packet = listener;
    },
    bulkIn: (_, __, signal) =>
      transfer(
        'bulk',
        () =>
          new Promise<Uint8Array>((resolve, reject) => {
            let over = false;
            signal.addEventListener('abort', () => {
              over = true;
              reject(new TransferError('cancelled', 'cancelled'));
            });
            serve = () => {
              if (over) return;
              const next = transfers.shift() ?? 'nothing';
              if (next === 'stalled') reject(new TransferError('stalled', 'stalled'));
              else if (next !== 'nothing') resolve(Uint8Array.from(next));
            };
          }),
      ),
    onGone(listener) {
      if (isGone) listener();
      else goneListeners.push(listener);
    },
    close: async () => {
      closed = true;
      packet = null;
    },
    press() {
      finger = true;
      if (mode === 0x10 && hasCurrent) interrupt(0x0101);
    },
    lift() {
      finger = false;
      if (mode === 0x12 && hasCurrent) interrupt(0x0200);
    },
    interrupt,
    resend() {
      if (mode === 0x20 && hasCurrent) serve?.();
    },
    unplug() {
      if (isGone) return;
      isGone = true;
      for (const reject of [...waiting]) reject(new TransferError('gone', 'gone'));
      for (const listener of goneListeners.splice(0)) listener();
    },
    cutCurrent() {
      hasCurrent = false;
      low = true;
      mode = 0;
      answered = setup.challengeKey === undefined;
    },
    get closed() {
      return closed;
    },
    get mode() {
      return mode;
    },
    get isLow() {
      return low;
    },
    get pending() {
      return waiting.size;
    },
  };
}
