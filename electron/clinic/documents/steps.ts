// Who signs when: the steps of a frozen paper in their order, from what was done at each. A step is open once every
// required one before it is done; an optional one that was passed over is not gone back to.
import type { FormStep } from '../../../shared/model/form-template.ts';

export interface Done {
  /** Account that signed or wrote the confirmation down. */
  readonly by: string | null;
  /** Name in the certificate, or of who confirmed. */
  readonly name: string;
  readonly relation: string | null;
  /** ms since 1970 UTC, by the writer's clock. */
  readonly at: number;
  /** Of a signature: SHA-256 of its container. Of a confirmation: null. */
  readonly container: string | null;
  /** Of a confirmation: SHA-256 of its evidence. */
  readonly evidence: string | null;
  /** Of a signature: what it is judged by, see `signActs`. Of a confirmation: null. */
  readonly act: string | null;
  /** Place among all signatures and confirmations of the paper. */
  readonly n: number;
}

/** What was done at one step of one version. */
export interface Acts {
  readonly done: Done | null;
  readonly refused: { readonly by: string | null; readonly at: number; readonly reason: string } | null;
  readonly delegated: { readonly to: string; readonly by: string | null } | null;
}

/** Everything that would do a step, in the order of the changes: which of it counts depends on what is known to be false. */
export interface Attempts extends Omit<Acts, 'done'> {
  readonly attempts: readonly Done[];
}

/** The first attempt at each step that is not false; a container counts once on a paper, where it came first. */
export function chosen(
  steps: ReadonlyMap<string, Attempts>,
  isFalse: (act: string) => boolean,
): Map<string, Acts> {
  const taken = new Set<string>();
  const done = new Map<string, Done>();
  const all = [...steps].flatMap(([step, { attempts }]) => attempts.map((one) => ({ step, one })));
  for (const { step, one } of all.sort((a, b) => a.one.n - b.one.n)) {
    if ((one.act !== null && isFalse(one.act)) || (one.container !== null && taken.has(one.container)))
      continue;
    if (one.container !== null) taken.add(one.container);
    if (!done.has(step)) done.set(step, one);
  }
  return new Map(
    [...steps].map(([step, { refused, delegated }]) => [
      step,
      { done: done.get(step) ?? null, refused, delegated },
    ]),
  );
}

export interface StepNow extends FormStep {
  readonly state: 'later' | 'waiting' | 'done' | 'refused';
  readonly delegated: Acts['delegated'];
  readonly done: Done | null;
  readonly refused: Acts['refused'];
  /** Of a waiting one: ms since 1970 UTC. */
  readonly since: number | null;
}

const nothing: Acts = { done: null, refused: null, delegated: null };

export function stepsNow(
  steps: readonly FormStep[],
  acts: ReadonlyMap<string, Acts>,
  frozenAt: number,
): StepNow[] {
  const actsOf = (step: FormStep): Acts => acts.get(step.id) ?? nothing;
  const lastDone = steps.findLastIndex((step) => actsOf(step).done !== null);
  let open = true;
  let since = frozenAt;
  return steps.map((step, i) => {
    const { done, refused, delegated } = actsOf(step);
    // a signature made elsewhere meanwhile is a fact; the refusal was an answer to an earlier state
    const state = done ? 'done' : refused ? 'refused' : open && i > lastDone ? 'waiting' : 'later';
    const now: StepNow = {
      ...step,
      state,
      delegated,
      done,
      refused: done ? null : refused,
      since: state === 'waiting' ? since : null,
    };
    if (done) since = Math.max(since, done.at);
    else if (!step.optional) open = false;
    return now;
  });
}

/** Of a frozen paper. A refused step that is optional sends nothing back. */
export function stateOf(steps: readonly StepNow[]): 'signing' | 'signed' | 'refused' {
  if (steps.some((step) => step.state === 'refused' && !step.optional)) return 'refused';
  const required = steps.filter((step) => !step.optional);
  const enough = required.length > 0 ? required : steps;
  return enough.some((step) => step.state === 'done') && required.every((step) => step.state === 'done')
    ? 'signed'
    : 'signing';
}

/** Whether this account may act at the step: by one of its roles, or because it was asked to. */
export const mayAct = (
  step: Pick<StepNow, 'kind' | 'roles' | 'delegated'>,
  who: { readonly userId: string; readonly roles: readonly string[] },
): boolean => step.delegated?.to === who.userId || holdsRole(step, who.roles);

export const holdsRole = (step: Pick<StepNow, 'roles'>, roles: readonly string[]): boolean =>
  step.roles.some((role) => roles.includes(role));
