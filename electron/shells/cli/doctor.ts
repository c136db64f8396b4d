// `tram doctor`: what is wrong with this PC, from the outside. With --open also what is inside the store.
// Needs no password from the outside, so that it helps when the store can't be opened at all.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isSearchIndexFault } from '../../maintenance.ts';
import { programRoot } from '../places.ts';
import { findBrowser } from '../system-browser.ts';
import { appVersion } from '../version.ts';
import { exitCodes, type Job, refused, sizeInWords, withLogin } from './job.ts';

interface Finding {
  readonly what: string;
  readonly detail: string;
  /** `false` is something to put right. */
  readonly ok: boolean;
}

/** Ours: a day's work and a backup of it must fit. */
const leastFreeBytes = 1024 ** 3;
const oldestBackupHours = 48;

export async function doctor(job: Job): Promise<number> {
  const findings = fromOutside(job);
  show(job, findings);
  const worst = findings.every(({ ok }) => ok) ? exitCodes.good : exitCodes.problem;
  if (!job.asked.open) return worst;
  return Math.max(worst, await fromInside(job));
}

function fromOutside({ asked: { dataDir }, say }: Job): Finding[] {
  const record = join(dataDir, 'record.db');
  const hasRecord = existsSync(record);
  const free = freeBytes(dataDir);
  const writable = isWritable(dataDir);
  const browser = findBrowser();
  return [
    {
      what: say('program'),
      detail: `${appVersion()}, Node ${process.versions.node}, ${process.platform}`,
      ok: true,
    },
    { what: say('dataFolder'), detail: dataDir, ok: true },
    {
      what: say('record'),
      detail: hasRecord ? sizeInWords(statSync(record).size) : say('recordNone'),
      ok: !hasRecord || statSync(record).size > 0,
    },
    ...(hasRecord ? [keyringFinding(dataDir, say)] : []),
    { what: say('writable'), detail: writable ? say('good') : say('notWritable'), ok: writable },
    { what: say('freeSpace'), detail: sizeInWords(free), ok: free >= leastFreeBytes },
    ...(hasRecord ? [backupFinding(join(dataDir, 'backups'), say)] : []),
    { what: say('browser'), detail: browser ?? say('browserNone'), ok: browser !== null },
    nativeFinding(say),
    errorFinding(join(dataDir, 'log'), say),
  ];
}

function keyringFinding(dataDir: string, say: Job['say']): Finding {
  const there = existsSync(join(dataDir, 'keyring.json'));
  return { what: say('keyring'), detail: there ? say('good') : say('keyringMissing'), ok: there };
}

function backupFinding(folder: string, say: Job['say']): Finding {
  const times = listed(folder).map((name) => statSync(join(folder, name)).mtimeMs);
  if (times.length === 0) return { what: say('lastBackup'), detail: say('backupNone'), ok: false };
  const hours = Math.floor((Date.now() - Math.max(...times)) / 3_600_000);
  return { what: say('lastBackup'), detail: say('hoursAgo', { hours }), ok: hours <= oldestBackupHours };
}

/** Loads each native module as the core will: a missing prebuild shows here, not in the middle of work. */
function nativeFinding(say: Job['say']): Finding {
  const load = createRequire(join(programRoot(), 'package.json'));
  const broken = ['better-sqlite3', '@node-rs/argon2', 'serialport'].filter((name) => {
    try {
      load(name);
      return false;
    } catch {
      return true;
    }
  });
  return {
    what: say('native'),
    detail: broken.length === 0 ? say('good') : broken.join(', '),
    ok: broken.length === 0,
  };
}

function errorFinding(folder: string, say: Job['say']): Finding {
  const today = `tram-${new Date().toISOString().slice(0, 10)}.log`;
  const count = listed(folder).includes(today)
    ? readFileSync(join(folder, today), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"level":"error"')).length
    : 0;
  return { what: say('recentErrors'), detail: String(count), ok: count === 0 };
}

function fromInside(job: Job): Promise<number> {
  const { say } = job;
  return withLogin(job, async (desk) => {
    const health = await desk.call('station.health', {});
    const check = await desk.call('station.check', {});
    if (!health.ok) return refused(job, health.error);
    if (!check.ok) return refused(job, check.error);
    const { store, clock } = health.value;
    const parked = store.parked.reduce((sum, { count }) => sum + count, 0);
    const alarms = clock.alarms.filter(({ acknowledged }) => !acknowledged).length;
    const findings: Finding[] = [
      {
        what: say('integrity'),
        detail: check.value.detail ?? say('checkedLinks', { count: check.value.checked }),
        ok: check.value.ok,
      },
      { what: say('changes'), detail: String(store.changes), ok: true },
      { what: say('parked'), detail: String(parked), ok: parked === 0 },
      { what: say('conflicts'), detail: String(store.openConflicts), ok: true },
      { what: say('clockAlarms'), detail: String(alarms), ok: alarms === 0 },
    ];
    show(job, findings);
    if (!job.asked.json && isSearchIndexFault(check.value.detail ?? '')) job.print(say('searchIndexDamaged'));
    return findings.every(({ ok }) => ok) ? exitCodes.good : exitCodes.problem;
  });
}

function show({ asked, say, print }: Job, findings: readonly Finding[]): void {
  if (asked.json) {
    print(JSON.stringify(findings));
    return;
  }
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { what, detail, ok } of findings)
    print(`${ok ? '✓' : '✗'} ${what.padEnd(width)}  ${detail}${ok ? '' : `  (${say('problem')})`}`);
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The folder itself, or the nearest one above it that exists: it is made on first use. */
function existing(folder: string): string {
  let path = folder;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(existing(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(existing(folder));
  return bavail * bsize;
}
