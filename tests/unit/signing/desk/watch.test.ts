// Signatures that came from another PC are looked at in the background: once, again where what came later may change it,
// and never so that somebody who saves waits for more than one paper.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { model as modelWith } from '../../../../electron/clinic/documents/index.ts';
import { model as signing } from '../../../../electron/signing/desk/index.ts';
import { openWatch } from '../../../../electron/signing/desk/watch.ts';
import type { OpenStore } from '../../../../electron/store/types.ts';
import { ok } from '../../../../shared/api/contract.ts';
import { documentFreeze, documentSign, documentWrite } from '../../../../shared/model/documents.ts';
import { signerClaim } from '../../../../shared/model/signing.ts';
import { u } from '../../support/bedside.ts';
import { give, openTestStore } from '../../support/open-test-store.ts';

/** Containers here are words: any is a signature. */
const models = [modelWith({ addsUp: () => true, isStampedCopy: () => false }), signing];
const doctor = { userId: u(31), sessionId: u(40) };
const content = 'c'.repeat(64);
const certificateOf = (n: number): string => String(n).padStart(64, '0');

/** A paper with one signature, of a patient of its own. */
function signedPaper(on: OpenStore, n: number): string {
  const about = { id: u(100 + n), patient: u(500 + n) };
  const steps = [{ id: 'bac_si', label: 'Bác sĩ', kind: 'staff' as const, roles: ['x'], optional: false }];
  const done = on.write(doctor, (tx) => {
    tx.append(documentWrite, {
      ...about,
      body: { form: 'f', formVersion: 1, admission: null, values: {}, saw: {} },
    });
    tx.append(documentFreeze, {
      ...about,
      body: {
        ...{ content, pdf: content, pages: 1, previous: null, reason: null, title: 'Giấy', steps },
        ...{ signedPdf: false, values: content, writerSigns: false },
      },
    });
    tx.append(documentSign, {
      ...about,
      body: {
        ...{ content, step: 'bac_si', over: 'content', digest: content, container: new Uint8Array([n]) },
        ...{ certificate: certificateOf(n), signer: 'Ai', role: 'x', signedPdf: null },
        revocation: { how: 'none', asOf: null },
      },
    });
    return ok(null);
  });
  expect(done.ok).toBe(true);
  return about.id;
}

const claim = (on: OpenStore, owner: string, certificate: string): void => {
  on.write({ userId: owner, sessionId: u(40) }, (tx) => {
    tx.append(signerClaim, { id: owner, body: { certificate, name: 'Ai', personNumber: null } });
    return ok(null);
  });
};

/** `finds`: what looking at a paper's signature finds. */
function watched(finds: (documentId: string) => { state: string; reasons: string[] }) {
  const [here, elsewhere] = [openTestStore(models), openTestStore(models, { station: 'b' })];
  const looked: string[] = [];
  let told = 0;
  const watch = openWatch({
    store: here,
    async look(documentId, wanted) {
      type Row = { act: string; certificate: string; state: 'valid' | null; verdict: string };
      const [row] = here.sql
        .prepare<[string], Row>(
          `SELECT s.act, s.certificate, v.state, v.verdict FROM document_signature s
             LEFT JOIN signature_verdict v ON v.act = s.act WHERE s.document_id = ?`,
        )
        .all(documentId);
      if (!row || !wanted(row.state ? { state: row.state, verdict: row.verdict } : undefined, row))
        return false;
      looked.push(documentId);
      const { state, reasons } = finds(documentId);
      here.local((sql) =>
        sql
          .prepare('INSERT OR REPLACE INTO signature_verdict VALUES (?, ?, ?, ?, 0)')
          .run(row.act, documentId, state, JSON.stringify({ reasons })),
      );
      return row.state !== state;
    },
    changed: () => {
      told += 1;
    },
    log: (_level, message) => {
      throw new Error(message);
    },
  });
  const caughtUp = async (): Promise<string[]> => {
    await watch.caughtUp();
    return [...new Set(looked.splice(0))];
  };
  return { here, elsewhere, watch, caughtUp, told: () => told };
}

it('looks at what lay there when the program was opened, and at what comes, without anybody asking', async () => {
  const { here, elsewhere, caughtUp, told } = watched(() => ({ state: 'valid', reasons: [] }));
  const first = signedPaper(here, 1);
  expect(await caughtUp()).toEqual([first]);
  const more = [2, 3].map((n) => signedPaper(elsewhere, n));
  expect(await caughtUp()).toEqual([]);
  give(elsewhere, here);
  expect((await caughtUp()).sort()).toEqual(more);
  expect(told()).toBe(2);
  // a patient's further paper, and nothing of the others
  give(elsewhere, here);
  const last = signedPaper(here, 4);
  expect(await caughtUp()).toEqual([last]);
});

it('looks once more at doubts when a claim has come, and at certificates two accounts claim', async () => {
  const doubt: Record<string, { state: string; reasons: string[] }> = {};
  const { here, caughtUp } = watched((id) => doubt[id] ?? { state: 'valid', reasons: [] });
  const [fine, unclaimed, broken] = [1, 2, 3].map((n) => signedPaper(here, n)) as [string, string, string];
  doubt[unclaimed] = { state: 'invalid', reasons: ['other_person'] };
  doubt[broken] = { state: 'invalid', reasons: ['signature_wrong'] };
  expect((await caughtUp()).sort()).toEqual([fine, unclaimed, broken].sort());
  claim(here, u(32), certificateOf(2));
  expect(await caughtUp()).toEqual([unclaimed]);
  claim(here, u(32), certificateOf(1));
  claim(here, u(33), certificateOf(1));
  expect((await caughtUp()).sort()).toEqual([fine, unclaimed].sort());
});

it('lets whoever works here go first after each paper', async () => {
  let busy = 0;
  const { here, watch, caughtUp } = watched(() => {
    busy += 1;
    const until = performance.now() + 4;
    while (performance.now() < until);
    return { state: 'valid', reasons: [] };
  });
  for (let n = 1; n <= 10; n++) signedPaper(here, n);
  const all = caughtUp();
  const seen: number[] = [];
  while (busy < 10) {
    seen.push(busy);
    await wait(0);
  }
  expect((await all).length).toBe(10);
  for (let i = 1; i < seen.length; i++) expect((seen[i] ?? 0) - (seen[i - 1] ?? 0)).toBeLessThanOrEqual(1);
  watch.close();
});
