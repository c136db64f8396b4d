// What a person's single action costs on the line, with the kinds of the real record. The benchmark measures the
// thousand documents; this keeps the small frames small.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { observationRecord } from '../../../shared/model/observations.ts';
import { patientUpdate } from '../../../shared/model/patients.ts';
import { hexOf } from '../../../shared/sync/bytes.ts';
import { type Draft, encodeChange } from '../../../shared/sync/codec.ts';
import { createFrames, dictionaryOf } from '../../../shared/sync/frames.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';
import { sha256, zstd } from './support/zstd.ts';

const dictionary = dictionaryOf(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'resources', 'sync', 'dictionary-1')),
  sha256,
);
const station = '5f2c9a1e7b3d4c6f8a0e1d2c3b4a5968';
const uuid = (n: number): string => {
  const hex = hexOf(sha256(Uint8Array.of(n))).slice(0, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

function live() {
  const frames = createFrames({ codec: zstd, dictionary, sha256 });
  let before: Uint8Array | null = null;
  let [seq, ms] = [0, 1_790_000_000_000];
  /** Bytes of the frame that carries this one action. */
  return async (
    kind: typeof patientUpdate | typeof observationRecord,
    subject: string,
    body: object,
  ): Promise<number> => {
    ms += 61_237;
    seq += 1;
    const draft: Draft = {
      station,
      incarnation: 1,
      lane: kind.lane,
      seq,
      prev: before ? hexOf(sha256(before)) : '0'.repeat(64),
      hlc: makeHlc(ms, 0),
      wall: ms,
      author: uuid(1),
      session: uuid(2),
      app: '0.2.0',
      kind: kind.kind,
      v: kind.v,
      subject: { type: kind.subject, id: subject },
      patient: uuid(3),
      refs: [`patient:${uuid(3)}`],
      body: { ...body },
    };
    const stored = encodeChange(draft, kind);
    const run = {
      feed: { station, incarnation: 1, lane: kind.lane },
      firstSeq: seq,
      stored: [stored],
      before,
    };
    before = stored;
    const packed = await frames.pack(kind.lane, { runs: [run], cursor: 0, more: false }, 8_000);
    return packed?.frame.length ?? 0;
  };
}

it('sends one changed field in at most 120 bytes on a line that is up', async () => {
  const act = live();
  const saw = { phone: `${makeHlc(1_789_000_000_000, 0)}-${station}.1` };
  await act(patientUpdate, uuid(3), { phone: '0912345678', saw });
  const sizes: number[] = [];
  for (let i = 0; i < 10; i++)
    sizes.push(await act(patientUpdate, uuid(3), { phone: `09${61_234_567 + i * 7_919}`, saw }));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(120);
});

it('sends a set of vital signs in at most 140 bytes on a line that is up', async () => {
  const act = live();
  const vitals = (i: number) => ({
    admission: uuid(4),
    at: 1_790_000_000_000 + i * 61_000,
    scale: 1,
    ageYears: 63,
    pregnant: false,
    table: 'rcp-2017',
    pulse: 80 + i,
    temperature: 37.4 + i / 10,
    systolic: 120 + i,
    diastolic: 80,
    respiration: 18,
    spo2: 97,
  });
  await act(observationRecord, uuid(10), vitals(0));
  const sizes: number[] = [];
  for (let i = 1; i < 10; i++) {
    const keys = Object.fromEntries(
      Object.entries(vitals(i)).filter(([name]) => observationRecord.fields.includes(name)),
    );
    sizes.push(await act(observationRecord, uuid(10 + i), keys));
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(140);
});
