// Taking fingers, telling people by them and finding them, through the real core with made-up fingers.
import { describe, expect, it } from 'vitest';
import { registerPatient } from '../support/open-test-core.ts';
import { blank, enrolFinger, enrolled, fingerCenter, printOf } from './support.ts';

const thumb = 4001;
const index = 4002;
const stranger = 4003;

describe('enrolling', () => {
  it('takes three impressions of a consenting person, then knows the finger again', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', {});
    const { kept, quality } = await enrolFinger(center, person, 1, thumb);
    expect(kept).toBe(3);
    expect(quality).toBeGreaterThan(50);
    const { people } = await center.ok('clerk', 'fingerprint.ofPatient', { patientId: person.patientId });
    expect(people[0]).toMatchObject({ consent: 'given', fingers: [{ finger: 1, usable: true, old: false }] });

    const same = await center.ok('clerk', 'fingerprint.verify', {
      ...person,
      captureId: await center.capture('clerk', thumb),
      occasion: 'transfusion',
    });
    expect(same).toEqual({ matched: true, finger: 1 });
    const other = await center.ok('clerk', 'fingerprint.verify', {
      ...person,
      captureId: await center.capture('clerk', stranger),
      occasion: 'procedure',
    });
    expect(other.matched).toBe(false);
    const after = await center.ok('clerk', 'fingerprint.ofPatient', { patientId: person.patientId });
    expect(after.people[0]?.lastCheck).toMatchObject({ matched: false, occasion: 'procedure' });
  });

  it('refuses three pictures of three fingers, and a finger that is enrolled already', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const different = [];
    for (const seed of [index, stranger, 4004]) different.push(await center.capture('clerk', seed));
    const asked = { ...person, finger: 2, captures: different };
    expect((await center.refused('clerk', 'fingerprint.enrol', asked)).code).toBe('impressions_differ');
    const again = [];
    for (let take = 0; take < 3; take++) again.push(await center.capture('clerk', thumb));
    const repeated = { ...person, finger: 1, captures: again };
    expect((await center.refused('clerk', 'fingerprint.enrol', repeated)).code).toBe('finger_enrolled');
    expect(
      (await center.ok('clerk', 'fingerprint.enrol', { ...repeated, finger: 1, replace: true })).kept,
    ).toBe(3);
  });

  it('refuses the same finger under another name: it would pass for a second one', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const captures = [];
    for (let take = 0; take < 3; take++) captures.push(await center.capture('clerk', thumb));
    const asked = { ...person, finger: 2, captures };
    expect((await center.refused('clerk', 'fingerprint.enrol', asked)).code).toBe('finger_enrolled');
  });

  it('begins with consent, and asks for the purpose each time', async () => {
    const center = await fingerCenter();
    const patientId = await registerPatient(center, 'clerk', 'Giàng A Páo');
    const { personId } = await center.ok('clerk', 'fingerprint.consent', {
      patientId,
      holder: { kind: 'patient' },
      purposes: ['recognise'],
      way: 'paper',
    });
    await enrolFinger(center, { patientId, personId }, 1, thumb);
    const captureId = await center.capture('clerk', thumb);
    const { candidates, searched } = await center.ok('clerk', 'fingerprint.search', {
      captureId,
      reason: 'been_here',
    });
    expect({ candidates, searched }).toEqual({ candidates: [], searched: 0 });
    const paper = {
      patientId,
      personId,
      captureId: await center.capture('bs.an', thumb),
      title: 'Giấy cam đoan',
      mediaType: 'text/plain',
      document: Buffer.from('Tôi đồng ý').toString('base64'),
    };
    expect((await center.refused('bs.an', 'fingerprint.confirm', paper)).code).toBe('consent_missing');
  });

  it('of a relative is linked to the stay they sign in', async () => {
    const center = await fingerCenter();
    const { patientId } = await center.ok('clerk', 'patients.register', {
      demographics: { fullName: 'Giàng Thị Mỷ', sex: '2', birthDate: '2026-10-30' },
      relatives: [{ relation: 'mother', fullName: 'Vàng Thị Dở', isGuardian: true }],
    });
    const wards = await center.ok('bs.an', 'beds.wards', {});
    const { admissionId } = await center.ok('bs.an', 'admissions.admit', {
      patientId,
      wardId: wards[0]!.wardId,
      bedId: null,
      at: center.clock.now,
      reason: 'Sốt',
      diagnosis: null,
    });
    const before = await center.ok('clerk', 'fingerprint.ofPatient', { patientId });
    const mother = before.people.find(({ kind }) => kind === 'relative');
    const holder = { kind: 'relative', relativeId: mother?.relativeId as never, admissionId } as const;
    const { personId } = await center.ok('clerk', 'fingerprint.consent', {
      patientId,
      holder,
      purposes: ['recognise', 'confirm'],
      way: 'spoken',
    });
    await enrolFinger(center, { patientId, personId }, 6, thumb);
    const told = await center.ok('bs.an', 'fingerprint.verify', {
      patientId,
      personId,
      captureId: await center.capture('bs.an', thumb),
      occasion: 'signing',
      admissionId,
    });
    expect(told).toEqual({ matched: true, finger: 6 });
    const { people } = await center.ok('clerk', 'fingerprint.ofPatient', { patientId });
    expect(people.map(({ kind, name, consent }) => ({ kind, name, consent }))).toEqual([
      { kind: 'patient', name: 'Giàng Thị Mỷ', consent: 'none' },
      { kind: 'relative', name: 'Vàng Thị Dở', consent: 'given' },
    ]);
    const paper = {
      patientId,
      personId,
      title: 'Giấy cam đoan',
      mediaType: 'text/plain',
      document: Buffer.from('Tôi đồng ý').toString('base64'),
    };
    const confirm = async () => ({ ...paper, captureId: await center.capture('bs.an', thumb) });
    expect((await center.ok('bs.an', 'fingerprint.confirm', await confirm())).matched).toBe(true);
    await center.ok('clerk', 'patients.endRelative', {
      patientId,
      id: holder.relativeId,
      reason: 'Ghi nhầm',
    });
    const after = await center.ok('clerk', 'fingerprint.ofPatient', { patientId });
    expect([...people, ...after.people].map(({ ended }) => ended)).toEqual([false, false, false, true]);
    // who is a relative no more confirms no paper
    expect((await center.refused('bs.an', 'fingerprint.confirm', await confirm())).code).toBe('not_found');
    const elsewhere = await enrolled(center, 'Người khác', {});
    const wrong = { ...holder, admissionId };
    const asked = { patientId: elsewhere.patientId, holder: wrong, purposes: ['recognise'], way: 'spoken' };
    expect((await center.refused('clerk', 'fingerprint.consent', asked)).code).toBe('not_found');
  });

  it('writes down why no finger can be taken, and what stands in for it', async () => {
    const center = await fingerCenter();
    const patientId = await registerPatient(center, 'clerk', 'Giàng A Páo');
    const said = {
      patientId,
      holder: { kind: 'patient' },
      finger: null,
      reason: 'bandaged',
      note: null,
      fallback: 'witness',
    } as const;
    expect((await center.refused('clerk', 'fingerprint.unable', { ...said, witness: null })).fields).toEqual({
      witness: 'field.required',
    });
    await center.ok('clerk', 'fingerprint.unable', { ...said, witness: 'ĐD Lò Thị Hoa' });
    const { people } = await center.ok('clerk', 'fingerprint.ofPatient', { patientId });
    expect(people[0]?.unable).toMatchObject([
      { finger: null, reason: 'bandaged', fallback: 'witness', witness: 'ĐD Lò Thị Hoa' },
    ]);
  });
});

describe('finding somebody by a finger', () => {
  it('shows who it may be; a second finger settles it, the same one does not', async () => {
    const center = await fingerCenter();
    const pao = await enrolled(center, 'Giàng A Páo', { 1: thumb, 2: index });
    await enrolled(center, 'Lò Văn Inh', { 1: 4010 });
    const search = async (finger: number) =>
      center.ok('clerk', 'fingerprint.search', {
        captureId: await center.capture('clerk', finger),
        reason: 'unconscious',
      });
    const found = await search(thumb);
    expect(found.searched).toBe(2);
    // every finger of theirs may be like it, not every person once
    expect(found.falseAlarm).toBeCloseTo(3 / 10_000, 6);
    // somebody may come near by chance, but not as near
    const alike = (candidates: readonly { likeness: string; name: string }[]) =>
      candidates.flatMap(({ likeness, name }) => (likeness === 'very' ? [name] : []));
    expect(alike(found.candidates)).toEqual(['Giàng A Páo']);
    expect(found.candidates[0]).toMatchObject({
      name: 'Giàng A Páo',
      likeness: 'very',
      otherFingers: [2],
      birthDate: '1985-03-02',
    });
    const { searchId } = found;
    const confirm = async (finger: number) => ({
      searchId,
      personId: pao.personId,
      captureId: await center.capture('clerk', finger),
    });
    expect((await center.refused('clerk', 'fingerprint.confirmFound', await confirm(thumb))).code).toBe(
      'second_finger_needed',
    );
    expect(await center.ok('clerk', 'fingerprint.confirmFound', await confirm(stranger))).toMatchObject({
      matched: false,
      patientId: null,
    });
    expect(await center.ok('clerk', 'fingerprint.confirmFound', await confirm(index))).toEqual({
      matched: true,
      finger: 2,
      patientId: pao.patientId,
    });
    expect(alike((await search(stranger)).candidates)).toEqual([]);
    const late = await search(thumb);
    const again = { ...(await confirm(index)), searchId: late.searchId };
    for (let minutes = 0; minutes < 11; minutes++) {
      center.clock.now += 60_000;
      await center.ok('clerk', 'access.touch', {});
    }
    expect((await center.refused('clerk', 'fingerprint.confirmFound', again)).code).toBe('not_found');
  });

  it('shows a relative by name and relation, never with the birth date, sex or address of the patient', async () => {
    const center = await fingerCenter();
    const { patientId } = await center.ok('clerk', 'patients.register', {
      demographics: {
        fullName: 'Giàng Thị Mỷ',
        sex: '2',
        birthDate: '2026-10-30',
        address: {
          listVersion: '2025-07',
          provinceCode: null,
          communeCode: null,
          street: '',
          text: 'Bản Pá, xã Mường Lặng',
        },
      },
      relatives: [{ relation: 'mother', fullName: 'Vàng Thị Dở', isGuardian: true }],
    });
    const { people } = await center.ok('clerk', 'fingerprint.ofPatient', { patientId });
    const { personId } = await center.ok('clerk', 'fingerprint.consent', {
      patientId,
      holder: { kind: 'relative', relativeId: people[1]?.relativeId as never },
      purposes: ['find'],
      way: 'spoken',
    });
    await enrolFinger(center, { patientId, personId }, 1, thumb);
    const { candidates } = await center.ok('clerk', 'fingerprint.search', {
      captureId: await center.capture('clerk', thumb),
      reason: 'been_here',
    });
    const [{ personId: found, likeness, score, ...shown }] = candidates as [(typeof candidates)[0]];
    expect({ found, likeness }).toEqual({ found: personId, likeness: 'very' });
    expect(score).toBeGreaterThan(0);
    expect(shown).toEqual({
      patientId,
      kind: 'relative',
      name: 'Vàng Thị Dở',
      relation: 'mother',
      patientName: 'Giàng Thị Mỷ',
      birthDate: null,
      sex: null,
      address: null,
      recordNumber: expect.stringMatching(/^\d{4}A\d{5}$/),
      otherFingers: [],
    });
  });

  it('opens nobody’s chart: who may not read it before may not read it after', async () => {
    const center = await fingerCenter();
    const pao = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const captureId = await center.capture('clerk', thumb);
    await center.ok('clerk', 'fingerprint.search', { captureId, reason: 'unconscious' });
    const chart = { patientId: pao.patientId };
    expect((await center.refused('clerk', 'patients.chartHead', chart)).code).toBe('not_allowed');
  });

  it('looks only among those the clerk thinks possible', async () => {
    const center = await fingerCenter();
    await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const search = async (more: object) =>
      center.ok('clerk', 'fingerprint.search', {
        captureId: await center.capture('clerk', thumb),
        reason: 'no_papers',
        ...more,
      });
    expect((await search({ bornFrom: 1980, bornTo: 1990 })).candidates).toHaveLength(1);
    const younger = await search({ bornFrom: 2000 });
    expect(younger).toMatchObject({ searched: 0, candidates: [] });
  });

  it('belongs to the session that searched', async () => {
    const center = await fingerCenter();
    const pao = await enrolled(center, 'Giàng A Páo', { 1: thumb, 2: index });
    const captureId = await center.capture('clerk', thumb);
    const { searchId } = await center.ok('clerk', 'fingerprint.search', { captureId, reason: 'unconscious' });
    const asked = { searchId, personId: pao.personId, captureId: await center.capture('bs.an', index) };
    expect((await center.refused('bs.an', 'fingerprint.confirmFound', asked)).code).toBe('not_found');
  });

  it('makes the fingers ready while the finger that is looked for is put on', async () => {
    const center = await fingerCenter();
    await enrolled(center, 'Vừ Mí Sò', { 2: index });
    const bytes = async () => (await center.ok('admin', 'fingerprint.gallery', {})).bytes;
    const before = await bytes();
    await center.capture('clerk', index);
    expect(await bytes()).toBe(before);
    await center.ok('clerk', 'fingerprint.capture', { toFind: true });
    await expect.poll(bytes).toBeGreaterThan(before);
  });

  it('tells administrators what one finger and two can promise', async () => {
    const center = await fingerCenter();
    await enrolled(center, 'Giàng A Páo', { 1: thumb, 2: index });
    const numbers = await center.ok('admin', 'fingerprint.gallery', {});
    expect(numbers).toMatchObject({ people: 1, fingers: 2, withoutKey: 0, old: 0 });
    expect(numbers.oneIn).toBeGreaterThanOrEqual(10_000);
    expect(numbers.falseAlarmOneFinger).toBeCloseTo(2 / numbers.oneIn, 6);
    expect(numbers.falseAlarmTwoFingers).toBeLessThan(numbers.falseAlarmOneFinger / 1000);
  });
});

describe('a capture', () => {
  it('shows a small picture on the way and the quality at the end, to its own page only', async () => {
    const center = await fingerCenter();
    const captureId = await center.capture('clerk', thumb);
    const steps = center.news(captureId);
    expect(steps.map(({ step }) => step)).toEqual(['place_finger', 'judging', 'judging', 'done']);
    const picture = steps.find((news) => news.picture)?.picture ?? '';
    expect(picture).toMatch(/^data:image\/png;base64,/);
    const png = Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64');
    expect(Math.max(png.readUInt32BE(16), png.readUInt32BE(20))).toBeLessThanOrEqual(200);
    expect(
      center.events.filter(({ message }) => message.event === 'capture').map(({ client }) => client),
    ).toEqual(steps.map(() => 'clerk'));
  });

  it('asks again while there is no finger to see, with what to do better', async () => {
    const center = await fingerCenter();
    const { captureId } = await center.ok('clerk', 'fingerprint.capture', {});
    center.reader.put(blank());
    center.reader.put(printOf(thumb));
    expect((await center.ended(captureId)).step).toBe('done');
    expect(center.news(captureId)).toContainEqual({ captureId, step: 'adjust', hint: 'place_finger' });
  });

  it('can be used once, by its own session', async () => {
    const center = await fingerCenter();
    const person = await enrolled(center, 'Giàng A Páo', { 1: thumb });
    const captureId = await center.capture('clerk', thumb);
    const asked = { ...person, captureId, occasion: 'other' } as const;
    expect((await center.refused('bs.an', 'fingerprint.verify', asked)).code).toBe('not_found');
    expect((await center.ok('clerk', 'fingerprint.verify', asked)).matched).toBe(true);
    expect((await center.refused('clerk', 'fingerprint.verify', asked)).code).toBe('not_found');
  });

  it('that is stopped or begun anew ends, and is worth nothing', async () => {
    const center = await fingerCenter();
    const { captureId } = await center.ok('clerk', 'fingerprint.capture', {});
    await center.ok('clerk', 'fingerprint.stopCapture', { captureId });
    expect(await center.ended(captureId)).toMatchObject({ step: 'failed', code: 'capture_cancelled' });
    const kept = await center.capture('clerk', thumb);
    await center.ok('clerk', 'fingerprint.stopCapture', { captureId: kept });
    const person = await enrolled(center, 'Giàng A Páo', {});
    const asked = { ...person, captureId: kept, occasion: 'other' };
    expect((await center.refused('clerk', 'fingerprint.verify', asked)).code).toBe('not_found');
  });

  it('finds the reader busy while another page has it', async () => {
    const center = await fingerCenter();
    const first = await center.ok('clerk', 'fingerprint.capture', {});
    await center.told(first.captureId, 'place_finger');
    const second = await center.ok('bs.an', 'fingerprint.capture', {});
    expect(await center.ended(second.captureId)).toMatchObject({ step: 'failed', code: 'reader_busy' });
    center.reader.put(printOf(thumb));
    expect((await center.ended(first.captureId)).step).toBe('done');
  });
});

describe('the readers of this PC', () => {
  it('are listed with the one it uses', async () => {
    const center = await fingerCenter();
    expect((await center.ok('clerk', 'fingerprint.readers', {})).readers).toEqual([
      { id: 'usb:test', kind: 'usb', model: 'Test 4500', place: 'USB 1', chosen: true },
    ]);
    await center.ok('clerk', 'fingerprint.chooseReader', { readerId: 'usb:test' });
    expect((await center.refused('clerk', 'fingerprint.chooseReader', { readerId: 'usb:gone' })).code).toBe(
      'reader_missing',
    );
    const place = { who: 'An', finger: 1, print: 'good' };
    expect((await center.refused('clerk', 'fingerprint.trainingPlace', place)).code).toBe('not_allowed');
  });
});

describe('serial ports an administrator names', () => {
  it('are kept on this PC, their passwords never shown and kept until another is typed', async () => {
    const center = await fingerCenter();
    const port = { path: 'COM7', baud: 115_200, address: null };
    await center.ok('admin', 'fingerprint.savePorts', { ports: [{ ...port, password: 0x1234 }] });
    const shown = { ports: [{ ...port, hasPassword: true }] };
    expect(await center.ok('admin', 'fingerprint.ports', {})).toEqual(shown);
    await center.ok('admin', 'fingerprint.savePorts', { ports: [port] });
    expect(await center.ok('admin', 'fingerprint.ports', {})).toEqual(shown);
    await center.ok('admin', 'fingerprint.savePorts', { ports: [{ ...port, password: null }] });
    expect((await center.ok('admin', 'fingerprint.ports', {})).ports[0]?.hasPassword).toBe(false);
    expect((await center.refused('clerk', 'fingerprint.savePorts', { ports: [] })).code).toBe('not_allowed');
  });
});
