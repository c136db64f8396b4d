// The readers this family can speak to, as a table: they differ in two things only. Numbers from the
// devices' USB descriptors and from the public protocol knowledge gathered by the libfprint project.

export interface UruModel {
  readonly vendor: number;
  readonly product: number;
  /** As printed on it. */
  readonly name: string;
  /** Wakes only after its 16-byte challenge was answered. */
  readonly challenge: boolean;
  /** Sends its picture turned by 180°. */
  readonly upsideDown: boolean;
}

const model = (
  vendor: number,
  product: number,
  name: string,
  { challenge = false, upsideDown = false } = {},
): UruModel => ({ vendor, product, name, challenge, upsideDown });

export const models: readonly UruModel[] = [
  model(0x05ba, 0x0007, 'DigitalPersona U.are.U 4000'),
  model(0x05ba, 0x0008, 'DigitalPersona U.are.U 4000 (bàn phím)'),
  model(0x05ba, 0x000a, 'HID DigitalPersona U.are.U 4000B/4500', { upsideDown: true }),
  model(0x045e, 0x00bb, 'Microsoft Keyboard with Fingerprint Reader'),
  model(0x045e, 0x00bc, 'Microsoft IntelliMouse with Fingerprint Reader'),
  model(0x045e, 0x00bd, 'Microsoft Fingerprint Reader'),
  model(0x045e, 0x00ca, 'Microsoft Fingerprint Reader v2', { challenge: true }),
];

/** The model with these USB numbers, or undefined for anything that is no reader of this family. */
export const modelOf = (vendor: number, product: number): UruModel | undefined =>
  models.find((one) => one.vendor === vendor && one.product === product);
