// Two people wrote into one field of a paper, or froze it apart: the inbox names paper and field as the form does, and
// says the values as they are printed.
import { describe, expect, it } from 'vitest';
import { model as beds } from '../../../electron/clinic/beds/index.ts';
import { handlers } from '../../../electron/clinic/conflicts/index.ts';
import { inConflict, model as papers, templates } from '../../../electron/clinic/documents/index.ts';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { OpenStore, Tx } from '../../../electron/store/types.ts';
import { documentFreeze, documentSign, documentWrite } from '../../../shared/model/documents.ts';
import type { FormValues } from '../../../shared/model/form-template.ts';
import { u } from '../support/bedside.ts';
import { exchange, openTestStore } from '../support/open-test-store.ts';

const doctor = { userId: u(31), sessionId: u(40) };
const about = { id: u(60), patient: u(20) };
const areas = [papers({ addsUp: () => true, isStampedCopy: () => false }), beds];

const on = (store: OpenStore, append: (tx: Tx) => void): void => {
  const done = store.write(doctor, (tx) => {
    append(tx);
    return { ok: true, value: null };
  });
  expect(done.ok).toBe(true);
};
const write = (store: OpenStore, values: FormValues): void =>
  on(store, (tx) =>
    tx.append(documentWrite, {
      ...about,
      body: { form: 'giay-ra-vien', formVersion: 1, admission: null, values, saw: {} },
    }),
  );

/** Two PCs that have both begun with the same paper. */
function pair(): [OpenStore, OpenStore] {
  const both: [OpenStore, OpenStore] = [
    openTestStore(areas, { station: 'a' }),
    openTestStore(areas, { station: 'b' }),
  ];
  write(both[0], { ho_ten: 'GIÀNG A PÁO' });
  exchange(...both);
  return both;
}

async function inbox(store: OpenStore) {
  const { 'conflicts.list': list } = handlers({
    store,
    now: Date.now,
    people: { nameOf: () => 'Lan', titleOf: () => null, stationName: (id) => id },
    settlers: {},
    identitiesOf: () => new Map([[about.patient, { fullName: 'Giàng A Páo' }]]),
    paperOf: (documentId, key) => inConflict(store, templates, documentId, key),
  });
  const answer = await list({ settled: false }, {} as Context);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value;
}

describe('the inbox', () => {
  it('names the paper and the field, and words both values as the paper does', async () => {
    const [a, b] = pair();
    write(a, { gioi: '1', ra_vien: Date.UTC(2026, 10, 22, 1, 5), phuong_phap: 'Nội khoa', chan_doan: null });
    write(b, {
      gioi: '2',
      ra_vien: Date.UTC(2026, 10, 22, 2, 0),
      phuong_phap: 'Phẫu thuật',
      chan_doan: { text: 'Viêm phổi', code: 'J18.9' },
    });
    exchange(a, b);
    for (const store of [a, b]) {
      const found = await inbox(store);
      expect(found.map(({ paper }) => paper?.title)).toEqual(Array(4).fill('Giấy ra viện'));
      const said = found.map(({ paper, sides }) => [paper?.field, ...sides.map(({ value }) => value).sort()]);
      expect(said.sort()).toEqual(
        [
          ['Giới', 'Nam', 'Nữ'],
          ['Ra viện lúc', '08:05 22/11/2026', '09:00 22/11/2026'],
          ['Phương pháp điều trị', 'Nội khoa', 'Phẫu thuật'],
          ['Chẩn đoán', 'Viêm phổi (J18.9)', null],
        ].sort(),
      );
    }
  });

  it('tells two versions frozen apart by the code at the foot of their pages and by who signed them', async () => {
    const [a, b] = pair();
    const freeze = (store: OpenStore, text: string): void =>
      on(store, (tx) =>
        tx.append(documentFreeze, {
          ...about,
          body: {
            ...{ content: sha256Hex(text), pdf: sha256Hex(text), pages: 1, previous: null, reason: null },
            ...{ title: 'Giấy ra viện', signedPdf: true, values: sha256Hex('{}'), writerSigns: true },
            steps: [{ id: 'bac_si', label: 'Bác sĩ', kind: 'staff', roles: [], optional: false }],
          },
        }),
      );
    freeze(a, 'một');
    freeze(b, 'hai');
    on(a, (tx) =>
      tx.append(documentSign, {
        ...about,
        body: {
          ...{ content: sha256Hex('một'), digest: sha256Hex('một'), step: 'bac_si', over: 'content' },
          ...{ container: Buffer.from('chữ ký'), certificate: sha256Hex('x'), signer: 'Lê Minh Đức' },
          ...{ role: 'bac_si_dieu_tri', signedPdf: null, revocation: { how: 'none', asOf: null } },
        },
      }),
    );
    exchange(a, b);
    const [conflict] = await inbox(b);
    expect(conflict).toMatchObject({
      subjectKey: 'field.document.content',
      paper: { documentId: about.id, title: 'Giấy ra viện', field: null },
    });
    expect(conflict?.sides.map(({ value }) => value).sort()).toEqual(
      [`${sha256Hex('một').slice(0, 12)} · Lê Minh Đức`, sha256Hex('hai').slice(0, 12)].sort(),
    );
  });
});
