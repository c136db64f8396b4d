// The core's end of a browser engine that only the shell's main thread has: sheets go there as messages, PDFs come back.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Press } from '../core.ts';
import type { FromCore } from './core-protocol.ts';

export interface BorrowedPress {
  readonly press: Press;
  /** Null: it could not be drawn. */
  drawn(id: number, pdf: Uint8Array | null): void;
}

/** Longer than the shell's own deadline for a sheet: a shell that lives always answers. */
const patienceMs = 120_000;

export function borrowPress(tell: (message: FromCore) => void): BorrowedPress {
  const waiting = new Map<number, (pdf: Uint8Array | null) => void>();
  let nextId = 1;

  return {
    press: {
      async draw({ html, paper, landscape }): Promise<Result<Buffer>> {
        const id = nextId++;
        const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
        waiting.set(id, resolve);
        const giveUp = setTimeout(() => resolve(null), patienceMs);
        tell({ type: 'sheet', id, sheet: { html, paper, landscape } });
        const pdf = await promise;
        clearTimeout(giveUp);
        waiting.delete(id);
        return pdf ? ok(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)) : fail('print_failed');
      },
      async close() {
        for (const resolve of waiting.values()) resolve(null);
      },
    },
    drawn: (id, pdf) => waiting.get(id)?.(pdf),
  };
}
