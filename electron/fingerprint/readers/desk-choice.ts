// Which reader this station uses: the one it remembers, else the only one plugged in. Pure.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ReaderInfo } from '../types.ts';

/** Enough to name a reader that is not plugged in now. */
export type Remembered = Pick<ReaderInfo, 'id' | 'kind' | 'model' | 'place'>;

/** reader_missing: none is plugged in. reader_not_chosen: several are, and none of them is the remembered one. */
export function chooseReader(
  readers: readonly ReaderInfo[],
  remembered: Remembered | null,
): Result<ReaderInfo> {
  const same = readers.find(({ id }) => id === remembered?.id);
  if (same) return ok(same);
  // moved to another plug
  const alike = readers.filter(({ kind, model }) => kind === remembered?.kind && model === remembered.model);
  const [only, ...others] = alike.length === 1 ? alike : readers;
  if (!only) return fail('reader_missing');
  return others.length === 0 ? ok(only) : fail('reader_not_chosen');
}

export const rememberedText = ({ id, kind, model, place }: Remembered): string =>
  JSON.stringify({ id, kind, model, place });

const kinds = ['serial', 'usb', 'vendor', 'simulated'] as const;

/** Null for what another version wrote and this one cannot read. */
export function parseRemembered(text: string | null): Remembered | null {
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return null;
    const { id, kind, model, place } = parsed as Record<string, unknown>;
    const known = kinds.find((name) => name === kind);
    if (typeof id !== 'string' || typeof model !== 'string' || typeof place !== 'string' || !known)
      return null;
    return { id, kind: known, model, place };
  } catch {
    return null;
  }
}
