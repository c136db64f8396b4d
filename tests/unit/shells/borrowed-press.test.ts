// Sheets that go to the shell's main thread as messages, and what becomes of them there.
import { expect, it } from 'vitest';
import { borrowPress } from '../../../electron/shells/borrowed-press.ts';
import type { FromCore } from '../../../electron/shells/core-protocol.ts';

const sheet = { html: '<p>x</p>', paper: 'A5', landscape: false } as const;

function open() {
  const told: FromCore[] = [];
  return { told, ...borrowPress((message) => told.push(message)) };
}

it('hands over the sheet alone and gives each its own PDF', async () => {
  const { press, drawn, told } = open();
  const [one, two] = [press.draw({ ...sheet, title: 'Nguyễn', at: 1 } as typeof sheet), press.draw(sheet)];
  expect(told).toEqual([
    { type: 'sheet', id: 1, sheet },
    { type: 'sheet', id: 2, sheet },
  ]);
  drawn(2, new Uint8Array([2]));
  drawn(1, new Uint8Array([1]));
  drawn(9, new Uint8Array([9]));
  expect(await Promise.all([one, two])).toEqual([
    { ok: true, value: Buffer.from([1]) },
    { ok: true, value: Buffer.from([2]) },
  ]);
});

it('says so when a sheet could not be drawn, and lets nobody wait when it is closed', async () => {
  const { press, drawn } = open();
  const [failed, left] = [press.draw(sheet), press.draw(sheet)];
  drawn(1, null);
  await press.close();
  for (const answer of await Promise.all([failed, left]))
    expect(answer).toMatchObject({ ok: false, error: { code: 'print_failed' } });
});
