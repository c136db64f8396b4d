// In what order people sign, as a pure function of what was done at each step.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Acts, stateOf, stepsNow } from '../../../electron/clinic/documents/steps.ts';
import type { FormStep } from '../../../shared/model/form-template.ts';

const step = (id: string, more: Partial<FormStep> = {}): FormStep => ({
  id,
  label: id,
  kind: 'staff',
  roles: ['bac_si_dieu_tri'],
  optional: false,
  ...more,
});
const done = (at = 10): Acts => ({
  done: { by: 'u', name: 'U', relation: null, at, container: 'c', evidence: null, act: 'a', n: 0 },
  refused: null,
  delegated: null,
});
const refused: Acts = { done: null, refused: { by: 'u', at: 5, reason: 'chưa rõ' }, delegated: null };
const states = (steps: readonly FormStep[], acts: Readonly<Record<string, Acts>>) =>
  stepsNow(steps, new Map(Object.entries(acts)), 1).map((one) => one.state);

describe('steps', () => {
  const three = [step('a'), step('b'), step('c')];

  it('open one after the other', () => {
    expect(states(three, {})).toEqual(['waiting', 'later', 'later']);
    expect(states(three, { a: done() })).toEqual(['done', 'waiting', 'later']);
    expect(states(three, { a: done(), b: done(), c: done() })).toEqual(['done', 'done', 'done']);
  });

  it('let an optional one be passed over, and do not go back to it', () => {
    const some = [step('a'), step('b', { optional: true }), step('c')];
    expect(states(some, { a: done() })).toEqual(['done', 'waiting', 'waiting']);
    expect(states(some, { a: done(), c: done() })).toEqual(['done', 'later', 'done']);
  });

  it('wait since the step before was done', () => {
    const [, second] = stepsNow(three, new Map([['a', done(42)]]), 1);
    expect(second?.since).toBe(42);
    expect(stepsNow(three, new Map(), 1)[0]?.since).toBe(1);
  });

  it('send the paper back when a required one is refused, not for an optional one', () => {
    expect(stateOf(stepsNow(three, new Map([['a', refused]]), 1))).toBe('refused');
    const some = [step('a'), step('b', { optional: true })];
    expect(stateOf(stepsNow(some, new Map(Object.entries({ a: done(), b: refused })), 1))).toBe('signed');
  });

  it('take a signature made elsewhere meanwhile for a fact, whatever was refused', () => {
    expect(states(three, { a: { ...done(), refused: refused.refused } })[0]).toBe('done');
  });

  it('of a form without a required one make it signed with the first signature', () => {
    const free = [step('a', { optional: true })];
    expect(stateOf(stepsNow(free, new Map(), 1))).toBe('signing');
    expect(stateOf(stepsNow(free, new Map([['a', done()]]), 1))).toBe('signed');
  });

  it('never wait behind a required one that is not done, and are signed only when all required ones are', () => {
    const anySteps = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(anySteps, fc.array(fc.boolean(), { maxLength: 6 }), (optional, isDone) => {
        const steps = optional.map((o, i) => step(`s${i}`, { optional: o }));
        const acts = new Map(steps.flatMap((one, i) => (isDone[i] ? [[one.id, done()] as const] : [])));
        const now = stepsNow(steps, acts, 1);
        for (const [i, one] of now.entries())
          if (one.state === 'waiting')
            expect(now.slice(0, i).every((before) => before.optional || before.state === 'done')).toBe(true);
        const required = now.filter((one) => !one.optional);
        if (stateOf(now) === 'signed') expect(required.every((one) => one.state === 'done')).toBe(true);
        else expect(required.length === 0 || required.some((one) => one.state !== 'done')).toBe(true);
      }),
    );
  });
});
