// A refusal that names fields is shown at those fields too.
import type { Failure } from '../../../shared/api/contract.ts';
import type { Text } from '../../i18n/index.ts';

export function fieldErrors(t: Text, failure: Failure | null): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(failure?.fields ?? {}).map(([field, key]) => [field, t.of(key)]));
}
