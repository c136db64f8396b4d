// Runs the `tram` launcher as a person would, under any Node, and answers what came out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allModels, openCore } from '../../../electron/core.ts';
import { unwrapByPassword } from '../../../electron/store/keyring.ts';
import { openStore } from '../../../electron/store/open.ts';
import { ok } from '../../../shared/api/contract.ts';
import { patientRegister } from '../../../shared/model/patients.ts';

export const root = join(import.meta.dirname, '..', '..', '..');
export const admin = { username: 'quantri', fullName: 'Nguyễn Quản Trị', password: 'Ga-qua-duong-luc-5-gio' };

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `secrets`: what a person would type, line by line. */
export function tram(
  args: readonly string[],
  { secrets = [], node = process.execPath }: { secrets?: string[]; node?: string } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(node, [join(root, 'bin', 'tram.mjs'), ...args], {
    input: `${secrets.join('\n')}\n`,
    encoding: 'utf8',
    env: { ...process.env, TRAM_PASSWORD_FILE: '' },
  });
  return { code: status, out: stdout, err: stderr };
}

/** A center set up through the core itself; answers its folder and printed recovery key. */
export async function setUpCenter(): Promise<{ dataDir: string; recoveryKey: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tram-cli-'));
  const core = await openCore({ dataDir, mode: 'real', appVersion: '0.0.0', log: () => {} });
  const done = await core.invoke('setup', 'station.firstRun', {
    centerName: 'Trung tâm Y tế huyện Thử Nghiệm',
    provinceCode: '01',
    stationName: 'Máy hành chính',
    wards: [{ name: 'Khoa Nội', departmentCode: 'K03', rooms: [{ name: '101', beds: ['1', '2'] }] }],
    admin,
  });
  await core.close();
  if (!done.ok) throw new Error(`first run: ${done.error.code}`);
  return { dataDir, recoveryKey: String((done.value as { recoveryKey: string }).recoveryKey) };
}

/** Registers somebody and spoils the index their name is found by, as a bad sector would. */
export async function spoilSearchIndex(dataDir: string): Promise<void> {
  const unlocked = await unwrapByPassword(join(dataDir, 'keyring.json'), admin.username, admin.password);
  if (!unlocked.ok) throw new Error(unlocked.error.code);
  const opened = openStore({ path: join(dataDir, 'record.db'), key: unlocked.value.key, areas: allModels });
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  const id = crypto.randomUUID();
  const written = store.write({ userId: null, sessionId: null }, (tx) => {
    tx.append(patientRegister, {
      id,
      patient: id,
      body: {
        recordNumber: '2601A00001',
        unidentified: false,
        unidentifiedNote: null,
        notDuplicates: [],
        fullName: 'Nguyễn Văn An',
        sex: '1',
        birthDate: '1985',
      },
    });
    return ok(null);
  });
  if (!written.ok) throw new Error(written.error.code);
  store.sql.unsafeMode(true);
  store.sql.exec('update patient_fts_data set block = zeroblob(length(block)) where id > 10');
  store.close();
}

export function passwordFile(dataDir: string): string {
  const file = join(dataDir, 'password.txt');
  writeFileSync(file, `${admin.password}\n`, { mode: 0o600 });
  return file;
}
