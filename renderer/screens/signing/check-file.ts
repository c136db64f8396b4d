// Has the core look at a signed file. A call carries a megabyte at most and a scanned record is ten of them, so files go
// over part by part first.
import type { Failure, Result } from '../../../shared/api/contract.ts';
import type { Input, Output } from '../../../shared/api/index.ts';
import { mostFileBytes, partBytes } from '../../../shared/codes/file-limits.ts';

type Methods = 'signing.takePart' | 'signing.verifyFile';

export interface Watch {
  readonly call: <M extends Methods>(method: M, input: Input<M>) => Promise<Result<Output<M>>>;
  /** Whether anybody still waits for the answer. */
  readonly wanted: () => boolean;
  /** How much of the files is there, 0 to 1. */
  readonly told: (share: number) => void;
}

/** `covered`: what a detached signature covers. Null when nobody waits any more. Codes: too_large, file_damaged (can't be read), the core's. */
export async function checkFile(
  signed: Blob,
  covered: Blob | null,
  watch: Watch,
): Promise<Result<Output<'signing.verifyFile'>> | null> {
  const files = covered === null ? [signed] : [signed, covered];
  if (files.some(({ size }) => size > mostFileBytes)) return { ok: false, error: tooLarge };
  const all = files.reduce((sum, { size }) => sum + size, 0);
  const names: string[] = [];
  let before = 0;
  for (const blob of files) {
    const file = crypto.randomUUID();
    for (let at = 0; at === 0 || at < blob.size; at += partBytes) {
      if (!watch.wanted()) return null;
      const part = await base64Of(blob.slice(at, at + partBytes)).catch(() => null);
      if (part === null) return { ok: false, error: unreadable };
      const taken = await watch.call('signing.takePart', { file, at, of: blob.size, part });
      if (!taken.ok) return taken;
      watch.told(Math.min((before + at + partBytes) / Math.max(all, 1), 1));
    }
    before += blob.size;
    names.push(file);
  }
  const [file = '', content = null] = names;
  return watch.wanted() ? watch.call('signing.verifyFile', { file, content }) : null;
}

const tooLarge: Failure = {
  code: 'too_large',
  messageKey: 'signing.fileTooLarge',
  params: { megabytes: mostFileBytes / 1_000_000 },
};

const unreadable: Failure = { code: 'file_damaged', messageKey: 'signing.fileUnreadable' };

/** In pieces: a call with half a million arguments is more than an engine takes. */
async function base64Of(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += pieceBytes)
    text += String.fromCharCode(...bytes.subarray(at, at + pieceBytes));
  return btoa(text);
}
const pieceBytes = 16_384;
