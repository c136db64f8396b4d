// Training's province and the line to it, in a thread of their own: a whole province with a database in the training
// folder, so that what staff see of sending and waiting is what really happens. The one file of a shell that may
// import the province (docs/house.md).
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type Province, startProvince } from '../../province/index.ts';
import { trainingCenter } from '../training/center.ts';
import { type LineQuality, openLine } from '../training/line.ts';
import { openLog } from './log.ts';
import type { FromProvince, ProvinceStart, ToProvince } from './training-place.ts';

const port = parentPort;
if (!port) throw new Error('training-province runs as a worker thread only');
const tell = (message: FromProvince): void => port.postMessage(message);

// Trust inside: the shell that starts this thread is the only one who can send here.
const start = workerData as ProvinceStart;
const folder = join(start.dataDir, 'province');
const portFile = join(start.dataDir, 'province-port.json');
const log = openLog(start.dataDir);

/** What staff meet: a good line, 3G in the rain (64 kbit/s, 0.8 s there and back), an excavator. */
const qualities: Readonly<Record<ProvinceStart['line'], LineQuality>> = {
  good: { kbps: 0, roundTripMs: 0, cut: false },
  weak: { kbps: 64, roundTripMs: 800, cut: false },
  cut: { kbps: 0, roundTripMs: 0, cut: true },
};

async function run(): Promise<void> {
  const province = await startOrRemake();
  const center = await centerOf(province);
  const line = await lineTo(province.port ?? 0);
  port?.on('message', (message: ToProvince) => {
    if (message.type === 'line') line.set(qualities[message.line]);
    if (message.type === 'code') void giveCode(province, center);
    if (message.type === 'close') void close(province, line);
  });
  const stations = await province.admin.stations(center);
  tell({ type: 'ready', address: `127.0.0.1:${line.port}`, stations: stations.length });
}

/** Nothing in it is worth keeping: one that a power cut left in pieces is made anew, and the center enrols again. */
async function startOrRemake(): Promise<Province> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const options = {
    folder,
    name: 'Sở Y tế (tập huấn)',
    listen: { host: '127.0.0.1', port: 0 },
    training: true,
    log: (level: string, event: string, facts?: Readonly<Record<string, unknown>>) => {
      if (level !== 'debug') log(level === 'info' ? 'info' : 'warn', `province: ${event}`, facts);
    },
  };
  try {
    return await startProvince(options);
  } catch (error) {
    if (error instanceof Error && error.name === 'DatabaseInUse') throw error;
    log('warn', 'the province of training is made anew', { error: String(error) });
    rmSync(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return startProvince(options);
  }
}

async function centerOf({ admin }: Province): Promise<number> {
  const [there] = await admin.centers();
  if (there) return there.center;
  const { name, facilityCode, provinceCode } = trainingCenter;
  const made = await admin.createCenter('training', { name, facilityCode, provinceCode });
  if (!made.ok) throw new Error(`no center: ${made.error.code}`);
  return made.value.center;
}

/** At the port of last time if it is free, because the center knows that one. */
async function lineTo(provincePort: number) {
  const quality = qualities[start.line];
  const line = await openLine({ port: provincePort }, quality, portOfLastTime()).catch(() =>
    openLine({ port: provincePort }, quality),
  );
  // lost, it is found anew and the center told: nothing for a power cut to break
  writeFileSync(portFile, JSON.stringify({ port: line.port }), { mode: 0o600 });
  return line;
}

function portOfLastTime(): number {
  try {
    const { port: kept } = JSON.parse(readFileSync(portFile, 'utf8'));
    return Number.isInteger(kept) && kept > 0 && kept < 65_536 ? kept : 0;
  } catch {
    return 0;
  }
}

async function giveCode({ admin }: Province, center: number): Promise<void> {
  const made = await admin.createCode('training', center);
  if (made.ok) tell({ type: 'code', code: made.value.code });
}

async function close(province: Province, line: { close(): Promise<void> }): Promise<void> {
  await line.close();
  await province.close();
  tell({ type: 'closed' });
  port?.close();
}

run().catch((bug: unknown) => {
  log('error', 'the province of training could not start', { bug: String(bug) });
  process.exitCode = 1;
  port.close();
});
