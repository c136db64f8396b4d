// Which files the province wants of a paper: all that prove it, the one with the time-stamp over the whole among them.
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { paperOf } from '../../../province/signatures/reading.ts';
import { documentEvidence } from '../../../shared/model/documents.ts';
import { station, writer } from './support.ts';

it('wants revocation lists and the stamped PDF that came after a signature', () => {
  const from = writer(station(1));
  const [container, list, pdf] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
  const came = (signedPdf: string | null) => {
    const body = { container, stamped: null, ocsp: [], crl: [list], signedPdf };
    const subject = { type: 'document', id: randomUUID() };
    const [stored] = from.write(1, { subject, body }, documentEvidence).stored;
    return stored && paperOf(stored);
  };
  expect(came(pdf ?? null)).toMatchObject({ what: 'proven', files: [list, pdf], container });
  expect(came(null)).toMatchObject({ what: 'proven', files: [list] });
});
