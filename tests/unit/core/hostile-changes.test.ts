// One bad change must never hold up a feed: a neighbour's program may be altered or broken, so bodies that fit their
// kind but make no sense, subjects that collide and bodies that fit nothing are taken in, shown or parked, never thrown.
import { expect, it } from 'vitest';
import * as z from 'zod';
import { allModels } from '../../../electron/core.ts';
import { sha256 } from '../../../electron/store/crypto.ts';
import { tableDigest } from '../../../electron/store/digest.ts';
import { tablesOf } from '../../../electron/store/projections.ts';
import { seededRandom } from '../../../electron/training/random.ts';
import { type Lane, versionOf } from '../../../shared/model/change.ts';
import { CodecError, encodeChange } from '../../../shared/sync/codec.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';
import { hostileInput, type Schema } from '../../torture/hostile-values.ts';
import { openTestStore, stationId, testNow } from '../support/open-test-store.ts';

const seed = Number(process.env.TRAM_TORTURE_SEED ?? 20261122);
const changes = Number(process.env.TRAM_TORTURE_CASES ?? 600);

it(`takes in whatever another station wrote and shows the same after a rebuild (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const store = openTestStore(allModels, { station: 'a' });
  const kinds = allModels.flatMap((area) => area.kinds);
  const schemas = new Map(kinds.map((k) => [k, schemaOf(k.body)]));
  const ids = Array.from({ length: 12 }, (_, i) => `00000000-0000-4000-8000-00000000000${i.toString(16)}`);
  const heads = new Map<string, { seq: number; prev: string }>();
  const versions: string[] = [];
  let shown = 0;
  for (let i = 0; i < changes; i += 1) {
    const kind = random.pick(kinds);
    const schema = schemas.get(kind);
    let body: unknown;
    // mostly bodies that fit: those are the ones that reach the tables
    for (let attempt = 0; attempt < 20; attempt += 1) {
      body = hostileInput(random, schema ?? {}, ids);
      if (kind.body.safeParse(body).success) break;
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body)) continue;
    if (random.chance(0.5) && versions.length > 0 && 'saw' in body)
      body = {
        ...body,
        saw: Array.isArray(body.saw)
          ? [random.pick(versions), random.pick(versions)]
          : {
              refuted: random.pick(versions),
              bloodGroup: `${random.pick(versions)},${random.pick(versions)}`,
            },
      };
    const station = stationId(random.pick(['x', 'y']));
    const lane: Lane = random.chance(0.95) ? kind.lane : 0;
    const head = heads.get(`${station} ${lane}`) ?? { seq: 0, prev: '0'.repeat(64) };
    const hlc = makeHlc(testNow + random.int(-1_000, 1_000_000), random.int(0, 3));
    const draft = {
      station,
      incarnation: 1,
      lane,
      seq: head.seq + 1,
      prev: head.prev,
      hlc,
      wall: random.pick([testNow, 0, -1, 8_640_000_000_000_001]),
      author: random.pick([null, ...ids]),
      session: null,
      app: 'other',
      kind: kind.kind,
      v: random.chance(0.97) ? kind.v : 7,
      subject: { type: random.chance(0.98) ? kind.subject : 'patient', id: random.pick(ids) },
      patient: random.pick([null, ...ids]),
      refs: random.chance(0.2) ? [`patient:${random.pick(ids)}` as const] : [],
      body: body as Record<string, unknown>,
    };
    let stored: Uint8Array;
    try {
      stored = encodeChange(draft, kind);
    } catch (error) {
      if (error instanceof CodecError) continue;
      throw error;
    }
    const taken = store.ingest([stored]);
    expect(taken, `${kind.kind} ${JSON.stringify(draft.body).slice(0, 400)}`).toMatchObject({ ok: true });
    if (!taken.ok || taken.value.accepted === 0) continue;
    heads.set(`${station} ${lane}`, { seq: draft.seq, prev: sha256(stored).toString('hex') });
    versions.push(versionOf(draft));
    shown += taken.value.accepted - taken.value.parked;
  }
  expect(shown).toBeGreaterThan(changes / 10);
  const tables = [...tablesOf(allModels), 'conflict', 'subject_key', 'parked'];
  const live = tableDigest(store.sql, tables);
  expect(store.rebuild().ok).toBe(true);
  expect(tableDigest(store.sql, tables)).toEqual(live);
}, 300_000);

/** Bytes are the one thing in bodies that JSON has no word for. */
const schemaOf = (body: z.ZodType): Schema =>
  z.toJSONSchema(body, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'custom')
        Object.assign(jsonSchema, { type: 'string', format: 'bytes' });
    },
  }) as Schema;
