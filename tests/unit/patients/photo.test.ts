// A photo of a patient: what may be one, the write that stands in any order, and the way its file takes to another PC.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keepFilesComing } from '../../../electron/clinic/keep-files-coming.ts';
import { model, photoFiles } from '../../../electron/clinic/patients/index.ts';
import { readJpeg } from '../../../electron/clinic/patients/jpeg.ts';
import { allPhotosToFetch, mostBytes, photosToFetch } from '../../../electron/clinic/patients/photo.ts';
import { isNamedFile } from '../../../electron/core/clinic.ts';
import { type Blobs, blobsOf, filesOnlyHere } from '../../../electron/store/blobs.ts';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { patientPhoto } from '../../../shared/model/patients.ts';
import { exchange, give, openTestStore } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { caller, type Desk, openDesk, person } from './support.ts';

const drawn = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/photos', `${name}.jpg`));
const baseline = drawn('baseline');
const progressive = drawn('progressive');

/** A segment put in right behind the beginning. */
const withSegment = (jpeg: Buffer, marker: number, content: string): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 + marker, 0);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(content, 'latin1'), jpeg.subarray(2)]);
};
/** The same picture said to be of this size. */
const sized = (width: number, height: number): Buffer => {
  const jpeg = Buffer.from(baseline);
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  return jpeg;
};
/** One segment holds no more than 64 kB. */
const heavy = (bytes: number): Buffer => {
  const half = withSegment(baseline, 0xe2, 'ICC_PROFILE\0'.padEnd(bytes / 2, 'x'));
  return withSegment(half, 0xe2, 'ICC_PROFILE\0'.padEnd(bytes - half.length - 4, 'x'));
};

const someone = (desk: Desk) => desk.ask('patients.register', person('Lò Thị Mơ')).patientId;
const set = (desk: Desk, patientId: string, jpeg: Buffer | null, reason?: string) =>
  desk.answer('patients.setPhoto', { patientId, jpeg: jpeg?.toString('base64') ?? null, reason });
async function shown(desk: Desk, patientId: string) {
  const answer = await desk.answer('patients.photo', { patientId });
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value;
}
const undoOf = (answer: Awaited<ReturnType<typeof set>>) => (answer.ok ? answer.value.undo : undefined);

describe('a photo', () => {
  it('that was taken again is not missed when this PC is switched off, only the one that stands', async () => {
    const desk = openDesk();
    const patientId = someone(desk);
    await set(desk, patientId, baseline);
    await set(desk, patientId, progressive);
    expect(filesOnlyHere(desk.store.sql, isNamedFile)).toBe(1);
    expect(await blobsOf(desk.store, isNamedFile).onlyHere?.(9)).toEqual([sha256Hex(progressive)]);
  });

  it('is kept beside the log and shown as it came', async () => {
    const desk = openDesk();
    const patientId = someone(desk);
    expect(await shown(desk, patientId)).toEqual({ jpeg: null, waiting: false });
    for (const jpeg of [baseline, progressive]) {
      expect(await set(desk, patientId, jpeg)).toMatchObject({ ok: true });
      expect(await shown(desk, patientId)).toEqual({ jpeg: jpeg.toString('base64'), waiting: false });
    }
    const written = desk.store.changesOf('patient', patientId).filter((c) => c.kind === 'patient.photo');
    expect(written.map(({ lane, body }) => [lane, body])).toEqual([
      [2, { photo: sha256Hex(baseline), reason: null }],
      [2, { photo: sha256Hex(progressive), reason: null }],
    ]);
  });

  it('is not written twice when it is the one that stands', async () => {
    const desk = openDesk();
    const patientId = someone(desk);
    await set(desk, patientId, baseline);
    const before = desk.store.changesOf('patient', patientId).length;
    expect(await set(desk, patientId, baseline)).toEqual(ok({}));
    expect(desk.store.changesOf('patient', patientId)).toHaveLength(before);
  });

  it('is taken away only for a reason, which stays in the record', async () => {
    const desk = openDesk();
    const patientId = someone(desk);
    await set(desk, patientId, baseline);
    expect(await set(desk, patientId, null)).toMatchObject({ ok: false, error: { code: 'reason_required' } });
    expect(await set(desk, patientId, null, 'Ảnh của người khác')).toMatchObject({ ok: true });
    expect(await shown(desk, patientId)).toEqual({ jpeg: null, waiting: false });
    expect(desk.store.changesOf('patient', patientId).at(-1)?.body).toEqual({
      photo: null,
      reason: 'Ảnh của người khác',
    });
  });

  it('can be taken back while nobody has set another', async () => {
    const desk = openDesk();
    const patientId = someone(desk);
    const first = await set(desk, patientId, baseline);
    const second = await set(desk, patientId, progressive);
    expect(desk.undo(undoOf(first))).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect(desk.undo(undoOf(second))).toMatchObject({ ok: true });
    expect((await shown(desk, patientId)).jpeg).toBe(baseline.toString('base64'));
  });

  it('is of somebody who is registered', async () => {
    const desk = openDesk();
    const nobody = '00000000-0000-4000-8000-00000000abcd';
    expect(await set(desk, nobody, baseline)).toMatchObject({ error: { code: 'not_found' } });
    expect(await desk.answer('patients.photo', { patientId: nobody })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it.each([
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'field.photo_not_jpeg'],
    ['text', Buffer.from('ảnh'), 'field.photo_not_jpeg'],
    ['one cut short', baseline.subarray(0, baseline.length - 40), 'field.photo_not_jpeg'],
    ['one with a file behind it', Buffer.concat([baseline, Buffer.from('PK')]), 'field.photo_not_jpeg'],
    ['one without a picture', Buffer.from('ffd8ffd9', 'hex'), 'field.photo_not_jpeg'],
    ['one of no width', sized(0, 160), 'field.photo_not_jpeg'],
    ['one too wide', sized(481, 640), 'field.photo_too_large'],
    ['one too high', sized(480, 641), 'field.photo_too_large'],
    ['one too heavy', heavy(mostBytes + 1), 'field.photo_too_heavy'],
    ['one with EXIF', withSegment(baseline, 0xe1, 'Exif\0\0MM\0*'), 'field.photo_tells_more'],
    ['one with IPTC', withSegment(baseline, 0xed, 'Photoshop 3.0\0'), 'field.photo_tells_more'],
    ['one with a comment', withSegment(baseline, 0xfe, 'BN Mơ, nhà 12'), 'field.photo_tells_more'],
    [
      'one with words dressed as JFIF',
      withSegment(baseline, 0xe0, 'JFXX\0thumbnail'),
      'field.photo_tells_more',
    ],
  ])('is not %s', async (_what, bytes, fault) => {
    const desk = openDesk();
    const patientId = someone(desk);
    expect(await set(desk, patientId, bytes)).toMatchObject({
      ok: false,
      error: { code: 'bad_input', fields: { jpeg: fault } },
    });
    expect(await desk.blobs.isComplete(sha256Hex(bytes))).toBe(false);
  });

  it('may be as large and as heavy as is allowed', async () => {
    const desk = openDesk();
    const patientId = someone(desk);
    for (const jpeg of [sized(480, 640), heavy(mostBytes)])
      expect(await set(desk, patientId, jpeg)).toMatchObject({ ok: true });
  });

  it('is read from any bytes without stumbling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        readJpeg(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), noise]));
      }),
      { numRuns: propertyRuns(300) },
    );
    fc.assert(
      fc.property(fc.nat(baseline.length - 1), fc.nat(255), (at, value) => {
        const broken = Buffer.from(baseline);
        broken[at] = value;
        readJpeg(broken);
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});

describe('photos set on several PCs', () => {
  const photoOf = (store: OpenStore) =>
    store.sql.prepare<[], string | null>('select photo from patient').pluck().get();

  it('stand by the latest write, in whatever order the changes came, and after a rebuild', () => {
    const anyWrite = fc.record({
      on: fc.constantFrom(0, 1),
      photo: fc.option(fc.constantFrom('1', '2', '3'), { nil: null }),
      meet: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyWrite, { minLength: 1, maxLength: 6 }), (writes) => {
        const opened = ['a', 'b', 'c', 'd'].map((station) => openDesk({ station }));
        const stores = opened.map(({ store }) => store);
        try {
          const [a, b, c, d] = stores as [OpenStore, OpenStore, OpenStore, OpenStore];
          const patientId = someone(opened[0] as Desk);
          exchange(a, b);
          for (const { on, photo, meet } of writes) {
            const store = on === 0 ? a : b;
            store.write(caller, (tx) => {
              const body = { photo: photo === null ? null : photo.repeat(64), reason: null };
              tx.append(patientPhoto, { id: patientId, patient: patientId, body });
              return ok(null);
            });
            if (meet) exchange(a, b);
          }
          give(a, c);
          give(b, c);
          give(b, d);
          give(a, d);
          exchange(a, b);
          const [last] = a
            .changesOf('patient', patientId)
            .filter((change) => change.kind === 'patient.photo')
            .sort((x, y) => (x.hlc < y.hlc ? 1 : -1));
          const expected = stores.map(() => last?.body.photo ?? null);
          expect(stores.map(photoOf)).toEqual(expected);
          for (const store of stores) store.rebuild();
          expect(stores.map(photoOf)).toEqual(expected);
        } finally {
          for (const store of stores) store.close();
        }
      }),
      { numRuns: propertyRuns(4) },
    );
  });
});

describe('the file of a photo', () => {
  /** What the sync room does, chunk by chunk. */
  async function bring(from: Blobs, to: Blobs): Promise<string[]> {
    const order: string[] = [];
    for (const { hash } of await to.wanted(100)) {
      order.push(hash);
      const manifest = await from.manifest(hash);
      if (!manifest) continue;
      await to.learn(manifest);
      for (const n of manifest.chunks.keys()) {
        const bytes = await from.chunk(hash, n);
        if (bytes) await to.takeChunk(hash, n, bytes);
      }
    }
    return order;
  }
  const following = (desk: Desk) => {
    const stop = keepFilesComing({
      store: desk.store,
      blobs: () => desk.blobs,
      named: [photoFiles],
      log: () => {},
    });
    onTestFinished(stop);
  };

  it('comes to a second station behind the change that names it', async () => {
    const [a, b] = [openDesk({ station: 'a' }), openDesk({ station: 'b' })];
    following(b);
    const patientId = someone(a);
    await set(a, patientId, baseline);
    exchange(a.store, b.store);
    expect(await shown(b, patientId)).toEqual({ jpeg: null, waiting: true });
    await vi.waitFor(async () => expect(await b.blobs.wanted(9)).toHaveLength(1));
    await bring(a.blobs, b.blobs);
    expect(await shown(b, patientId)).toEqual({ jpeg: baseline.toString('base64'), waiting: false });
  });

  it('is asked for when the program starts, if it was not before', async () => {
    const [a, b] = [openDesk({ station: 'a' }), openDesk({ station: 'b' })];
    await set(a, someone(a), baseline);
    exchange(a.store, b.store);
    expect(await b.blobs.wanted(9)).toEqual([]);
    following(b);
    await vi.waitFor(async () =>
      expect(await b.blobs.wanted(9)).toEqual([{ hash: sha256Hex(baseline), missing: null }]),
    );
  });

  it('comes behind files that somebody may be waiting to read, though it was wanted before them', async () => {
    const { blobs } = openDesk();
    const [photo, paper, both] = ['photo', 'paper', 'both'].map((name) => sha256Hex(name)) as [
      string,
      string,
      string,
    ];
    await blobs.want(photo, { later: true });
    await blobs.want(both, { later: true });
    await blobs.want(paper);
    await blobs.want(both);
    await blobs.want(both, { later: true });
    expect((await blobs.wanted(9)).map(({ hash }) => hash)).toEqual([both, paper, photo]);
  });

  it('is not shown when another station named what is no photo', async () => {
    const desk = openDesk();
    const patientId = someone(desk);
    for (const content of [Buffer.from('<svg onload=…>'), Buffer.alloc(mostBytes + 1, 0xff)]) {
      const kept = await desk.blobs.put(content);
      desk.store.write(caller, (tx) => {
        const body = { photo: kept.ok ? kept.value : null, reason: null };
        tx.append(patientPhoto, { id: patientId, patient: patientId, body });
        return ok(null);
      });
      expect(await shown(desk, patientId)).toEqual({ jpeg: null, waiting: false });
    }
  });

  it('is found by index', () => {
    const store = openTestStore([model]);
    const plan = (text: string, ...values: unknown[]) =>
      store.sql
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
        .all(...values)
        .map(({ detail }) => detail)
        .join('\n');
    expect(plan(photosToFetch.text, '[]')).not.toMatch(/SCAN (p|b)\b/);
    expect(plan(allPhotosToFetch.text)).toMatch(/SEARCH p USING .*INDEX patient_photo/);
    expect(plan(allPhotosToFetch.text)).toMatch(/SEARCH b USING/);
    expect(plan('select * from blob where complete = 0 order by later, id limit 9')).toMatch(
      /USING .*INDEX blob_open/,
    );
  });
});
