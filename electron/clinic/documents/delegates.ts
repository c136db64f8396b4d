// Who may sign in somebody's place. Ours: one who signs this form anyway, at any of its steps, and is still here. The
// center's own regulation names who stands in for whom (TT 13/2025/TT-BYT, Art. 6); the change keeps who named them.
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
    .filter((account) => account.id !== except && mayStandIn(account, steps))
    .map((account) => ({
      userId: UserId.parse(account.id),
      name: account.fullName,
      role: roleFor(account, steps, step),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}

export const mayStandIn = (account: Signer, steps: readonly StepNow[]): boolean =>
  account.active &&
  account.permissions.has('chart.read') &&
  steps.some((one) => one.kind === 'staff' && holdsRole(one, account.roles));

/** The role of the step itself where they hold one, else the one they sign this form with. */
function roleFor(account: Signer, steps: readonly StepNow[], step: string): string {
  const wanted = steps.filter((one) => one.id === step).flatMap((one) => one.roles);
  const any = steps.flatMap((one) => one.roles);
  return [...wanted, ...any].find((role) => account.roles.includes(role)) ?? '';
}
