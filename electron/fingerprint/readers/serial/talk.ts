// Command and answer with a module. The protocol has no numbers to tell an answer from a late one, so after a command
// that stayed unanswered the line is emptied first, and a question whose answer looks like no other one marks the end
// of what was old. Only a command that changes nothing lasting is said again.
import type { Log } from '../../../store/room.ts';
import { codeMeaning, codeWords, type Meaning } from './codes.ts';
import { type Command, commands } from './commands.ts';
import type { Line } from './line.ts';
import { encodePacket, type Found, openPacketReader, type Packet } from './packets.ts';
import { largestPicture } from './pictures.ts';

/** In ms. A slow or busy PC makes the line look slow; none of these decides what is right, only when to stop waiting. */
export interface Timing {
  /** Factor on every command's own deadline; below 1 only in tests. */
  readonly patience: number;
  /** No byte for so long means the module has nothing more to say. USB bridges hold bytes back for up to 16 ms. */
  readonly quietMs: number;
  /** Longest pause within a picture. */
  readonly gapMs: number;
  /** Between two looks for a finger. */
  readonly pollMs: number;
  /** How long a finger may stay on after the picture. */
  readonly liftMs: number;
  /** How long a module may find pictures poor before one is taken as it is: our own measure decides then. */
  readonly poorMs: number;
}

export const realTiming: Timing = {
  patience: 1,
  quietMs: 120,
  gapMs: 1500,
  pollMs: 60,
  liftMs: 4000,
  poorMs: 4000,
};

/** What came back. `silent`: nothing that could be an answer, after all tries. */
export type Heard =
  | {
      readonly kind: 'answer';
      readonly code: number;
      readonly meaning: Meaning;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'silent' }
  | { readonly kind: 'gone' };

export type HeardPicture =
  | Exclude<Heard, { kind: 'answer' }>
  /** The module would not send it. */
  | Extract<Heard, { kind: 'answer' }>
  | { readonly kind: 'stopped' }
  /** What arrived, until the last packet or until nothing more came; the receiver wipes it. */
  | { readonly kind: 'packed'; readonly bytes: Uint8Array };

export interface Talk {
  ask(command: Command, fields?: readonly number[]): Promise<Heard>;
  /** Asks for the picture and gathers it. `arrived`: bytes so far. */
  receivePicture(signal: AbortSignal, arrived: (bytes: number) => void): Promise<HeardPicture>;
  /** Takes effect for both directions; the module must know of it. */
  setBaud(baud: number): Promise<boolean>;
  /** Once the module is known to answer `readSettings`: marks the end of old answers. */
  trustFence(): void;
  /** Called once. */
  onGone(listener: () => void): void;
  /** An answer came from another address than the one asked: its address. */
  readonly stranger: number | null;
  readonly gone: boolean;
}

export function openTalk(line: Line, address: number, baudAtFirst: number, timing: Timing, log: Log): Talk {
  const reader = openPacketReader();
  let baud = baudAtFirst;
  let gone = false;
  let fenced = false;
  /** Something unanswered may still be answered, or a picture still be on its way; also from before we came. */
  let unsettled = true;
  let stranger: number | null = null;
  let lastByteAt = 0;
  /** Packets nobody waits for are dropped: `null`. */
  let inbox: Packet[] | null = null;
  let wake: () => void = () => {};
  let tellGone: () => void = () => {};

  line.onBytes((bytes) => {
    lastByteAt = performance.now();
    deliver(reader.take(bytes));
    bytes.fill(0);
  });
  line.onGone(() => {
    gone = true;
    wake();
    tellGone();
  });

  return {
    async ask(command, fields = []) {
      const heard = await askSeveralTimes(command, fields);
      hangUp();
      return heard;
    },
    async receivePicture(signal, arrived) {
      const answer = await askSeveralTimes(commands.sendPicture, []);
      const heard = answer.kind === 'answer' && answer.code === 0 ? await gather(signal, arrived) : answer;
      hangUp();
      return heard;
    },
    async setBaud(next) {
      if (!(await line.setBaud(next))) return false;
      baud = next;
      reader.giveUp();
      return true;
    },
    trustFence() {
      fenced = true;
    },
    onGone(listener) {
      tellGone = listener;
      if (gone) queueMicrotask(listener);
    },
    get stranger() {
      return stranger;
    },
    get gone() {
      return gone;
    },
  };

  function deliver(found: Found): void {
    for (const packet of found.packets) {
      if (packet.address !== address) stranger = packet.address;
      else if (inbox) {
        inbox.push(packet);
        continue;
      }
      packet.payload.fill(0);
    }
    wake();
  }

  function hangUp(): void {
    for (const packet of inbox ?? []) packet.payload.fill(0);
    inbox = null;
  }

  async function askSeveralTimes(command: Command, fields: readonly number[]): Promise<Heard> {
    let last: Heard = { kind: 'silent' };
    for (let i = 0; i < command.tries; i++) {
      if (unsettled) await settle();
      last = await askOnce(command, fields);
      if (last.kind === 'gone') return last;
      if (last.kind === 'answer') {
        if (last.meaning.kind !== 'done' && last.meaning.kind !== 'no_finger')
          log('info', 'the fingerprint module answered', { to: command.name, code: codeWords(last.code) });
        if (last.meaning.kind !== 'repeat') return last;
      }
    }
    return last;
  }

  /** One command, one answer or a deadline. Leaves the inbox open: data packets may follow at once. */
  async function askOnce(command: Command, fields: readonly number[]): Promise<Heard> {
    hangUp();
    inbox = [];
    const bytes = encodePacket(address, 'command', Uint8Array.of(command.code, ...fields));
    const onLine = lineMs(bytes.length + command.answerBytes + 11);
    const due = performance.now() + command.answerMs * timing.patience + onLine;
    unsettled = true;
    void line.write(bytes);
    for (;;) {
      const packet = await next(due);
      if (packet === 'gone') return { kind: 'gone' };
      if (packet === 'late') return { kind: 'silent' };
      if (isAnswerTo(command, packet)) {
        unsettled = false;
        return answerOf(packet);
      }
      packet.payload.fill(0);
    }
  }

  /** Data packets until the last one, a pause too long, too many, or a stop. */
  async function gather(signal: AbortSignal, arrived: (bytes: number) => void): Promise<HeardPicture> {
    const bytes = new Uint8Array(largestPicture);
    let length = 0;
    unsettled = true;
    const stop = () => wake();
    signal.addEventListener('abort', stop);
    try {
      for (;;) {
        const packet = await next(performance.now() + timing.gapMs, signal);
        if (packet === 'gone' || packet === 'stopped') {
          bytes.fill(0);
          return { kind: packet };
        }
        if (packet === 'late') return { kind: 'packed', bytes: bytes.subarray(0, length) };
        if (packet.id !== 'data' && packet.id !== 'lastData') continue;
        const fits = length + packet.payload.length <= bytes.length;
        if (fits) {
          bytes.set(packet.payload, length);
          length += packet.payload.length;
        }
        packet.payload.fill(0);
        if (!fits) return { kind: 'packed', bytes: bytes.subarray(0, length) };
        if (packet.id === 'lastData') {
          unsettled = false;
          arrived(length);
          return { kind: 'packed', bytes: bytes.subarray(0, length) };
        }
        arrived(length);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** The next packet of the inbox, waited for until `due`. */
  async function next(due: number): Promise<Packet | 'late' | 'gone'>;
  async function next(due: number, signal: AbortSignal): Promise<Packet | 'late' | 'gone' | 'stopped'>;
  async function next(due: number, signal?: AbortSignal): Promise<Packet | 'late' | 'gone' | 'stopped'> {
    let extended = false;
    for (;;) {
      if (signal?.aborted) return 'stopped';
      const packet = inbox?.shift();
      if (packet) return packet;
      if (gone) return 'gone';
      const left = due - performance.now();
      if (left > 0) await sleep(left);
      else if (-left > lateMs && !extended) {
        // this thread was kept busy past the deadline: what came meanwhile has not been read yet
        extended = true;
        due = performance.now() + timing.quietMs;
      } else {
        deliver(reader.giveUp());
        return inbox?.shift() ?? 'late';
      }
    }
  }

  /** Until something comes, or so long. */
  function sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(woken, ms);
      wake = woken;
      function woken(): void {
        clearTimeout(timer);
        wake = () => {};
        done();
      }
    });
  }

  /** Empties the line: waits until the module says nothing more, then past the answer to a question of its own. */
  async function settle(): Promise<void> {
    hangUp();
    await quiet();
    for (let i = 0; fenced && !gone && i < commands.readSettings.tries; i++) {
      const answer = await askOnce(commands.readSettings, []);
      hangUp();
      await quiet();
      if (answer.kind === 'answer' && answer.payload.length === commands.readSettings.answerBytes) break;
    }
    unsettled = false;
  }

  /** At most as long as a whole picture takes; a module that never stops talking is not waited for. */
  async function quiet(): Promise<void> {
    const begun = performance.now();
    const longest = lineMs(largestPicture) + timing.gapMs;
    lastByteAt = begun;
    for (;;) {
      const now = performance.now();
      const wait = lastByteAt + timing.quietMs - now;
      if (gone || wait <= 0 || now - begun > longest) break;
      await sleep(wait);
    }
    reader.giveUp();
  }

  /** Ten bits a byte. */
  function lineMs(bytes: number): number {
    return Math.ceil((bytes * 10_000) / baud);
  }
}

/** A deadline noticed so much later means that the thread was busy, not that the module was silent. */
const lateMs = 20;

/** The answer to another question is not taken for this one's; a failing command answers with its code alone. */
function isAnswerTo(command: Command, packet: Packet): boolean {
  const { length } = packet.payload;
  if (packet.id !== 'answer' || length === 0) return false;
  if (length < command.answerBytes) return packet.payload[0] !== 0;
  return length === command.answerBytes || !longAnswers.has(length);
}

/** 17 and 47 bytes: late answers to these two questions are known by their length. */
const longAnswers: ReadonlySet<number> = new Set([
  commands.readSettings.answerBytes,
  commands.readProduct.answerBytes,
]);

function answerOf(packet: Packet): Heard {
  const code = packet.payload[0] ?? 0xff;
  return { kind: 'answer', code, meaning: codeMeaning(code), payload: packet.payload };
}
