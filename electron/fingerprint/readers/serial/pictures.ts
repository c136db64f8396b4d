// From a module's bytes to a picture: four bits a pixel, the left one in the high half. Data packets carry no numbers,
// so a lost one shows only in the total: a total that fits no sensor is not a picture.
import type { FingerImage } from '../../types.ts';

export interface Sensor {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

/** Sensors of this family. 160 × 160 is unconfirmed; the other two are in the makers' manuals. */
const opticalSensor: Sensor = { width: 256, height: 288, dpi: 500 };
export const sensors: readonly Sensor[] = [
  opticalSensor,
  { width: 192, height: 192, dpi: 508 },
  { width: 160, height: 160, dpi: 500 },
];

export const largestPicture = 64 * 1024;
const packedBytes = (sensor: Sensor): number => (sensor.width * sensor.height) / 2;

/** Bytes to expect, for progress only: until the end nobody knows. */
export const expectedBytes = (said: Sensor | null): number => packedBytes(said ?? opticalSensor);

/** A size a module says of itself, where it is a possible one: clones answer with anything. */
export function sensorSaid(width: number, height: number): Sensor | null {
  if (width < 96 || height < 96 || width % 2 !== 0 || (width * height) / 2 > largestPicture) return null;
  const known = sensors.find((sensor) => sensor.width === width && sensor.height === height);
  return known ?? { width, height, dpi: 500 };
}

/** The sensor a picture of so many bytes came from; null: something is missing or too much. */
export function sensorOf(total: number, said: Sensor | null): Sensor | null {
  if (said && packedBytes(said) === total) return said;
  return sensors.find((sensor) => packedBytes(sensor) === total) ?? null;
}

/** 16 greys to 256: × 17 makes 0 black and 15 white. */
export function unpackPicture(packed: Uint8Array, sensor: Sensor): FingerImage {
  const pixels = new Uint8Array(sensor.width * sensor.height);
  for (const [i, byte] of packed.entries()) {
    pixels[i * 2] = (byte >> 4) * 17;
    pixels[i * 2 + 1] = (byte & 0x0f) * 17;
  }
  return { width: sensor.width, height: sensor.height, dpi: sensor.dpi, pixels };
}
