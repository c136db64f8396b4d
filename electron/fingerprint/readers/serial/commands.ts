// The few commands this driver sends, as data. It takes pictures and asks what the module is; it never stores, matches
// or deletes prints inside a module: templates of one make are of no use to another.

export interface Command {
  readonly code: number;
  readonly name: string;
  /** How often it is said when no answer comes; once if it changes something that lasts. */
  readonly tries: number;
  /** ms until an answer is due, on top of the time its bytes take on the line. */
  readonly answerMs: number;
  /** Of a good answer, with the confirmation code. */
  readonly answerBytes: number;
}

export const commands = {
  /** Takes a picture into the module's memory if a finger is on the glass; 0.2 to 1 s on optical modules. */
  takePicture: { code: 0x01, name: 'GenImg', tries: 3, answerMs: 2000, answerBytes: 1 },
  /** The same, but says 07 when the picture is poor. Newer modules only (R503 manual 1.2.2). */
  takeGoodPicture: { code: 0x28, name: 'GetImageEx', tries: 1, answerMs: 2000, answerBytes: 1 },
  /** Sends the picture in memory, as data packets after the answer. May be asked for again. */
  sendPicture: { code: 0x0a, name: 'UpImage', tries: 3, answerMs: 1000, answerBytes: 1 },
  /** Writes a setting into flash. Never said twice: flash wears out, and the first may have been heard. */
  writeSetting: { code: 0x0e, name: 'WriteReg', tries: 1, answerMs: 1000, answerBytes: 1 },
  readSettings: { code: 0x0f, name: 'ReadSysPara', tries: 3, answerMs: 500, answerBytes: 17 },
  verifyPassword: { code: 0x13, name: 'VfyPwd', tries: 2, answerMs: 300, answerBytes: 1 },
  /** Ring of light; newer modules only. Missing it is no failure. */
  light: { code: 0x35, name: 'AuraLedConfig', tries: 1, answerMs: 400, answerBytes: 1 },
  readProduct: { code: 0x3c, name: 'ReadProdInfo', tries: 1, answerMs: 400, answerBytes: 47 },
} as const satisfies Record<string, Command>;

/** Settings of `writeSetting` this driver may write (`tune.ts`). */
export const settingNumbers = { baud: 4, packetSize: 6 } as const;

/** What `readSettings` answers after the code, 16 bytes. */
export interface ModuleSettings {
  readonly systemId: number;
  readonly capacity: number;
  readonly packetBytes: number;
  readonly baud: number;
}

export function readSettingsAnswer(answer: Uint8Array): ModuleSettings | null {
  if (answer.length < commands.readSettings.answerBytes) return null;
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  return {
    systemId: view.getUint16(3),
    capacity: view.getUint16(5),
    packetBytes: 32 << Math.min(view.getUint16(13), 3),
    baud: view.getUint16(15) * 9600,
  };
}

/** What `readProduct` answers after the code, 46 bytes. */
export interface Product {
  readonly model: string;
  readonly serial: string;
  /** Of the sensor; 0 × 0 where the module does not say. */
  readonly width: number;
  readonly height: number;
}

export function readProductAnswer(answer: Uint8Array): Product | null {
  if (answer.length < commands.readProduct.answerBytes) return null;
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  return {
    model: printable(answer.subarray(1, 17)),
    serial: printable(answer.subarray(21, 29)),
    width: view.getUint16(39),
    height: view.getUint16(41),
  };
}

/** Names are padded with zeros, blanks or whatever was in memory. */
function printable(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e) break;
    text += String.fromCharCode(byte);
  }
  return text.trim();
}
