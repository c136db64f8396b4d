// Fills user_account and audit_event. Accounts merge per field, the later write wins: a disabled account and a
// corrected name never fight, and two administrators who set one field see each other's value at once.
import { sql } from 'drizzle-orm';
import {
  accessKinds,
  auditBreakGlass,
  auditLockout,
  auditLogin,
  auditRead,
  userCreate,
  userPassword,
  userPin,
  userUpdate,
} from '../../shared/model/access.ts';
import { type Change, changeId, versionOf } from '../../shared/model/change.ts';
import { mergeWrites, type Write } from '../../shared/sync/merge.ts';
import type { AreaModel, Projection } from '../store/types.ts';
import { auditEvent, userAccount } from './tables.ts';

const user: Projection = {
  subject: 'user',
  tables: ['user_account'],
  project({ db }, id, changes) {
    db.delete(userAccount).where(sql`${userAccount.id} = ${id}`).run();
    const created = changes.find((c) => c.kind === userCreate.kind);
    if (!created) return {};
    const base = userCreate.body.parse(created.body);
    const { values, versions } = mergeWrites(writesOf(created, changes), () => 'plain');
    const set = userUpdate.body.shape.set.parse(values);
    const password = changes.findLast((c) => c.kind === userPassword.kind);
    const pin = changes.findLast((c) => c.kind === userPin.kind);
    const secret = password ? userPassword.body.parse(password.body) : base;
    db.insert(userAccount)
      .values({
        id,
        username: base.username,
        fullName: set.fullName ?? base.fullName,
        title: set.title ?? null,
        roles: JSON.stringify(set.roles ?? base.roles),
        wards: JSON.stringify(set.wards ?? base.wards),
        active: set.active ?? true,
        mustChange: secret.mustChange,
        verifier: secret.verifier,
        pinVerifier: pin ? userPin.body.parse(pin.body).verifier : null,
        created: versionOf(created),
        versions: JSON.stringify(versions),
      })
      .run();
    return {};
  },
};

function writesOf(created: Change, changes: readonly Change[]): Write[] {
  const { fullName, title, roles, wards } = userCreate.body.parse(created.body);
  const first = writeOf(created, { fullName, title, roles, wards, active: true }, {});
  const edits = changes
    .filter((c) => c.kind === userUpdate.kind)
    .map((c) => {
      const { set, saw } = userUpdate.body.parse(c.body);
      return writeOf(c, set, saw);
    });
  return [first, ...edits];
}

const writeOf = (change: Change, values: Write['values'], saw: Write['saw']): Write => ({
  version: versionOf(change),
  changeId: changeId(change),
  writer: `${change.station}.${change.incarnation}`,
  values,
  saw,
});

const audit: Projection = {
  subject: 'audit',
  tables: ['audit_event'],
  project({ db }, id, changes) {
    db.delete(auditEvent).where(sql`${auditEvent.id} = ${id}`).run();
    const change = changes[0];
    const row = change && eventOf(change);
    if (!row) return {};
    const { hlc, wall, author, patient } = change;
    db.insert(auditEvent)
      .values({ id, hlc, at: wall, author, patient, ...row })
      .run();
    return {};
  },
};

function eventOf(
  change: Change,
): Pick<typeof auditEvent.$inferInsert, 'action' | 'what' | 'reason' | 'until'> | null {
  switch (change.kind) {
    case auditLogin.kind:
      return { action: 'login', what: auditLogin.body.parse(change.body).how };
    case auditLockout.kind: {
      const { username, until } = auditLockout.body.parse(change.body);
      return { action: 'lockout', what: username, until };
    }
    case auditRead.kind: {
      const { method } = auditRead.body.parse(change.body);
      return { action: 'read', what: method };
    }
    case auditBreakGlass.kind: {
      const { reason, until } = auditBreakGlass.body.parse(change.body);
      return { action: 'break_glass', what: auditBreakGlass.kind, reason, until };
    }
    default:
      return null;
  }
}

export const model: AreaModel = { kinds: accessKinds, projections: [user, audit] };
