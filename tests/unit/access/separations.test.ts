// Who may what, written out by hand and compared with the code, and a search for clinical words in every answer,
// event, log line and file that people without a right to the chart can come by.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract, type Method } from '../../../shared/api/index.ts';
import { type Permission, permissions } from '../../../shared/api/permissions.ts';
import { permissionsOf, roles } from '../../../shared/codes/roles.ts';
import {
  adminPassword,
  foundedCore,
  hire,
  registerPatient,
  staffPassword,
  type TestCore,
} from '../support/open-test-core.ts';

const doctors = ['bac_si_kham', 'bac_si_dieu_tri', 'bac_si_truc', 'truong_khoa'];
const wardDoctors = doctors.slice(1);
const nurses = ['dieu_duong', 'dd_truong'];
const readers = [
  'bs_xet_nghiem',
  'bs_cdha',
  'duoc_ls',
  'giam_dinh',
  'khth',
  'luu_tru',
  'giam_doc',
  'hoc_vien',
];
const clinical = [...doctors, ...nurses];
const withoutChart = ['tiep_don', 'ktv_xet_nghiem', 'duoc_si_kho', 'thu_ngan'];

/** Permission → roles that hold it; changing a line is a decision about people's privacy, not a refactoring. */
const holders: Record<Permission, readonly string[]> = {
  'patient.read': [...clinical, ...readers, ...withoutChart, 'quan_tri'],
  'patient.write': [...clinical, 'tiep_don'],
  'board.read': [...clinical, ...readers, ...withoutChart],
  'chart.read': [...clinical, ...readers],
  'admission.admit': doctors,
  'admission.move': [...wardDoctors, ...nurses],
  'admission.discharge': wardDoctors,
  'bed.state': [...wardDoctors, ...nurses],
  'ward.layout': ['dd_truong', 'quan_tri'],
  'vitals.write': clinical,
  'allergy.write': clinical,
  'notes.write': clinical,
  'orders.write': doctors,
  'task.write': [...clinical, 'duoc_ls'],
  'conflict.settle': ['bac_si_truc', 'truong_khoa', 'dd_truong'],
  'station.read': ['giam_doc', 'quan_tri'],
  'station.manage': ['quan_tri'],
  'users.manage': ['quan_tri'],
  'audit.read': ['giam_doc', 'kiem_soat'],
  breakglass: ['quan_tri'],
};

describe('permissions', () => {
  it('are held by the roles written down here and no other', () => {
    for (const permission of permissions) {
      const held = roles.filter((r) => permissionsOf([r.id]).has(permission)).map((r) => r.id);
      expect([permission, held.sort()]).toEqual([permission, [...holders[permission]].sort()]);
    }
  });

  it('open without login only what a login screen and a first run need', () => {
    const open = Object.entries(contract).filter(([, p]) => p.access === 'public');
    expect(open.map(([method]) => method).sort()).toEqual([
      'access.lock',
      'access.login',
      'access.loginWithPin',
      'access.logout',
      'access.session',
      'access.unlock',
      'catalogues.communes',
      'catalogues.small',
      'station.firstRun',
      'station.recover',
      'station.status',
      'sync.found',
      'sync.join',
      'sync.joining',
      'sync.line',
      'sync.status',
    ]);
  });

  it('record every look into one person’s chart', () => {
    for (const [method, { kind, access, input, logsRead }] of Object.entries(contract)) {
      const shape = 'shape' in input && typeof input.shape === 'object' ? Object.keys(input.shape ?? {}) : [];
      const isOfOne = shape.includes('patientId') || shape.includes('admissionId');
      if (kind === 'query' && access === 'chart.read' && isOfOne)
        expect([method, logsRead]).toEqual([method, true]);
    }
    // paper leaves the screen, and is looked at where nobody notes it
    for (const method of ['print.add', 'print.again'] as const) expect(contract[method].logsRead).toBe(true);
  });
});

describe('an opened chart', () => {
  it('lets no command through, whatever it is about', async () => {
    const center = await foundedCore();
    const ids = await treat(center, 'viêm phổi');
    const { patientId } = ids;
    await center.ok('admin', 'access.breakGlass', { patientId, reason: 'cấp cứu, bác sĩ trực yêu cầu' });
    await center.ok('admin', 'patients.chartHead', { patientId });
    const may = permissionsOf(['quan_tri']);
    for (const [method, { kind, access }] of Object.entries(contract)) {
      if (kind === 'query' || access === 'public' || access === 'session' || may.has(access)) continue;
      const { code } = await center.refused('admin', method, { ...ids, ...anEntry });
      expect([method, code]).toEqual([method, 'not_allowed']);
    }
  });
});

/** With it most commands would parse: they are refused for the right reason, not for a missing field. */
const anEntry = {
  eventAt: 0,
  at: 0,
  content: { progress: 'x', orders: '' },
  values: { pulse: 80 },
  diagnosis: 'x',
  reason: 'x',
  saw: {},
};

describe('clinical words', () => {
  it('reach nobody who may not read the chart: answers, events, the log, files beside the store', async () => {
    const center = await foundedCore();
    const secret = 'bệnh kín 7419';
    const ids = await treat(center, secret);
    for (const role of [...withoutChart, 'quan_tri', 'kiem_soat']) await hire(center, `x.${role}`, [role]);
    await hire(center, 'bs.khoa', ['bac_si_dieu_tri']);
    await center.ok('bs.khoa', 'access.lock', {});
    const { userId } = await center.ok('admin', 'access.createUser', {
      username: 'bs.moi',
      fullName: 'Người mới',
      title: null,
      roles: ['bac_si_dieu_tri'],
      wards: [],
      password: 'mật khẩu đầu tiên',
    });
    expect(userId).toBeTruthy();
    await center.ok('bs.moi', 'access.login', { username: 'bs.moi', password: 'mật khẩu đầu tiên' });

    // the words are there for whom they are for
    const answered = new Set<string>();
    for (const method of queries)
      if (JSON.stringify(await center.core.invoke('bs.an', method, ids)).includes(secret))
        answered.add(method);
    expect([...answered].sort()).toEqual(
      [
        'admissions.get',
        'allergies.get',
        'beds.board',
        'drafts.list',
        'notes.list',
        'observations.list',
        'patients.chartHead',
        'patients.timeline',
        'tasks.list',
      ].sort(),
    );

    const outsiders = [...withoutChart, 'quan_tri', 'kiem_soat'].map((role) => `x.${role}`);
    for (const client of [...outsiders, 'bs.khoa', 'bs.moi', 'nobody'])
      for (const method of queries) {
        const answer = JSON.stringify(await center.core.invoke(client, method, ids));
        expect(answer.includes(secret), `${method} to ${client}`).toBe(false);
      }
    expect(JSON.stringify(center.events)).not.toContain(secret);
    expect(JSON.stringify(center.logged)).not.toContain(secret);
    for (const password of [adminPassword, staffPassword])
      expect(JSON.stringify([center.logged, center.events])).not.toContain(password);
    for (const file of filesIn(center.dataDir)) {
      const bytes = readFileSync(file);
      for (const word of [secret, 'Giàng Thị Kín', adminPassword, staffPassword])
        expect(bytes.includes(word), `${word} in ${file}`).toBe(false);
    }
  }, 120_000);
});

const queries = (Object.keys(contract) as Method[]).filter((m) => contract[m].kind === 'query');

/** A patient with the words in every field that takes free text; answers what any query asks for. */
async function treat(center: TestCore, secret: string) {
  await hire(center, 'bs.an', ['truong_khoa']);
  const patientId = await registerPatient(center, 'bs.an', 'Giàng Thị Kín');
  const [ward] = await center.ok('bs.an', 'beds.wards', {});
  const wardId = ward!.wardId;
  const at = center.clock.now;
  const { admissionId } = await center.ok('bs.an', 'admissions.admit', {
    patientId,
    wardId,
    bedId: null,
    at,
    reason: secret,
    diagnosis: secret,
  });
  await center.ok('bs.an', 'allergies.add', {
    patientId,
    allergy: {
      substance: secret,
      classCode: null,
      reaction: secret,
      severity: 'mild',
      certainty: 'suspected',
      note: secret,
    },
  });
  await center.ok('bs.an', 'observations.record', { admissionId, at, values: { pulse: 80 }, note: secret });
  await center.ok('bs.an', 'notes.finish', {
    admissionId,
    eventAt: at,
    content: { progress: secret, orders: secret },
  });
  await center.ok('bs.an', 'tasks.add', { wardId, admissionId, text: secret, dueAt: null });
  await center.ok('bs.an', 'drafts.save', { key: 'note', admissionId, patientId, content: secret });
  return {
    patientId,
    admissionId,
    wardId,
    text: 'Giàng Thị Kín',
    includeDone: true,
    demographics: { fullName: 'Giàng Thị Kín', sex: '2', birthDate: '1985-03-02' },
    identifiers: [],
  };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
