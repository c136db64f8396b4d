import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { AreaModel } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { defineKind } from '../../../shared/model/change.ts';
import { exchange, openTestStore } from '../support/open-test-store.ts';

const opened = defineKind('thing.open', {
  lane: 0,
  subject: 'thing',
  creates: true,
  body: z.object({ name: z.string() }),
});
const area: AreaModel = {
  kinds: [opened],
  projections: [
    {
      subject: 'thing',
      tables: ['local_setting'],
      project: (ctx, id, changes) => {
        ctx.sql.prepare('delete from local_setting where name = ?').run(id);
        ctx.sql.prepare('insert into local_setting values (?, ?)').run(id, String(changes.at(-1)?.body.name));
        return {};
      },
    },
  ],
};
const nobody = { userId: null, sessionId: null };
describe('store', () => {
  it('shows what was written at once and sends it on', () => {
    const a = openTestStore([area]);
    const b = openTestStore([area], { station: 'b' });
    const id = crypto.randomUUID();
    const seen: string[] = [];
    a.onCommit((t) => seen.push(...t.types));
    const r = a.write(nobody, (tx) => {
      const c = tx.append(opened, { id, body: { name: 'Đặng' } });
      expect(tx.sql.prepare('select value from local_setting where name = ?').pluck().get(id)).toBe('Đặng');
      return ok(c.seq);
    });
    expect(r).toEqual({ ok: true, value: 1 });
    expect(seen).toEqual(['thing']);
    exchange(a, b);
    expect(b.changesOf('thing', id)).toEqual(a.changesOf('thing', id));
    expect(b.sql.prepare('select value from local_setting where name = ?').pluck().get(id)).toBe('Đặng');
    expect(b.verifyLog()).toEqual({ ok: true, checked: 1 });
    expect(a.integrityCheck().ok).toBe(true);
    expect(b.rebuild()).toEqual({ ok: true, value: { changes: 1 } });
  });
});
