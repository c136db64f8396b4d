// A patient confirms the frozen pages with a finger, and the doctor's signature seals what was confirmed.
import { expect, it } from 'vitest';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import { enrolFinger, openTestReader, withFingers } from '../fingerprint/support.ts';
import { hire } from '../support/open-test-core.ts';
import { openedStore } from '../support/opened-store.ts';
import { frozenPaper, openToken, paperCenter, read, signed, stepsOf } from '../support/paper-center.ts';

const thumb = 7001;
const stranger = 7002;

it('confirms the very bytes of the PDF, and is sealed by the next signature', async () => {
  const reader = openTestReader();
  const center = await paperCenter({ fingerReaders: () => [reader.family] });
  const fingers = withFingers(center, reader);
  await hire(center, 'clerk', ['tiep_don']);
  const { patientId } = center;
  const { personId } = await center.ok('clerk', 'fingerprint.consent', {
    patientId,
    holder: { kind: 'patient' },
    purposes: ['recognise', 'find', 'confirm'],
    way: 'spoken',
  } as never);
  await enrolFinger(fingers, { patientId, personId } as never, 1, thumb);

  const paper = await frozenPaper(center, 'cam-ket-phau-thuat-thu-thuat', consent);
  const { documentId, content } = paper;
  const confirm = async (seed: number) =>
    center.core.invoke('bacsi', 'signing.confirmByFinger', {
      ...{ documentId, content, step: 'nguoi_benh', personId, witness: 'Người dieuduong' },
      captureId: await fingers.capture('bacsi', seed),
    });
  // pages nobody was shown are confirmed by nobody
  expect(await confirm(thumb)).toMatchObject({ ok: false, error: { code: 'not_read' } });
  await read(center, 'bacsi', paper);
  expect(await confirm(stranger)).toEqual({ ok: true, value: { matched: false } });
  expect((await stepsOf(center, 'bacsi', documentId))[0]?.state).toBe('waiting');
  expect(await confirm(thumb)).toEqual({ ok: true, value: { matched: true } });
  expect(await confirm(thumb)).toMatchObject({ ok: false, error: { code: 'already_signed' } });
  expect((await stepsOf(center, 'bacsi', documentId))[0]).toMatchObject({
    state: 'done',
    by: 'Giàng A Páo',
    signature: null,
  });
  const shown = await center.ok('bacsi', 'documents.pdf', { documentId, content });

  await openToken(center, 'bacsi');
  await signed(center, 'bacsi', [{ documentId, content, step: 'phau_thuat_vien' }]);
  expect((await stepsOf(center, 'bacsi', documentId))[0]?.signature?.container).toMatch(/^[0-9a-f]{64}$/);
  const { verdict } = await center.ok('bacsi', 'signing.verify', { documentId });
  expect(verdict.signatures.map((s) => s.state)).toEqual(['valid', 'valid']);

  await openedStore(center, (store) => {
    const changes = store.changesOf('document', documentId);
    const [confirmed] = changes.filter((c) => c.kind === 'document.confirm');
    const evidence = String(confirmed?.body.evidence);
    expect(JSON.parse(evidence)).toMatchObject({
      type: 'tram.fingerprint.evidence',
      document: { sha256: shown.sha256, mediaType: 'application/pdf' },
      person: { name: 'Giàng A Páo', role: 'patient' },
      witness: 'Người dieuduong',
    });
    const seals = changes.filter((c) => c.kind === 'document.sign' && c.body.over === 'evidence');
    expect(seals.map((c) => c.body.digest)).toEqual([sha256Hex(evidence)]);
  });
});

const consent = {
  loai: 'cap_cuu',
  bs_ten: 'Người bacsi',
  chan_doan: { text: 'Viêm ruột thừa', code: 'K35' },
  da_tu_van: ['chan_doan', 'rui_ro'],
  ten_pttt: 'Cắt ruột thừa nội soi',
  phuong_phap: 'noi_soi',
  nguy_co: ['chay_mau'],
  nb_ten: 'Giàng A Páo',
  y_kien: 'dong_y',
  ngay_ky: 1_793_900_000_000,
};
