// A paper's rows are what its changes say, in whatever order and from wherever they came.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { model as modelWith, settleDocument } from '../../../electron/clinic/documents/index.ts';
import {
  allFilesToFetch,
  countUnstamped,
  documentById,
  documentsByIds,
  documentsOfAuthor,
  documentsOfPatient,
  falsified,
  filesToFetch,
  signaturesByDocument,
  unstamped,
  waitingFor,
} from '../../../electron/clinic/documents/rows.ts';
import { claimants } from '../../../electron/signing/desk/claims.ts';
import { verdictsOf } from '../../../electron/signing/desk/standing.ts';
import { signaturesFrom, unlookedOf } from '../../../electron/signing/desk/watch.ts';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import {
  documentConfirm,
  documentDelegate,
  documentEvidence,
  documentFreeze,
  documentRefuse,
  documentSign,
  documentVoid,
  documentWrite,
} from '../../../shared/model/documents.ts';
import { expectNoScan, u } from '../support/bedside.ts';
import { exchange, openTestStore } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';

const doctor = { userId: u(31), sessionId: u(40) };
const patient = u(20);
const paper = u(60);
const hash = (text: string): string => sha256Hex(text);
const roles = ['bac_si_dieu_tri'];

/** Containers here are words: any is a signature, and `stamped` one with a time-stamp. */
const model = modelWith({
  addsUp: (container) => container.length > 1,
  isStampedCopy: (_original, stamped) => stamped.length > 0,
});

const store = (name = 'a'): OpenStore => openTestStore([model], { station: name });

type Act =
  | { what: 'write'; field: string; value: string }
  | { what: 'freeze'; text: string; previous: string | null }
  | { what: 'sign'; text: string; step: string; by?: string; over?: 'evidence' }
  | { what: 'confirm' | 'refuse' | 'delegate'; text: string; step: string }
  | { what: 'stamp'; text: string; step: string }
  | { what: 'void' };

const containerOf = (text: string, step: string) => new Uint8Array(Buffer.from(`${text}/${step}`));

function act(on: OpenStore, one: Act, id = paper): void {
  const about = { id, patient };
  const done = on.write(doctor, (tx) => {
    switch (one.what) {
      case 'write': {
        const saw = tx.sql
          .prepare<[string], string>('SELECT versions FROM document WHERE id = ?')
          .pluck()
          .get(id);
        tx.append(documentWrite, {
          ...about,
          body: {
            form: 'giay-ra-vien',
            formVersion: 1,
            admission: null,
            values: { [one.field]: one.value },
            saw: saw === undefined ? {} : JSON.parse(saw),
          },
        });
        break;
      }
      case 'freeze':
        tx.append(documentFreeze, {
          ...about,
          body: {
            content: hash(one.text),
            pdf: hash(`${one.text}.pdf`),
            pages: 1,
            previous: one.previous === null ? null : hash(one.previous),
            reason: one.previous === null ? null : 'sửa',
            title: 'Giấy ra viện',
            steps: [
              { id: 'nguoi_benh', label: 'Người bệnh', kind: 'person', roles: [], optional: true },
              { id: 'bac_si', label: 'Bác sĩ', kind: 'staff', roles, optional: false },
              { id: 'giam_doc', label: 'Giám đốc', kind: 'staff', roles: ['giam_doc'], optional: false },
            ],
            signedPdf: true,
            values: hash('values'),
            writerSigns: false,
          },
        });
        break;
      case 'sign':
        tx.append(documentSign, {
          ...about,
          body: {
            content: hash(one.text),
            step: one.step,
            over: one.over ?? 'content',
            digest: hash(one.text),
            container: containerOf(one.text, one.step + (one.by ?? '')),
            certificate: hash('certificate'),
            signer: one.by ?? 'Ai đó',
            role: 'bac_si_dieu_tri',
            signedPdf: hash(`${one.text}.${one.step}.pdf`),
            revocation: { how: 'none', asOf: null },
          },
        });
        break;
      case 'confirm':
        tx.append(documentConfirm, {
          ...about,
          body: {
            ...{ content: hash(one.text), step: one.step, way: 'paper', evidence: '{}' },
            ...{ name: 'Giàng A Páo', relation: null, witness: 'Hoa' },
          },
        });
        break;
      case 'refuse':
        tx.append(documentRefuse, {
          ...about,
          body: { content: hash(one.text), step: one.step, reason: 'chưa' },
        });
        break;
      case 'delegate':
        tx.append(documentDelegate, {
          ...about,
          body: { content: hash(one.text), step: one.step, to: u(33), reason: 'họp' },
        });
        break;
      case 'stamp':
        tx.append(documentEvidence, {
          ...about,
          body: {
            container: sha256Hex(containerOf(one.text, one.step)),
            stamped: new Uint8Array([1]),
            ocsp: [],
            crl: [hash('list')],
            signedPdf: hash('stamped.pdf'),
          },
        });
        break;
      case 'void':
        tx.append(documentVoid, { ...about, body: { reason: 'nhầm' } });
    }
    return ok(null);
  });
  if (!done.ok) throw new Error(done.error.code);
}

const tables = ['document', 'document_waiting', 'document_signature', 'document_file', 'conflict'];
const rowsOf = (on: OpenStore): unknown =>
  Object.fromEntries(tables.map((t) => [t, on.sql.prepare(`SELECT * FROM ${t} ORDER BY 1, 2`).all()]));
const row = (on: OpenStore) => documentById(on.sql).get(paper);
const conflictsOf = (on: OpenStore) =>
  on.sql
    .prepare<[], { key: string; subject_key: string; settled: string | null }>(
      'SELECT key, subject_key, settled FROM conflict',
    )
    .all();

describe('a paper’s rows', () => {
  it('merge fields one by one, and show both where two people wrote one without seeing each other', () => {
    const [a, b] = [store('a'), store('b')];
    act(a, { what: 'write', field: 'x', value: 'đầu' });
    exchange(a, b);
    act(a, { what: 'write', field: 'x', value: 'một' });
    act(b, { what: 'write', field: 'x', value: 'hai' });
    act(b, { what: 'write', field: 'y', value: 'khác' });
    exchange(a, b);
    expect(rowsOf(a)).toEqual(rowsOf(b));
    expect(JSON.parse(row(a)?.fields ?? '')).toEqual({ x: 'hai', y: 'khác' });
    const [conflict] = conflictsOf(a);
    expect(conflict?.subject_key).toBe('field.document.values');
    const [choice = ''] = (conflict?.key.split(':')[1] ?? '').split(',');
    const settled = a.write(doctor, (tx) =>
      settleDocument(
        tx,
        { id: paper, key: conflict?.key ?? '', choice, reason: 'đúng' },
        a.changesOf('document', paper),
      ),
    );
    expect(settled.ok).toBe(true);
    exchange(a, b);
    expect(conflictsOf(b).every((one) => one.settled !== null)).toBe(true);
    expect(rowsOf(a)).toEqual(rowsOf(b));
  });

  it('show two versions frozen apart as a question, and keep what was signed over the one that is chosen', () => {
    const [a, b] = [store('a'), store('b')];
    act(a, { what: 'write', field: 'x', value: 'đầu' });
    exchange(a, b);
    act(a, { what: 'freeze', text: 'A', previous: null });
    act(a, { what: 'sign', text: 'A', step: 'bac_si' });
    act(b, { what: 'freeze', text: 'B', previous: null });
    exchange(a, b);
    expect(row(a)?.content).toBe(hash('B'));
    const [conflict] = conflictsOf(a);
    expect(conflict?.subject_key).toBe('field.document.content');
    const choice = a
      .changesOf('document', paper)
      .filter((c) => c.kind === 'document.freeze' && c.body.content === hash('A'))
      .map((c) => `${c.station}.${c.incarnation}.${c.lane}.${c.seq}`)[0];
    const settled = b.write(doctor, (tx) =>
      settleDocument(
        tx,
        { id: paper, key: conflict?.key ?? '', choice: choice ?? '', reason: 'bản đã ký' },
        b.changesOf('document', paper),
      ),
    );
    expect(settled.ok).toBe(true);
    exchange(a, b);
    expect(rowsOf(a)).toEqual(rowsOf(b));
    expect(row(a)?.content).toBe(hash('A'));
    expect(JSON.parse(row(a)?.steps ?? '').map((s: { state: string }) => s.state)).toEqual([
      'later',
      'done',
      'waiting',
    ]);
    expect(conflictsOf(a).filter((one) => one.settled === null)).toEqual([]);
  });

  it('keep the first of two signatures made apart at one step, and both in the proof', () => {
    const [a, b] = [store('a'), store('b')];
    act(a, { what: 'write', field: 'x', value: 'đầu' });
    act(a, { what: 'freeze', text: 'A', previous: null });
    exchange(a, b);
    act(a, { what: 'sign', text: 'A', step: 'bac_si', by: 'An' });
    act(b, { what: 'sign', text: 'A', step: 'bac_si', by: 'Bình' });
    exchange(a, b);
    expect(rowsOf(a)).toEqual(rowsOf(b));
    const [earlier] = a.changesOf('document', paper).filter((c) => c.kind === 'document.sign');
    expect(JSON.parse(row(a)?.steps ?? '')[1].done.name).toBe(earlier?.body.signer);
    expect(signaturesByDocument(a.sql).all(JSON.stringify([paper]))).toHaveLength(2);
  });

  it('start the steps anew with each version, and forget nothing of the one before', () => {
    const a = store();
    act(a, { what: 'write', field: 'x', value: 'đầu' });
    act(a, { what: 'freeze', text: 'A', previous: null });
    act(a, { what: 'sign', text: 'A', step: 'bac_si' });
    expect(waitingFor(a.sql).all('role:giam_doc')).toHaveLength(1);
    act(a, { what: 'freeze', text: 'B', previous: 'A' });
    expect(row(a)?.state).toBe('signing');
    expect(waitingFor(a.sql).all('role:giam_doc')).toEqual([]);
    expect(waitingFor(a.sql).all('role:bac_si_dieu_tri')).toHaveLength(1);
    expect(JSON.parse(row(a)?.frozen ?? '').map((f: { content: string }) => f.content)).toEqual([
      hash('B'),
      hash('A'),
    ]);
    expect(signaturesByDocument(a.sql).all(JSON.stringify([paper]))).toHaveLength(1);
    expect(filesToFetch(a.sql).all(JSON.stringify([patient])).length).toBe(5);
  });

  it('are the same whatever two stations did and in whatever order it came to a third, and after a rebuild', () => {
    const text = fc.constantFrom('A', 'B', 'C');
    const step = fc.constantFrom('nguoi_benh', 'bac_si', 'giam_doc');
    const anyAct: fc.Arbitrary<Act | { what: 'exchange' }> = fc.oneof(
      fc.record({
        what: fc.constant('write' as const),
        field: fc.constantFrom('x', 'y'),
        value: fc.constantFrom('một', 'hai', 'ba'),
      }),
      fc.record({
        what: fc.constant('freeze' as const),
        text,
        previous: fc.option(text, { nil: null }),
      }),
      fc.record({ what: fc.constant('sign' as const), text, step, by: fc.constantFrom('An', 'Bình') }),
      fc.record({
        what: fc.constantFrom('confirm' as const, 'refuse' as const, 'delegate' as const),
        text,
        step,
      }),
      fc.record({ what: fc.constant('stamp' as const), text, step }),
      fc.constant({ what: 'void' as const }),
      fc.constant({ what: 'exchange' as const }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 1), anyAct), { minLength: 3, maxLength: 14 }),
        fc.array(fc.nat(7)),
        (acts, order) => {
          const both = [store('a'), store('b')] as const;
          act(both[0], { what: 'write', field: 'x', value: 'đầu' });
          exchange(...both);
          for (const [on, one] of acts)
            if (one.what === 'exchange') exchange(...both);
            else act(both[on === 0 ? 0 : 1], one);
          exchange(...both);
          const here = rowsOf(both[0]);
          expect(rowsOf(both[1])).toEqual(here);
          const queues = both[0].feeds().map((feed) => both[0].storedAfter(feed, 0, 1_000));
          const third = store('z');
          for (let i = 0; queues.some((q) => q.length > 0); i++) {
            const waiting = queues.filter((q) => q.length > 0);
            const next = waiting[(order[i] ?? 0) % waiting.length]?.shift();
            if (next) third.ingest([next]);
          }
          expect(rowsOf(third)).toEqual(here);
          third.rebuild();
          expect(rowsOf(third)).toEqual(here);
          for (const each of [...both, third]) each.close();
        },
      ),
      { numRuns: propertyRuns(6) },
    );
  }, 60_000);
});

it('finds papers, what waits and what is to be fetched by an index', async () => {
  const { model: signing } = await import('../../../electron/signing/desk/index.ts');
  const a = openTestStore([model, signing]);
  const queries = [
    documentById,
    documentsOfPatient,
    documentsByIds,
    documentsOfAuthor,
    signaturesByDocument,
    waitingFor,
    unstamped,
    countUnstamped,
    filesToFetch,
    verdictsOf,
    claimants,
    signaturesFrom,
    unlookedOf,
  ];
  for (const query of queries) {
    const blanks = [...query.text.matchAll(/\?/g)].map(() => '[]');
    const plan = a.sql
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${query.text}`)
      .all(...blanks)
      .map(({ detail }) => detail);
    const walks = plan.filter((line) => /^SCAN (?!\w+ VIRTUAL TABLE|\(subquery)/.test(line));
    expect({ query: query.text, walks }).toEqual({ query: query.text, walks: [] });
  }
  // once, when the store is opened: the whole list against the files, by their index
  expect(
    a.sql
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${allFilesToFetch.text}`)
      .all()
      .map((p) => p.detail),
  ).toEqual(expect.arrayContaining([expect.stringContaining('SEARCH b USING')]));
  expectNoScan(a, waitingFor.text, 'role:giam_doc');
  // the few that are false, of which there is an index; the table of all verdicts is not touched
  expect(
    a.sql
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${falsified.text}`)
      .all()
      .map((p) => p.detail),
  ).toEqual(['SCAN signature_verdict USING COVERING INDEX signature_verdict_false']);
});
