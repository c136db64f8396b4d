// Changes of one kind out of all of a paper's, read.
import type * as z from 'zod';
import type { Change, ChangeKind } from '../../../shared/model/change.ts';

export interface OfKind<S extends z.ZodObject> {
  readonly change: Change;
  readonly body: z.output<S>;
}

/** In canonical order. */
export function ofKind<S extends z.ZodObject>(changes: readonly Change[], kind: ChangeKind<S>): OfKind<S>[] {
  return changes
    .filter((change) => change.kind === kind.kind)
    .map((change) => ({ change, body: kind.body.parse(change.body) }));
}
