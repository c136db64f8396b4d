// What was signed holds after everything a record goes through: a rebuild, a migration, a sync, edits made apart and
// merged, a backup put back. Each time the signatures are looked at anew, from what lies in the store then.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrations } from '../../../../drizzle/client.gen.ts';
import { namesEverOf, rolesEverOf } from '../../../../electron/access/index.ts';
import { openDocuments, paperFiles } from '../../../../electron/clinic/documents/index.ts';
import { keepFilesComing } from '../../../../electron/clinic/keep-files-coming.ts';
import { allModels } from '../../../../electron/core.ts';
import { openClaims } from '../../../../electron/signing/desk/claims.ts';
import { openStanding } from '../../../../electron/signing/desk/standing.ts';
import { memoryCache } from '../../../../electron/signing/judge/cache.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import { signersIn } from '../../../../electron/signing/pdf/index.ts';
import type { Verdict } from '../../../../electron/signing/types.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import { listBackups, makeBackup } from '../../../../electron/store/backup.ts';
import { type Blobs, blobsOf } from '../../../../electron/store/blobs.ts';
import { unwrapByRecovery } from '../../../../electron/store/keyring.ts';
import { openStore } from '../../../../electron/store/open.ts';
import { restoreBackup } from '../../../../electron/store/restore.ts';
import type { OpenStore } from '../../../../electron/store/types.ts';
import { ok } from '../../../../shared/api/contract.ts';
import { documentWrite } from '../../../../shared/model/documents.ts';
import { kindRegistry } from '../../../../shared/model/registry.ts';
import { exchange, openTestStore } from '../../support/open-test-store.ts';
import {
  dischargeValues,
  frozenPaper,
  openToken,
  type PaperCenter,
  paperCenter,
  read,
  signed,
} from '../../support/paper-center.ts';

it('holds after a rebuild, a migration, a sync, a merge and a restored backup', async () => {
  const center = await paperCenter();
  const paper = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
  const { documentId, content } = paper;
  for (const [who, step] of [
    ['bacsi', 'nguoi_hanh_nghe'],
    ['giamdoc', 'dai_dien'],
  ] as const) {
    await openToken(center, who);
    await read(center, who, paper);
    await signed(center, who, [{ documentId, content, step }]);
  }
  await center.core.close();
  const path = join(center.dataDir, 'record.db');
  const unlocked = unwrapByRecovery(join(center.dataDir, 'keyring.json'), center.recoveryKey);
  if (!unlocked.ok) throw new Error(unlocked.error.code);
  const { key } = unlocked.value;
  const open = (more: Partial<Parameters<typeof openStore>[0]> = {}): OpenStore => {
    const opened = openStore({
      ...{ path, key, areas: allModels, appVersion: 'test' },
      ...{ now: () => center.clock.now, uptimeMs: () => center.clock.now },
      ...more,
    });
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.value;
  };
  const holds = async (store: OpenStore, blobs: Blobs = blobsOf(store)): Promise<void> =>
    expect(brief(await verdictIn(center, store, blobs, documentId))).toEqual(whole);

  let store = open();
  await holds(store);

  expect(store.rebuild().ok).toBe(true);
  await holds(store);

  // a later program with a further migration and another shape of these tables
  store.close();
  const statements = ['CREATE TABLE later (id TEXT PRIMARY KEY) STRICT'];
  const later = [...migrations, { tag: '9999_later', sha256: '0'.repeat(64), statements }];
  store = open({ migrations: later });
  await holds(store);

  // a second station gets the changes first and asks for the files they name
  const second = openTestStore(allModels, { station: 'b', now: () => center.clock.now });
  const blobs = blobsOf(second);
  const stop = keepFilesComing({
    store: second,
    blobs: () => blobs,
    named: [paperFiles],
    log: () => {},
  });
  exchange(store, second);
  expect(brief(await verdictIn(center, second, blobs, documentId)).state).toBe('undetermined');
  await waitUntil(async () => (await blobs.wanted(10)).length === 4);
  for (const { hash } of await blobs.wanted(10)) {
    const bytes = await blobsOf(store).get(hash);
    if (bytes) await blobs.put(bytes);
  }
  stop();
  expect(await blobs.wanted(10)).toEqual([]);
  await holds(second);

  // both type into the paper without seeing each other; what was frozen stands
  for (const on of [store, second])
    on.write({ userId: center.people.bacsi, sessionId: null }, (tx) => {
      tx.append(documentWrite, {
        id: documentId,
        patient: center.patientId,
        body: {
          ...{ form: 'giay-ra-vien', formVersion: 1, admission: center.admissionId, saw: {} },
          values: { phuong_phap: `ở ${on.station.id}` },
        },
      });
      return ok(null);
    });
  exchange(store, second);
  for (const on of [store, second]) {
    const [row] = on.sql.prepare<[], { changed_since: number }>('SELECT changed_since FROM document').all();
    expect(row?.changed_since).toBe(1);
    await holds(on);
  }

  const copies = mkdtempSync(join(tmpdir(), 'tram-papers-backup-'));
  const kindOf = kindRegistry(allModels.flatMap((a) => a.kinds)).find;
  const { sql, station } = store;
  const made = await makeBackup(
    { sql, path, key, kindOf, station, at: center.clock.now, log: () => {} },
    copies,
  );
  expect(made.ok).toBe(true);
  const [copy] = listBackups(copies);
  store.close();
  const elsewhere = mkdtempSync(join(tmpdir(), 'tram-papers-restored-'));
  copyFileSync(join(center.dataDir, 'keyring.json'), join(elsewhere, 'keyring.json'));
  const storePath = join(elsewhere, 'record.db');
  const restored = await restoreBackup({
    ...{ backup: copy?.path ?? '', storePath, key, areas: allModels },
    now: () => center.clock.now,
  });
  expect(restored.ok).toBe(true);
  const back = open({ path: storePath, migrations: later });
  expect(back.station.incarnation).toBeGreaterThan(station.incarnation);
  await holds(back);
  back.close();
  rmSync(copies, { recursive: true });
  rmSync(elsewhere, { recursive: true });
}, 60_000);

const whole = {
  state: 'valid',
  reasons: [],
  signatures: [
    'CAdES Người bacsi valid',
    'CAdES Người giamdoc valid',
    'PAdES Người bacsi valid',
    'PAdES Người giamdoc valid',
  ],
};
const brief = ({ state, reasons, signatures }: Verdict) => ({
  state,
  reasons: reasons.filter((one) => one !== 'time_unproven'),
  signatures: signatures.map((one) => `${one.kind} ${one.signer} ${one.state}`),
});

async function verdictIn(
  center: PaperCenter,
  store: OpenStore,
  blobs: Blobs,
  documentId: string,
): Promise<Verdict> {
  const { now } = center.clock;
  const root = readCertificate(center.ca.root);
  const judge = openJudge({
    trust: { anchors: root ? [root] : [], intermediates: [] },
    training: false,
    fetch: center.ca.fetch,
    cache: memoryCache(),
    now: () => now,
  });
  const { papers } = openDocuments({
    store,
    people: { nameOf: () => '', titleOf: () => null, stationName: () => '' },
    now: () => now,
    training: false,
    templates: () => [],
    fill: () => ({}),
    sampleBody: () => {
      throw new Error('nobody asks');
    },
    draw: () => {
      throw new Error('nobody draws');
    },
    blobs: () => blobs,
    identitiesOf: () => new Map(),
    stayOf: () => null,
    withVoidedFor: () => [],
    center: () => null,
    accounts: () => [],
    confirmBytes: () => null,
    signersIn: (pdf) => signersIn(pdf, judge),
    standingOf: () => new Map(),
  });
  const isPc = store.sql.prepare<[string], { id: string }>('SELECT id FROM station_pc WHERE id = ?');
  const witness = {
    namesEverOf: (userId: string) => namesEverOf(store, userId),
    rolesEverOf: (userId: string) => rolesEverOf(store, userId),
    administered: () => false,
    isOfCenter: (station: string) => isPc.get(station) !== undefined,
    center: () => null,
  };
  const standing = openStanding({
    store,
    papers,
    ...{ judge, quietJudge: judge, witness, claims: openClaims(store, witness) },
    changed: () => {},
    now: () => now,
    log: () => {},
  });
  const verdict = await standing.verify(documentId);
  standing.close();
  if (!verdict) throw new Error('no such paper');
  return verdict;
}

async function waitUntil(is: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it does not come to that');
}
