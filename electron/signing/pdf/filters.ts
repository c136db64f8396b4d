// Decodes the streams a file's structure is kept in: cross-reference and object streams. Only Flate (with PNG
// predictors) and none: no writer uses another filter for these, and page content is never decoded here.
import { inflateSync } from 'node:zlib';
import { type PdfDict, PdfFault, type PdfStream, type PdfValue } from './values.ts';

/** Ours: 32 MiB of structure is more than any paper has. */
const MOST = 32 * 1024 * 1024;

export function decoded(stream: PdfStream): Buffer {
  const filters = listOf(stream.dict.entries.get('Filter'));
  const parameters = listOf(stream.dict.entries.get('DecodeParms'));
  return filters.reduce<Buffer>((bytes, filter, at) => {
    if (
      filter === null ||
      typeof filter !== 'object' ||
      filter.kind !== 'name' ||
      filter.name !== 'FlateDecode'
    )
      throw new PdfFault('filter of a structure stream unknown');
    const with_ = parameters[at];
    return unpredicted(
      inflated(bytes),
      with_ !== null && typeof with_ === 'object' && with_.kind === 'dict' ? with_ : null,
    );
  }, stream.raw);
}

const listOf = (value: PdfValue | undefined): readonly PdfValue[] =>
  value === undefined || value === null
    ? []
    : typeof value === 'object' && value.kind === 'array'
      ? value.items
      : [value];

function inflated(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: MOST });
  } catch {
    throw new PdfFault('stream does not inflate');
  }
}

function unpredicted(bytes: Buffer, parameters: PdfDict | null): Buffer {
  const numberOf = (key: string, otherwise: number): number => {
    const value = parameters?.entries.get(key);
    return value !== null && typeof value === 'object' && value.kind === 'number' ? value.value : otherwise;
  };
  const predictor = numberOf('Predictor', 1);
  if (predictor === 1) return bytes;
  const columns = numberOf('Columns', 1);
  if (
    predictor < 10 ||
    predictor > 15 ||
    numberOf('Colors', 1) !== 1 ||
    numberOf('BitsPerComponent', 8) !== 8
  )
    throw new PdfFault('predictor unknown');
  if (!Number.isInteger(columns) || columns < 1 || columns > 4096 || bytes.length % (columns + 1) !== 0)
    throw new PdfFault('rows of another length');
  const rows = bytes.length / (columns + 1);
  const out = Buffer.alloc(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const kind = bytes[row * (columns + 1)] ?? 0;
    if (kind > 4) throw new PdfFault('row filter unknown');
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const left = column > 0 ? (out[at - 1] ?? 0) : 0;
      const up = row > 0 ? (out[at - columns] ?? 0) : 0;
      const corner = row > 0 && column > 0 ? (out[at - columns - 1] ?? 0) : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] ?? 0;
      out[at] = ((bytes[row * (columns + 1) + 1 + column] ?? 0) + guess) & 255;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
