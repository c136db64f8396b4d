// A finger as confirmation of a paper, and what is left after consent was withdrawn.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/text/canonical-json.ts';
import { staffPassword } from '../support/open-test-core.ts';
import { enrolFinger, enrolled, fingerCenter, withFingers } from './support.ts';

const thumb = 5001;
const stranger = 5002;

const text = 'Tôi đồng ý mổ ruột thừa. Đã nghe giải thích.';
const paper = {
  title: 'Giấy cam đoan chấp nhận phẫu thuật',
  mediaType: 'text/plain',
  document: Buffer.from(text).toString('base64'),
  witness: 'ĐD Lò Thị Hoa',
} as const;

describe('a paper confirmed with a finger', () => {
  it('gets a package about the very bytes that were shown, spelled the one way it can be', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const answer = await center.ok('bs.an', 'fingerprint.confirm', {
      ...person,
      ...paper,
      captureId: await center.capture('bs.an', thumb),
    });
    expect(answer.matched).toBe(true);
    const evidence = JSON.parse(answer.evidence ?? '');
    expect(evidence).toMatchObject({
      type: 'tram.fingerprint.evidence',
      version: 1,
      id: answer.evidenceId,
      at: new Date(center.clock.now).toISOString(),
      document: {
        title: paper.title,
        bytes: Buffer.from(text).length,
        sha256: createHash('sha256').update(text).digest('hex'),
      },
      center: { name: 'Trung tâm Y tế Thử Nghiệm' },
      station: { name: 'Máy tiếp đón' },
      operator: { name: 'Người bs.an' },
      witness: 'ĐD Lò Thị Hoa',
      patient: { id: person.patientId, name: 'Giàng A Páo' },
      person: { id: person.personId, role: 'patient', relation: null },
      match: { finger: 1, reader: 'Test 4500' },
    });
    expect(evidence.match.oneIn).toBeGreaterThanOrEqual(10_000);
    expect(answer.evidence).toBe(canonicalJson(evidence));
    expect(answer.evidence?.length).toBeLessThan(2_000);
    expect(Object.keys(evidence.match).sort()).toEqual(['algorithm', 'finger', 'oneIn', 'reader', 'score']);
  });

  it('is not confirmed by somebody else’s finger, nor in another patient’s stay', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const captureId = await center.capture('bs.an', stranger);
    expect(await center.ok('bs.an', 'fingerprint.confirm', { ...person, ...paper, captureId })).toEqual({
      matched: false,
      evidenceId: null,
      evidence: null,
    });
    const asked = {
      ...person,
      ...paper,
      captureId: await center.capture('bs.an', thumb),
      admissionId: '00000000-0000-4000-8000-000000000000',
    };
    expect((await center.refused('bs.an', 'fingerprint.confirm', asked)).code).toBe('not_found');
  });

  it('may be as large as a call, and not empty', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const confirm = async (size: number) => ({
      ...person,
      ...paper,
      document: 'A'.repeat(size),
      captureId: await center.capture('bs.an', thumb),
    });
    expect((await center.ok('bs.an', 'fingerprint.confirm', await confirm(700_000))).matched).toBe(true);
    for (const size of [700_004, 0])
      expect((await center.refused('bs.an', 'fingerprint.confirm', await confirm(size))).code).toBe(
        'bad_input',
      );
  });
});

describe('withdrawing consent', () => {
  it('drops the key at once: nothing opens, nothing is found, and this PC says so', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const search = async () =>
      center.ok('clerk', 'fingerprint.search', {
        captureId: await center.capture('clerk', thumb),
        reason: 'been_here',
      });
    expect((await search()).candidates).toHaveLength(1);
    await center.ok('clerk', 'fingerprint.withdraw', { ...person, reason: 'Không muốn nữa' });
    expect(await search()).toMatchObject({ searched: 0, candidates: [] });
    const asked = { ...person, captureId: await center.capture('clerk', thumb), occasion: 'other' };
    expect((await center.refused('clerk', 'fingerprint.verify', asked)).code).toBe('consent_withdrawn');
    const { people } = await center.ok('clerk', 'fingerprint.ofPatient', { patientId: person.patientId });
    expect(people[0]).toMatchObject({
      consent: 'withdrawn',
      fingers: [],
      erasure: { stations: [{ name: 'Máy tiếp đón', at: center.clock.now }] },
    });
    expect(await center.ok('admin', 'fingerprint.gallery', {})).toMatchObject({ people: 0, fingers: 0 });
  });

  it('is for good: who consents again begins anew, as somebody else', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    await center.ok('clerk', 'fingerprint.withdraw', { ...person, reason: null });
    const again = await center.ok('clerk', 'fingerprint.consent', {
      patientId: person.patientId,
      holder: { kind: 'patient' },
      purposes: ['recognise'],
      way: 'spoken',
    });
    expect(again.personId).not.toBe(person.personId);
    await enrolFinger(center, { ...person, ...again }, 1, thumb);
    const { people } = await center.ok('clerk', 'fingerprint.ofPatient', { patientId: person.patientId });
    expect(people[0]).toMatchObject({ consent: 'given', fingers: [{ finger: 1 }] });
  });
});

describe('the keys of persons', () => {
  it('lie in a file of their own, which no backup takes along', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const keyFile = join(center.dataDir, 'fingerprint-keys.db');
    expect(readFileSync(keyFile).includes(person.personId)).toBe(false);
    await center.ok('admin', 'station.backup', {});
    const saved = readdirSync(join(center.dataDir, 'backups'), { recursive: true }).map(String);
    expect(saved.length).toBeGreaterThan(0);
    expect(saved.filter((name) => name.includes('fingerprint'))).toEqual([]);
  });

  it('that do not open leave everything else working', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const keyFile = join(center.dataDir, 'fingerprint-keys.db');
    await center.core.close();
    rmSync(keyFile);
    mkdirSync(keyFile);
    const without = await center.restart();
    await without.ok('clerk', 'access.login', { username: 'clerk', password: staffPassword });
    await without.ok('clerk', 'patients.get', { patientId: person.patientId });
    expect((await without.refused('clerk', 'fingerprint.readers', {})).code).toBe('store_read_only');
    expect(without.logged.some(({ message }) => message.startsWith('fingerprints are off'))).toBe(true);
  });

  it('that another key wrote are put aside, and their fingers wait for the center’s other PCs', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    await center.core.close();
    writeFileSync(join(center.dataDir, 'fingerprint-keys.db'), Buffer.alloc(8192, 7));
    const again = withFingers(await center.restart(), center.reader);
    await again.ok('clerk', 'access.login', { username: 'clerk', password: staffPassword });
    const { people } = await again.ok('clerk', 'fingerprint.ofPatient', { patientId: person.patientId });
    expect(people[0]?.fingers).toMatchObject([{ finger: 1, usable: false }]);
    // neither "not the person" nor "nobody": this PC cannot tell
    const asked = { ...person, captureId: await again.capture('clerk', thumb), occasion: 'other' };
    expect((await again.refused('clerk', 'fingerprint.verify', asked)).code).toBe('finger_key_missing');
    const search = async () =>
      again.ok('clerk', 'fingerprint.search', {
        captureId: await again.capture('clerk', stranger),
        reason: 'unconscious',
      });
    expect(await search()).toMatchObject({ candidates: [], searched: 0, withoutKey: 1 });
    // another finger can be taken here meanwhile, and is known here
    await enrolFinger(again, person, 2, stranger);
    expect(await search()).toMatchObject({
      // the finger whose key is elsewhere would not match its own person, so it is no second finger here
      candidates: [{ name: 'Giàng A Páo', otherFingers: [] }],
      searched: 1,
      // some of theirs was compared, and the finger put on may still be the one that was not
      withoutKey: 1,
    });
    const aside = readdirSync(center.dataDir).filter((name) =>
      /^fingerprint-keys\.db\.other-\d+$/.test(name),
    );
    expect(aside).toHaveLength(1);
  });
});
