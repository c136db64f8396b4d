// The shell's end of the core's thread: whatever the core does, every call is answered.
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CoreClient, startCore } from '../../../electron/shells/core-client.ts';

const opened: CoreClient[] = [];
afterEach(async () => {
  for (const core of opened.splice(0)) await core.close();
});

function open(
  dataDir = 'any',
  more: Partial<Parameters<typeof startCore>[0]> = {},
): { core: CoreClient; logged: string[] } {
  const logged: string[] = [];
  const core = startCore({
    dataDir,
    mode: 'training',
    appVersion: '0',
    workerFile: join(import.meta.dirname, 'fixtures', 'frail-core.ts'),
    log: (_level, message) => logged.push(message),
    closeTimeoutMs: 300,
    ...more,
  });
  opened.push(core);
  return { core, logged };
}

const stopped = { ok: false, error: { code: 'core_stopped', messageKey: 'error.core_stopped' } };

it('answers each call with its own result, in whatever order they finish', async () => {
  const { core } = open();
  const answers = await Promise.all([1, 2, 3].map((input) => core.invoke('c', 'echo', input)));
  expect(answers).toEqual([1, 2, 3].map((value) => ({ ok: true, value })));
});

it('keeps calls made before the core is up and answers them when it is', async () => {
  const { core } = open();
  expect(await core.invoke('c', 'echo', 'early')).toEqual({ ok: true, value: 'early' });
  expect(await core.ready).toBe(true);
});

it.each(['die', 'throw'])(
  'answers core_stopped to everything pending when the core ends by %s, and starts it again',
  async (how) => {
    const { core, logged } = open();
    const events: unknown[] = [];
    core.subscribe((client, message) => events.push([client, message]));
    const pending = core.invoke('c', 'hang', null);
    expect(await core.invoke('c', how, null)).toEqual(stopped);
    expect(await pending).toEqual(stopped);
    // The sessions were in the core's memory: every page must log in again.
    expect(events).toEqual([[null, { event: 'session', payload: { reason: 'ended' } }]]);
    expect(await core.invoke('c', 'echo', 'again')).toEqual({ ok: true, value: 'again' });
    expect(logged).toContain('the core stopped and is started again');
  },
);

it('leaves a core that keeps dying down, and says so', async () => {
  const { core, logged } = open('dies-at-once', { maxDeaths: 2 });
  expect(await core.ready).toBe(false);
  expect(await core.invoke('c', 'echo', 1)).toEqual(stopped);
  expect(logged.filter((line) => line === 'the core stopped and is started again')).toHaveLength(2);
  expect(logged.at(-1)).toBe('the core keeps stopping and is left down');
});

it('forgives deaths that lie far apart', async () => {
  let now = 0;
  const { core } = open('any', { maxDeaths: 1, deathWindowMs: 1_000, now: () => now });
  for (let death = 0; death < 4; death++) {
    expect(await core.invoke('c', 'die', null)).toEqual(stopped);
    now += 2_000;
  }
  expect(await core.invoke('c', 'echo', 1)).toEqual({ ok: true, value: 1 });
});

it('passes events on with the page they are for', async () => {
  const { core } = open();
  const events: unknown[] = [];
  const stop = core.subscribe((client, message) => events.push([client, message.event]));
  await core.invoke('page-7', 'tell', null);
  stop();
  await core.invoke('page-8', 'tell', null);
  expect(events).toEqual([['page-7', 'changed']]);
});

it('answers core_stopped after closing, and closes a core that will not by force', async () => {
  const { core, logged } = open('never-closes');
  const pending = core.invoke('c', 'hang', null);
  await core.ready;
  await core.close();
  expect(await pending).toEqual(stopped);
  expect(await core.invoke('c', 'echo', 1)).toEqual(stopped);
  expect(logged).toContain('the core did not close in time');
});

describe('while the training center is being made', () => {
  const preparing = {
    ok: true,
    value: { mode: 'training', phase: 'preparing', version: '0', users: [] },
  };

  it('answers for the busy core what a page asks first, and keeps everything else for it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { core } = open('makes-a-center', { onPreparing: resolve });
    const events: unknown[] = [];
    core.subscribe((client, message) => events.push([client, message]));
    const askedBefore = core.invoke('c', 'station.status', {});
    const other = core.invoke('c', 'echo', 'later');
    await promise;
    expect(await askedBefore).toEqual(preparing);
    expect(await core.invoke('c', 'station.status', {})).toEqual(preparing);
    expect(await core.invoke('c', 'access.session', {})).toEqual({ ok: true, value: { session: null } });
    expect(events).toEqual([]);

    expect(await core.ready).toBe(true);
    expect(events).toEqual([[null, { event: 'changed', payload: { areas: ['station'] } }]]);
    expect(await other).toEqual({ ok: true, value: 'later' });
    // From now on the core itself answers.
    expect(await core.invoke('c', 'station.status', 'asked')).toEqual({ ok: true, value: 'asked' });
  });

  it('closes at once: half a center counts for nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { core, logged } = open('makes-a-center', { onPreparing: resolve, closeTimeoutMs: 60_000 });
    await promise;
    const other = core.invoke('c', 'echo', 1);
    await core.close();
    expect(await other).toEqual(stopped);
    expect(logged).toEqual([]);
  });
});
