// Walks CBOR without building values, so that a stored form can be cut into its parts and put together again at
// tens of thousands of changes a second.
import { WireError } from './bytes.ts';

export interface Item {
  readonly major: number;
  /** Value of an integer, length of a string, count of an array or map, number of a tag. */
  readonly value: number;
  /** Where the item's head ends. */
  readonly next: number;
}

/** Head of the item at `at`. Only what the stored form may contain: definite lengths, safe integers. */
export function headAt(bytes: Uint8Array, at: number): Item {
  const head = newHead();
  readHead(bytes, at, head);
  return head;
}

/** To be filled anew at each step of a walk: thousands of bodies of dozens of items are walked at once. */
export const newHead = (): { major: number; value: number; next: number } => ({
  major: 0,
  value: 0,
  next: 0,
});

export function readHead(bytes: Uint8Array, at: number, into: ReturnType<typeof newHead>): void {
  const first = bytes[at];
  if (first === undefined) missing();
  else {
    const low = first & 31;
    into.major = first >> 5;
    into.value = low;
    into.next = at + 1;
    if (low < 24) return;
    if (low > 27) throw new WireError('CBOR of another kind');
    let place = at + 1;
    const end = place + (1 << (low - 24));
    let value = 0;
    while (place < end) value = value * 256 + (bytes[place++] ?? missing());
    into.value = value;
    into.next = end;
  }
}

const scratch = newHead();

/** Where the item at `at` ends, with everything inside it. */
export function endOf(bytes: Uint8Array, at: number): number {
  let left = 1;
  let place = at;
  while (left > 0) {
    readHead(bytes, place, scratch);
    const { major, value } = scratch;
    place = scratch.next;
    left -= 1;
    if (major === 2 || major === 3) place += value;
    else if (major === 4) left += value;
    else if (major === 5) left += value * 2;
    else if (major === 6) left += 1;
    if (place > bytes.length || left > bytes.length - place) throw new WireError('ends too early');
  }
  return place;
}

const missing = (): never => {
  throw new WireError('ends too early');
};
