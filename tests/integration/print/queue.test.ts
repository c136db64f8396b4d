// A paper from the record to a printer: drawn and copied by a real browser, signed, read at the printer's end.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openBrowserPress, type Printers } from '../../../electron/print/index.ts';
import { ok } from '../../../shared/api/contract.ts';
import { ContentId, DocumentId } from '../../../shared/api/documents.ts';
import {
  dischargeValues,
  frozenPaper,
  openToken,
  paperCenter,
  read,
  signed,
} from '../../unit/support/paper-center.ts';
import { ask, flat, pressOptions } from './drawn.ts';

/** A printer that keeps the pages. */
function tray(): Printers & { pages: Buffer[] } {
  const pages: Buffer[] = [];
  return {
    pages,
    list: async () => [{ name: 'Tầng 1', isDefault: true }],
    async send({ pdf }) {
      pages.push(pdf);
      return ok({ systemJob: null });
    },
    has: async () => false,
    cancel: async () => {},
  };
}

function textOf(pdf: Buffer): string {
  const file = join(tmpdir(), `tram-queue-${process.pid}.pdf`);
  writeFileSync(file, pdf);
  return flat(ask('pdftotext', ['-layout', file, '-']));
}

const consentValues = {
  loai: 'cap_cuu',
  da_tu_van: ['chan_doan', 'rui_ro'],
  phuong_phap: 'noi_soi',
  nguy_co: ['chay_mau'],
  y_kien: 'dong_y',
  bs_ten: 'Người bacsi',
  chan_doan: { text: 'Viêm ruột thừa', code: 'K35' },
  ten_pttt: 'Cắt ruột thừa nội soi',
  nb_ten: 'Giàng A Páo',
  ngay_ky: 1_793_900_000_000,
};

it('says on paper who signed a consent and how, which its PDF does not show', async () => {
  const printers = tray();
  const center = await paperCenter({ press: openBrowserPress(pressOptions), printers });
  const paper = await frozenPaper(center, 'cam-ket-phau-thuat-thu-thuat', consentValues);
  const documentId = DocumentId.parse(paper.documentId);
  const content = ContentId.parse(paper.content);
  await read(center, 'dieuduong', paper);
  await center.ok('dieuduong', 'signing.confirmOnPaper', {
    ...{ documentId, content, step: 'nguoi_benh', name: 'Giàng A Páo', relation: null },
    witness: 'Người dieuduong',
  });
  await openToken(center, 'bacsi');
  await read(center, 'bacsi', paper);
  await signed(center, 'bacsi', [{ documentId, content, step: 'phau_thuat_vien' }]);

  const { jobId } = await center.ok('bacsi', 'print.add', { documentId, content, copies: 1, printer: null });
  await vi.waitFor(async () => {
    const { jobs } = await center.ok('bacsi', 'print.queue', {});
    expect(jobs).toEqual([expect.objectContaining({ jobId, state: 'printed', code: null })]);
  }, 30_000);
  const printed = textOf(printers.pages[0]!);
  expect(printed).toContain('Đã ký số');
  expect(printed).toContain('Người bacsi');
  expect(printed).toContain('Đã ký trên bản giấy');
  const { pdf } = await center.ok('bacsi', 'documents.pdf', { documentId, content });
  expect(textOf(Buffer.from(pdf, 'base64'))).not.toContain('Đã ký');
});

it('prints a discharge paper with the signatures that are in the file itself', async () => {
  const printers = tray();
  const center = await paperCenter({ press: openBrowserPress(pressOptions), printers });
  const paper = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
  const documentId = DocumentId.parse(paper.documentId);
  const content = ContentId.parse(paper.content);
  await openToken(center, 'bacsi');
  await read(center, 'bacsi', paper);
  await signed(center, 'bacsi', [{ documentId, content, step: 'nguoi_hanh_nghe' }]);
  await center.ok('bacsi', 'print.add', { documentId, content, copies: 1, printer: null });
  await vi.waitFor(() => expect(printers.pages).toHaveLength(1), 30_000);
  const { pdf } = await center.ok('bacsi', 'documents.pdf', { documentId, content, signed: true });
  expect(printers.pages[0]!.equals(Buffer.from(pdf, 'base64'))).toBe(true);
});
