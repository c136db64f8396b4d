// A province with two centers that know the same people, its page in a real browser.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import {
  type LogLevel,
  type Province,
  type ProvinceOptions,
  startProvince,
} from '../../../province/index.ts';
import { decodeAnswer, encodeQuestion, type LookupQuestion } from '../../../shared/sync/lookup.ts';
import { type Pc, pcIn } from '../../unit/province-identity/support.ts';
import { atOf, enrolledStation, opened, type Station, type Talk } from '../province/client.ts';

export interface Logged {
  readonly level: LogLevel;
  readonly event: string;
  readonly facts: unknown;
}

export interface Running {
  readonly province: Province;
  readonly logged: readonly Logged[];
  readonly url: string;
  close(): Promise<void>;
}

export async function startTestProvince(over: Partial<ProvinceOptions> = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-province-'));
  const logged: Logged[] = [];
  const province = await startProvince({
    folder,
    name: 'Sở Y tế thử',
    listen: { host: '127.0.0.1', port: 0 },
    page: { host: '127.0.0.1', port: 0 },
    log: (level, event, facts) => {
      logged.push({ level, event, facts });
      if (process.env.SHOW) console.error(level, event, JSON.stringify(facts));
    },
    ...over,
  });
  return {
    province,
    logged,
    url: `http://127.0.0.1:${province.pagePort}`,
    async close() {
      await province.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Staffed {
  readonly center: number;
  /** Enrolled by code, over TLS. */
  readonly station: Station;
  /** Registers patients; its work goes straight into the center's log. */
  readonly pc: Pc;
}

export async function staffedCenter(province: Province, name: string): Promise<Staffed> {
  const { station, number } = await enrolledStation(province);
  await province.database.query('update center set name = $2 where number = $1', [number, name]);
  return { center: number, station, pc: pcIn(number, province.storeOf(number)) };
}

export async function ask(
  province: Province,
  station: Station,
  question: LookupQuestion,
): Promise<ReturnType<typeof decodeAnswer>> {
  const talk: Talk = await opened(station, atOf(province));
  talk.drive.tell({ type: 'lookup', id: 7, question: encodeQuestion(question) });
  await talk.saw('found');
  const found = station.told.find((effect) => effect.type === 'found');
  await talk.close();
  return found?.type === 'found' ? decodeAnswer(found.answer) : null;
}

export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never: ${what}`);
}

export interface Browser {
  readonly page: Page;
  /** What went wrong in the page or was refused by its policy. */
  readonly troubles: readonly string[];
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: 'vi-VN' });
  page.setDefaultTimeout(10_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    // a refused login is an answer, not a trouble
    if (message.type() === 'error' && !message.text().includes('401')) troubles.push(message.text());
  });
  return { page, troubles, close: () => browser.close() };
}
