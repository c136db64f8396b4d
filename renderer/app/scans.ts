// Codes read by a scanner that the core listens to (serial). The part that asked last gets them;
// with nobody asking, the search palette opens with the number.
import type { EventMessage } from '../../shared/api/index.ts';
import { parseScan } from '../../shared/identity/scan.ts';

type Reader = (raw: string) => void;
const readers: Reader[] = [];

/** Takes every scan until the returned function is called; later askers come first. */
export function readScans(reader: Reader): () => void {
  readers.push(reader);
  return () => {
    readers.splice(readers.indexOf(reader), 1);
  };
}

export function hearScan(message: EventMessage): void {
  if (message.event === 'scan') readers.at(-1)?.(message.payload.raw);
}

/** What to search for after a scan. Of a card damaged by an input method the leading number is still good. */
export function searchTextOfScan(raw: string): string {
  const scan = parseScan(raw);
  switch (scan.kind) {
    case 'cccd':
      return scan.cccd;
    case 'bhyt':
      return scan.card;
    case 'number':
      return scan.value;
    case 'damaged':
      return raw.split('|')[0]?.trim() ?? '';
    case 'unknown':
      return scan.text;
  }
}

/** True for text that can only be a card's QR, typed into the search field by a scanner. */
export const looksLikeCard = (text: string): boolean => text.split('|').length >= 6;
