// A store that this edition of the program cannot read, as the person at the login meets it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connect } from '../../../electron/store/connection.ts';
import { unwrapByPassword } from '../../../electron/store/keyring.ts';
import { textIn } from '../../../renderer/i18n/index.ts';
import { adminPassword, foundedCore, openTestCore, type TestCore } from '../support/open-test-core.ts';

const login = { username: 'quantri', password: adminPassword };

/** Opens a founded center's store by its key, as a program of another edition would have. */
async function wroteElsewhere(sql: string): Promise<TestCore> {
  const founded = await foundedCore();
  await founded.core.close();
  const unlocked = await unwrapByPassword(
    join(founded.dataDir, 'keyring.json'),
    login.username,
    login.password,
  );
  if (!unlocked.ok) throw new Error(unlocked.error.code);
  const store = connect(join(founded.dataDir, 'record.db'), unlocked.value.key);
  store.exec(sql);
  store.pragma('wal_checkpoint(TRUNCATE)');
  store.close();
  return openTestCore({ dataDir: founded.dataDir, clock: founded.clock });
}

it.each([
  ['whose tables were made otherwise', "UPDATE migration SET sha256 = 'another'", 'store_mismatch'],
  ['of another line', "UPDATE migration SET tag = '0000_other_line' WHERE rowid = 1", 'store_mismatch'],
  ['of a newer version', "INSERT INTO migration VALUES ('9999_later', 'f')", 'store_newer'],
])('says in words what is wrong with a store %s, and leaves the file alone', async (_what, sql, code) => {
  const center = await wroteElsewhere(sql);
  const before = readFileSync(join(center.dataDir, 'record.db'));
  const failure = await center.refused('p', 'access.login', login);
  expect(failure.code).toBe(code);
  const status = await center.ok('p', 'station.status', {});
  expect([status.phase, status.problem]).toEqual(['problem', code]);
  for (const language of ['vi', 'en'] as const) {
    const t = textIn(language);
    expect(t.failure(failure)).not.toBe(failure.messageKey);
    expect([`login.problem.${code}`, `login.problem.${code}.1`].map(t.has)).toEqual([true, true]);
  }
  await center.core.close();
  expect(readFileSync(join(center.dataDir, 'record.db')).equals(before)).toBe(true);
});
