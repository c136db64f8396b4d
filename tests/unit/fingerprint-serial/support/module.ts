// A simulated Synochip module: understands the commands of the manual, sends an invented picture, and misbehaves as
// told. It writes and reads packets with code of its own, so that a mistake in the driver's cannot cancel out.
// What carries its bytes (memory, a pty) is elsewhere.

export interface Behaviour {
  password: number;
  address: number;
  baud: number;
  packetBytes: 32 | 64 | 128 | 256;
  /** null: a clone without ReadProdInfo. */
  product: { model: string; width: number; height: number } | null;
  /** Of the picture it sends. */
  width: number;
  height: number;
  hasLight: boolean;
  hasGoodPicture: boolean;
  /** What it does with commands it does not know. */
  unknown: 'silent' | number;
  /** Written, and waiting for the next power-up. */
  pendingBaud: number | null;
  /** When a written speed counts. */
  takesSettings: 'now' | 'after power-up' | 'never';
  finger: boolean;
  /** The person takes the finger off once the picture has been sent. */
  liftsAfterPicture: boolean;
  /** Confirmation codes for the next times a command comes, before it behaves normally. */
  answers: Partial<Record<number, number[]>>;
  /** Sent before every packet. */
  noise(): Uint8Array;
  /** Is this data packet of this upload (both from 0) lost on the way? */
  loses(upload: number, packet: number): boolean;
  /** … or a byte of it changed? */
  corrupts(upload: number, packet: number): boolean;
  /** ms until the answer leaves; Infinity: never. */
  delay(command: number): number;
  /** Called before a command is carried out, or a data packet sent. */
  moment(what: string): void;
}

export interface SimulatedModule {
  readonly is: Behaviour;
  /** Every command understood, in order. */
  readonly heard: { code: number; fields: number[] }[];
  /** Its picture, 256 greys. */
  readonly picture: Uint8Array;
  /** Bytes from the host at the right speed. */
  receive(bytes: Uint8Array): void;
  /** Set by what carries its bytes; `end` tells that a picture is complete. */
  send: (bytes: Uint8Array) => void;
}

export const codes = {
  takePicture: 0x01,
  sendPicture: 0x0a,
  writeSetting: 0x0e,
  readSettings: 0x0f,
  verifyPassword: 0x13,
  takeGoodPicture: 0x28,
  light: 0x35,
  readProduct: 0x3c,
};

export function simulateModule(differs: Partial<Behaviour> = {}): SimulatedModule {
  const is: Behaviour = {
    password: 0,
    address: 0xffffffff,
    baud: 57_600,
    packetBytes: 128,
    product: null,
    width: 256,
    height: 288,
    hasLight: false,
    hasGoodPicture: false,
    unknown: 'silent',
    pendingBaud: null,
    takesSettings: 'now',
    finger: true,
    liftsAfterPicture: true,
    answers: {},
    noise: () => new Uint8Array(),
    loses: () => false,
    corrupts: () => false,
    delay: () => 0,
    moment: () => {},
    ...differs,
  };
  const packed = ridges(is.width, is.height);
  const heard: SimulatedModule['heard'] = [];
  let uploads = 0;
  let unlocked = false;
  let waiting: number[] = [];
  const queue: { code: number; fields: number[]; wait: number }[] = [];

  const module: SimulatedModule = {
    is,
    heard,
    picture: Uint8Array.from([...packed].flatMap((byte) => [(byte >> 4) * 17, (byte % 16) * 17])),
    receive(bytes) {
      waiting.push(...bytes);
      for (let packet = nextPacket(); packet; packet = nextPacket()) understand(packet);
    },
    send: () => {},
  };
  return module;

  /** Commands only, as a module would read them: from a header on, dropping what is damaged. */
  function nextPacket(): { address: number; payload: number[]; sound: boolean } | null {
    while (waiting.length > 1 && !(waiting[0] === 0xef && waiting[1] === 0x01)) waiting.shift();
    if (waiting.length < 9) return null;
    const size = waiting[7]! * 256 + waiting[8]!;
    if (size < 3 || size > 64) {
      waiting.shift();
      return nextPacket();
    }
    if (waiting.length < 9 + size) return null;
    const whole = waiting.slice(0, 9 + size);
    waiting = waiting.slice(9 + size);
    const summed = whole.slice(6, -2).reduce((sum, byte) => sum + byte, 0) % 65_536;
    return {
      address: Number.parseInt(
        whole
          .slice(2, 6)
          .map((b) => b.toString(16).padStart(2, '0'))
          .join(''),
        16,
      ),
      payload: whole.slice(9, -2),
      sound: summed === whole.at(-2)! * 256 + whole.at(-1)!,
    };
  }

  function understand({ address, payload, sound }: NonNullable<ReturnType<typeof nextPacket>>): void {
    if (address !== is.address || !sound) {
      answer([sound ? 0x20 : 0x01]);
      return;
    }
    const [code = 0, ...fields] = payload;
    heard.push({ code, fields });
    is.moment(`command ${code}`);
    queue.push({ code, fields, wait: is.delay(code) });
    if (queue.length === 1) work();
  }

  /** One command after the other: a slow one holds up those behind it. */
  function work(): void {
    for (let next = queue[0]; next; next = queue[0]) {
      const { code, fields, wait } = next;
      if (wait > 0 && wait < Number.POSITIVE_INFINITY) {
        next.wait = 0;
        setTimeout(work, wait);
        return;
      }
      if (wait === 0) carryOut(code, fields);
      queue.shift();
    }
  }

  function carryOut(code: number, fields: number[]): void {
    const scripted = is.answers[code]?.shift();
    const reply = scripted === undefined ? replyTo(code, fields) : [scripted];
    if (reply) answer(reply);
    if (reply?.[0] !== 0) return;
    if (code === codes.sendPicture) sendPicture();
    if (code !== codes.writeSetting || is.takesSettings !== 'now') return;
    if (fields[0] === 4) is.baud = fields[1]! * 9600;
    if (fields[0] === 6) is.packetBytes = (32 << fields[1]!) as 256;
  }

  /** Confirmation code and what follows it; null: no answer. */
  function replyTo(code: number, fields: number[]): number[] | null {
    if (!unlocked && is.password !== 0 && code !== codes.verifyPassword) return [0x21];
    switch (code) {
      case codes.verifyPassword:
        unlocked = fields.reduce((sum, byte) => sum * 256 + byte, 0) === is.password;
        return [unlocked ? 0 : 0x13];
      case codes.readSettings:
        return [
          0,
          ...[0, 0, 0, 9, 0, 200, 0, 3, ...u32(is.address), 0, Math.log2(is.packetBytes / 32)],
          ...[0, (is.pendingBaud ?? is.baud) / 9600],
        ];
      case codes.readProduct:
        return is.product ? productReply(is.product) : unknown();
      case codes.takeGoodPicture:
        return is.hasGoodPicture ? [is.finger ? 0 : 2] : unknown();
      case codes.takePicture:
        return [is.finger ? 0 : 2];
      case codes.light:
        return is.hasLight ? [0] : unknown();
      case codes.writeSetting:
        if (is.takesSettings === 'after power-up' && fields[0] === 4) is.pendingBaud = fields[1]! * 9600;
        return [is.takesSettings === 'never' ? 0x1b : 0];
      case codes.sendPicture:
        return [0];
      default:
        return unknown();
    }
  }

  function productReply({ model, width, height }: NonNullable<Behaviour['product']>): number[] {
    const name = (text: string, size: number) => [...text.padEnd(size, '\0')].map((c) => c.charCodeAt(0));
    return [
      0,
      ...[...name(model, 16), ...name('2210', 4), ...name('S0000001', 8), 1, 2, ...name('FPC', 8)],
      ...[width >> 8, width % 256, height >> 8, height % 256, 6, 0, 0, 200],
    ];
  }

  function sendPicture(): void {
    const upload = uploads++;
    for (let at = 0, i = 0; at < packed.length; at += is.packetBytes, i++) {
      is.moment(`packet ${i}`);
      const last = at + is.packetBytes >= packed.length;
      if (is.loses(upload, i)) continue;
      const bytes = packet(last ? 0x08 : 0x02, [...packed.slice(at, at + is.packetBytes)]);
      if (is.corrupts(upload, i)) bytes[20] = bytes[20]! ^ 0x10;
      module.send(bytes);
    }
    if (is.liftsAfterPicture) is.finger = false;
  }

  function unknown(): number[] | null {
    return is.unknown === 'silent' ? null : [is.unknown];
  }

  function answer(payload: number[]): void {
    const noise = is.noise();
    if (noise.length > 0) module.send(noise);
    module.send(packet(0x07, payload));
  }

  function packet(id: number, payload: number[]): Uint8Array {
    const length = payload.length + 2;
    const summed = [id, length >> 8, length % 256, ...payload];
    const sum = summed.reduce((a, b) => a + b, 0) % 65_536;
    return Uint8Array.from([0xef, 0x01, ...u32(is.address), ...summed, sum >> 8, sum % 256]);
  }
}

const u32 = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

/** An invented pattern of curved ridges, 4 bits a pixel. */
function ridges(width: number, height: number): Uint8Array {
  const packed = new Uint8Array((width * height) / 2);
  const grey = (x: number, y: number): number => {
    const [dx, dy] = [x - width / 2, (y - height / 2) * 1.2];
    const phase = Math.hypot(dx, dy) / 9 + Math.atan2(dy, dx) / (2 * Math.PI) + Math.sin(x / 31) / 2;
    return Math.round(7.5 + 7.5 * Math.sin(phase * 2 * Math.PI));
  };
  for (let i = 0; i < packed.length; i++) {
    const [x, y] = [(i * 2) % width, Math.floor((i * 2) / width)];
    packed[i] = grey(x, y) * 16 + grey(x + 1, y);
  }
  return packed;
}

/** Repeatable chance. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
