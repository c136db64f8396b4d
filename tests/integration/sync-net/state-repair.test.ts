// A row that a bug wrote wrongly at one PC is found by the next comparison with another, over real TLS, and healed.
import { expect, it } from 'vitest';
import { ok } from '../../../shared/api/contract.ts';
import { nobody } from '../../unit/store/sample-area.ts';
import { openPair, until } from './pc.ts';

it('finds and heals a row that only one of two PCs shows wrongly, and both keep an alarm', async () => {
  const { hub, other } = await openPair();
  const thing = hub.writeThing('xe đẩy');
  await until(async () => (await hub.vector()) === (await other.vector()), 'equal');
  hub.store().sql.prepare("update sample_thing set name = 'xe hỏng' where id = ?").run(thing);
  hub.store().write(nobody, () => ok(null));
  expect(hub.store().stateDigest().digest).not.toBe(other.store().stateDigest().digest);

  other.write(1);
  await until(
    () => hub.store().state.alarms().length > 0 && other.store().state.alarms().length > 0,
    'alarms',
    // two proofs of equality are at least ten seconds apart
    40_000,
  );
  await until(() => hub.store().stateDigest().digest === other.store().stateDigest().digest, 'equal digests');
  expect(hub.store().sql.prepare('select name from sample_thing where id = ?').pluck().get(thing)).toBe(
    'xe đẩy',
  );
  expect(hub.store().state.alarms()).toMatchObject([
    { table: 'sample_thing', rows: 1, found: 'peer', wasOurs: true },
  ]);
  expect(other.store().state.alarms()).toMatchObject([{ table: 'sample_thing', rows: 1, wasOurs: false }]);
  other.write(1);
  await until(() => other.facts().statesDiffer === null, 'no difference any more', 40_000);
}, 120_000);
