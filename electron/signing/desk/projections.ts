// Whose certificate is whose, and the rules of the house, from the changes that say so.
import { type Change, versionOf } from '../../../shared/model/change.ts';
import { signerClaim, signingKinds, signingRules } from '../../../shared/model/signing.ts';
import { mergeWrites, type Write } from '../../../shared/sync/merge.ts';
import { statement } from '../../store/statement.ts';
import type { AreaModel, Projection } from '../../store/types.ts';

/** Ours: long enough for a ward's papers, short enough for a PC somebody walked away from. */
export const standardIdleMinutes = 5;

const signerProjection: Projection = {
  subject: 'signer',
  tables: ['signer_certificate'],
  project(ctx, owner, changes) {
    deleteClaims(ctx.sql).run(owner);
    for (const change of changes) {
      if (change.kind !== signerClaim.kind) continue;
      const { certificate, name, personNumber } = signerClaim.body.parse(change.body);
      insertClaim(ctx.sql).run({ owner, certificate, name, personNumber, version: versionOf(change) });
    }
    return {};
  },
};

const rulesProjection: Projection = {
  subject: 'signing_rules',
  tables: ['signing_rules'],
  project(ctx, id, changes) {
    deleteRules(ctx.sql).run(id);
    const { values, versions } = mergeWrites(changes.flatMap(writesOf), () => 'plain');
    insertRules(ctx.sql).run({
      id,
      timeStampUrl: values.timeStampUrl ?? null,
      idleMinutes: values.idleMinutes ?? standardIdleMinutes,
      versions: JSON.stringify(versions),
    });
    return {};
  },
};

export const model: AreaModel = { kinds: signingKinds, projections: [signerProjection, rulesProjection] };

function writesOf(change: Change): Write[] {
  if (change.kind !== signingRules.kind) return [];
  const { set, saw } = signingRules.body.parse(change.body);
  return [
    {
      version: versionOf(change),
      changeId: versionOf(change),
      writer: `${change.station}.${change.incarnation}`,
      values: set,
      saw,
    },
  ];
}

const deleteClaims = statement<[string]>('DELETE FROM signer_certificate WHERE owner = ?');
const insertClaim = statement<[Record<string, unknown>]>(`
  INSERT INTO signer_certificate (owner, certificate, name, person_number, version)
  VALUES (@owner, @certificate, @name, @personNumber, @version) ON CONFLICT DO NOTHING`);
const deleteRules = statement<[string]>('DELETE FROM signing_rules WHERE id = ?');
const insertRules = statement<[Record<string, unknown>]>(`
  INSERT INTO signing_rules (id, time_stamp_url, idle_minutes, versions)
  VALUES (@id, @timeStampUrl, @idleMinutes, @versions)`);
