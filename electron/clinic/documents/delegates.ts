// Who may sign in somebody's place. Ours: one who holds a role of that step or of one that comes after it (who signs
// later stands higher), is still here, and has not signed this version: two steps are two people's. The center's own
// regulation names who stands in for whom (TT 13/2025/TT-BYT, Art. 6); the change keeps who named them.
import type { z } from 'zod';
import type { documents } from '../../../shared/api/documents.ts';
import { UserId } from '../../../shared/api/ids.ts';
import type { DocumentNeeds, Signer } from './needs.ts';
import { holdsRole, type StepNow } from './steps.ts';

type Person = z.output<(typeof documents)['documents.signersFor']['output']>['people'][number];

export function signersFor(
  { accounts }: Pick<DocumentNeeds, 'accounts'>,
  steps: readonly StepNow[],
  step: string,
  except: string,
): Person[] {
  return accounts()
    .filter((account) => account.id !== except && mayStandIn(account, steps, step))
    .map((account) => ({
      userId: UserId.parse(account.id),
      name: account.fullName,
      role: roleFor(account, steps, step),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}

export const mayStandIn = (account: Signer, steps: readonly StepNow[], step: string): boolean =>
  account.active && account.permissions.has('chart.read') && standsIn(account.id, account.roles, steps, step);

export function standsIn(
  userId: string,
  roles: readonly string[],
  steps: readonly StepNow[],
  step: string,
): boolean {
  const at = steps.findIndex((one) => one.id === step);
  return (
    at >= 0 &&
    steps.some((one, i) => (i === at || (i > at && one.kind === 'staff')) && holdsRole(one, roles)) &&
    !steps.some((one) => one.kind !== 'person' && one.done?.by === userId)
  );
}

/** The role of the step itself where they hold one, else the one they sign this form with. */
function roleFor(account: Signer, steps: readonly StepNow[], step: string): string {
  const wanted = steps.filter((one) => one.id === step).flatMap((one) => one.roles);
  const any = steps.flatMap((one) => one.roles);
  return [...wanted, ...any].find((role) => account.roles.includes(role)) ?? '';
}
