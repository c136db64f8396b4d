// The motorbike: what a center could not send goes to its province on a stick, and the answer comes back on it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { takeCarriedFile } from '../../../province/carried-file.ts';
import { startProvince } from '../../../province/index.ts';
import { foundedCore, hire, registerPatient } from '../../unit/support/open-test-core.ts';
import { codeOf, realClock, until } from './support.ts';

function folder(name: string): string {
  const made = mkdtempSync(join(tmpdir(), name));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

it('carries an outbox to the province, and brings back its word that all has arrived', async () => {
  const home = folder('tram-province-');
  const open = (listen: { host: string; port: number } | null) =>
    startProvince({
      folder: home,
      name: 'Sở Y tế Thử Nghiệm',
      listen,
      ...(listen ? {} : { plain: { port: 0 } }),
    });
  const province = await open({ host: '127.0.0.1', port: 0 });
  const code = await codeOf(province, 'Trung tâm Y tế Thử Nghiệm');
  const center = await foundedCore(realClock());
  await hire(center, 'hoa', ['tiep_don']);
  await center.ok('admin', 'sync.enrol', { address: `127.0.0.1:${province.port}`, code });
  await until(
    'all at the province',
    () => center.ok('admin', 'sync.status', {}),
    ({ state }) => state === 'current',
  );
  await province.close();

  // the line is gone for good
  const patient = await registerPatient(center, 'hoa', 'Lò Văn Bền');
  const place = async () =>
    (await center.ok('hoa', 'sync.places', { subjects: [{ type: 'patient', id: patient }] })).places[0]
      ?.place;
  expect(await place()).toBe('here');
  const stick = folder('tram-stick-');
  const wrote = await center.ok('admin', 'sync.export', { folder: stick, what: 'outbox' });
  expect(wrote.changes).toBeLessThan(10);
  expect(readFileSync(wrote.path).includes('Lò Văn')).toBe(false);
  // on its way it counts as waiting still
  expect(await place()).toBe('here');

  const again = await open(null);
  onTestFinished(() => again.close());
  const parts = { db: again.database, storeOf: again.storeOf, now: Date.now };
  const taken = await takeCarriedFile(parts, readFileSync(wrote.path));
  expect(taken).toMatchObject({
    center: 1,
    result: { accepted: wrote.changes, refused: 0, complete: true, problem: null },
  });
  // read a second time it is known, and answered all the same
  expect((await takeCarriedFile(parts, readFileSync(wrote.path))).result).toMatchObject({
    accepted: 0,
    duplicates: wrote.changes,
  });
  expect(taken.answer).not.toBeNull();
  const answer = join(stick, 'tra-loi.tram');
  writeFileSync(answer, taken.answer ?? '');
  expect(await center.ok('admin', 'sync.import', { path: answer })).toMatchObject({ complete: true });
  expect(await place()).toBe('province');
  expect((await center.ok('admin', 'sync.status', {})).switchOff.sentence.key).toBe('sync.off.at_province');

  const spoilt = Buffer.from(readFileSync(wrote.path));
  spoilt[spoilt.length - 200] = (spoilt[spoilt.length - 200] ?? 0) ^ 1;
  expect((await takeCarriedFile(parts, spoilt)).result.problem).toBe('damaged');
  expect((await takeCarriedFile(parts, Buffer.from('PK zip'))).result.problem).toBe('not_carry');
});
