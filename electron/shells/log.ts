// The program's own log: one JSON line per event in the data folder, kept two weeks, read by IT people.
// It never holds what a patient said or has: callers log codes, methods and ids only. Nothing is sent anywhere.
import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type LogLevel = 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, detail?: unknown) => void;

const keptDays = 14;

/** Lines go to `<dataDir>/log/tram-YYYY-MM-DD.log` (UTC day). A log that can't be written never stops the work. */
export function openLog(dataDir: string, now: () => number = Date.now): Log {
  const folder = join(dataDir, 'log');
  let openedDay = '';
  return (level, message, detail) => {
    const at = new Date(now()).toISOString();
    const day = at.slice(0, 10);
    try {
      if (day !== openedDay) {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        dropOld(folder, now());
        openedDay = day;
      }
      appendFileSync(join(folder, `tram-${day}.log`), `${line(at, level, message, detail)}\n`, {
        mode: 0o600,
      });
    } catch {
      // a full or read-only disk is reported by the store, which notices it too
    }
    if (level === 'error') console.error(line(at, level, message, detail));
  };
}

function line(at: string, level: LogLevel, message: string, detail: unknown): string {
  return JSON.stringify({ at, level, message, ...(detail === undefined ? {} : { detail: plain(detail) }) });
}

function plain(detail: unknown): unknown {
  if (detail instanceof Error) return { name: detail.name, message: detail.message, stack: detail.stack };
  if (typeof detail !== 'object' || detail === null) return detail;
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [key, value instanceof Error ? plain(value) : value]),
  );
}

function dropOld(folder: string, now: number): void {
  const oldest = new Date(now - keptDays * 86_400_000).toISOString().slice(0, 10);
  for (const name of readdirSync(folder)) {
    const day = /^tram-(\d{4}-\d{2}-\d{2})\.log$/.exec(name)?.[1];
    if (day && day < oldest) rmSync(join(folder, name), { force: true });
  }
}
