// The line to training mode's pretend province, as the banner and the training page set it.
import type { Output } from '../../shared/api/index.ts';
import { useAnswer, useOrder } from '../app/api.ts';
import { showFailure } from './notices.ts';

export type Line = NonNullable<Output<'sync.line'>['line']>;
export const lines: readonly Line[] = ['good', 'weak', 'cut'];

/** Null where there is no such line: outside training, or while it is being made. */
export function useLine(): { readonly line: Line | null; readonly turn: (line: Line) => Promise<void> } {
  const answer = useAnswer('sync.line', {});
  const order = useOrder('sync.setLine');
  return {
    line: answer.data?.line ?? null,
    async turn(line) {
      const result = await order.run({ line });
      if (!result.ok) showFailure(result.error);
      await answer.refetch();
    },
  };
}
