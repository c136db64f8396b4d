// A PIV card in software (NIST SP 800-73-4): enough of it that OpenSC takes it for one, through vpcd's virtual reader
// (length in two bytes, then an APDU or a single control byte). Connecting is putting it in, disconnecting pulling it out.
// Its keys are RSA of 2,048 bits: 9A signs once the PIN was given, 9C wants it before each signature.
import { constants, createPrivateKey, type KeyObject, privateEncrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Identity } from '../support.ts';

export interface Card {
  /** As the card counts: PINs that may still be wrong. */
  readonly triesLeft: number;
  /** Signatures made since it was made. */
  readonly signed: number;
  insert(port: number): Promise<void>;
  remove(): Promise<void>;
  /** Pulled out in the moment it is asked for this signature, counted from now. */
  removeAtSignature(nth: number): void;
}

export interface CardOptions {
  readonly pin: string;
  readonly tries?: number;
  /** 16 bytes, hex: what its serial number is made of. */
  readonly guid: string;
  /** Key 9A. */
  readonly authentication: Identity;
  /** Key 9C. */
  readonly signature: Identity;
}

export function makeCard({ pin, tries = 3, guid, authentication, signature }: CardOptions): Card {
  const keys = new Map([
    [0x9a, keyOf(authentication)],
    [0x9c, keyOf(signature)],
  ]);
  const objects = new Map([
    ['7e', tlv(0x7e, tlv(0x4f, aid), tlv(0x5f2f, Buffer.from([0x40, 0])))],
    [
      '5fc102',
      tlv(
        0x53,
        tlv(0x30, fascN),
        tlv(0x34, Buffer.from(guid, 'hex')),
        tlv(0x35, Buffer.from('20301231')),
        tlv(0x3e),
        tlv(0xfe),
      ),
    ],
    ['5fc105', certificateObject(authentication)],
    ['5fc10a', certificateObject(signature)],
  ]);
  let triesLeft = tries;
  let signed = 0;
  let removeAt = 0;
  let socket: Socket | null = null;
  // as long as there is power
  let verified = false;
  let verifiedJustNow = false;
  let chained: Buffer[] = [];
  let rest: Buffer = Buffer.alloc(0);

  return {
    get triesLeft() {
      return triesLeft;
    },
    get signed() {
      return signed;
    },
    async insert(port) {
      const mine = connect(port, '127.0.0.1');
      await new Promise<void>((ready, failed) => mine.once('connect', ready).once('error', failed));
      mine.on('error', () => {});
      socket = mine;
      powerOff();
      listen(mine);
    },
    remove,
    removeAtSignature(nth) {
      removeAt = signed + nth;
    },
  };

  async function remove(): Promise<void> {
    const mine = socket;
    socket = null;
    if (!mine || mine.destroyed) return;
    const gone = new Promise((closed) => mine.once('close', closed));
    mine.destroy();
    await gone;
  }

  function listen(mine: Socket): void {
    let heard = Buffer.alloc(0);
    mine.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      while (heard.length >= 2 && heard.length >= 2 + heard.readUInt16BE()) {
        const message = heard.subarray(2, 2 + heard.readUInt16BE());
        heard = heard.subarray(2 + message.length);
        const answer = message.length === 1 ? control(message[0]!) : apdu(message);
        if (!answer || mine.destroyed) continue;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        mine.write(Buffer.concat([length, answer]));
      }
    });
  }

  function control(what: number): Buffer | null {
    if (what === 4) return answerToReset;
    powerOff();
    return null;
  }

  function powerOff(): void {
    verified = verifiedJustNow = false;
    chained = [];
    rest = Buffer.alloc(0);
  }

  function apdu(bytes: Buffer): Buffer | null {
    const [cla = 0, ins = 0, p1 = 0, p2 = 0] = bytes;
    const data = bytes.subarray(5, 5 + (bytes.length > 5 ? bytes[4]! : 0));
    if (cla === 0x10) {
      chained.push(Buffer.from(data));
      return status(0x9000);
    }
    const whole = Buffer.concat([...chained, data]);
    chained = [];
    switch (ins) {
      case 0xa4: // SELECT; choosing the same application again forgets no PIN
        if (p1 !== 4 || !aid.subarray(0, 5).equals(whole.subarray(0, 5))) return status(0x6a82);
        return long(tlv(0x61, tlv(0x4f, aid.subarray(5)), tlv(0x79, tlv(0x4f, aid.subarray(0, 5)))));
      case 0xcb: {
        const object = objects.get(whole.subarray(2).toString('hex'));
        return object ? long(object) : status(0x6a82);
      }
      case 0xc0:
        return more();
      case 0x20:
        return p2 === 0x80 ? verify(whole, bytes.length > 5) : status(0x6a88);
      case 0x87:
        return authenticate(p1, p2, whole);
      default:
        return status(0x6d00);
    }
  }

  function verify(typed: Buffer, isTry: boolean): Buffer {
    if (!isTry) return status(verified ? 0x9000 : triesLeft === 0 ? 0x6983 : 0x63c0 | triesLeft);
    if (triesLeft === 0) return status(0x6983);
    const expected = Buffer.alloc(8, 0xff);
    expected.write(pin);
    verified = verifiedJustNow = typed.equals(expected);
    triesLeft = verified ? tries : triesLeft - 1;
    return status(verified ? 0x9000 : triesLeft === 0 ? 0x6983 : 0x63c0 | triesLeft);
  }

  function authenticate(algorithm: number, reference: number, template: Buffer): Buffer | null {
    const key = keys.get(reference);
    if (!key || algorithm !== 0x07) return status(0x6a86);
    if (!verified || (reference === 0x9c && !verifiedJustNow)) return status(0x6982);
    if (removeAt > 0 && signed + 1 >= removeAt) {
      removeAt = 0;
      void remove();
      return null;
    }
    verifiedJustNow = false;
    // 7C { 82 (empty: the answer is wanted), 81: the padded block }
    const challenge = template.subarray(-256);
    signed++;
    const answer = privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, challenge);
    return long(tlv(0x7c, tlv(0x82, answer)));
  }

  /** In pieces of 256 bytes. */
  function long(bytes: Buffer): Buffer {
    rest = bytes;
    return more();
  }

  function more(): Buffer {
    const piece = rest.subarray(0, 256);
    rest = rest.subarray(piece.length);
    const left = rest.length === 0 ? 0x9000 : 0x6100 | Math.min(rest.length, 0xff);
    return Buffer.concat([piece, status(rest.length >= 256 ? 0x6100 : left)]);
  }
}

/** T=0 and T=1, nothing else to say. */
const answerToReset = Buffer.from('3b80800101', 'hex');
const aid = Buffer.from('a000000308000010000100', 'hex');
/** Agency 9999: not of the American government, so the GUID counts. */
const fascN = Buffer.from('d4e739da739ced39ce739da1685a1082108ce73984108421fc', 'hex');

const status = (words: number): Buffer => Buffer.from([words >> 8, words & 0xff]);
const keyOf = ({ keyFile }: Identity): KeyObject => createPrivateKey(readFileSync(keyFile));
const certificateObject = ({ der }: Identity): Buffer =>
  tlv(0x53, tlv(0x70, der), tlv(0x71, Buffer.from([0])), tlv(0xfe));

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const name = tag > 0xff ? [tag >> 8, tag & 0xff] : [tag];
  const { length } = value;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([...name, ...size]), value]);
}
