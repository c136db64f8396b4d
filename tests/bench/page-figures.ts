// What a person at the screen waits for, in Chromium: a chart opened, a key painted, the board in the morning.
import { setTimeout as sleep } from 'node:timers/promises';
import { become, enterUntil, goUntil, logIn, openWindow, typePainted, type Window } from './browser.ts';
import { longestStay } from './core-figures.ts';
import { type Figure, timed } from './figures.ts';
import { openPage, type RunningHost, startHost } from './host.ts';
import { canMeasureMemory, type Held, heldBy } from './processes.ts';

interface Where {
  readonly dataDir: string;
  readonly small: boolean;
}

const tabs = 'nav[aria-label="Các phần của bệnh án"]';
const onTab = (name: string): string => `${tabs} a[aria-current="page"][href$="/${name}"]`;
const paletteField = '[role="dialog"] [role="combobox"]';

/** From Enter in the search palette to the painted chart, and from tab to tab. */
export async function chartPaints({ dataDir, small }: Where): Promise<Figure[]> {
  return withWindow(dataDir, async ({ page }, host) => {
    const long = await longestStay(await openPage(await host.anotherAddress()));
    await logIn(page, 'bstruc');
    const opened: number[] = [];
    const byTab = new Map<string, number[]>([
      ['vitals', []],
      ['sheet', []],
      ['timeline', []],
    ]);
    for (let i = 0; i < (small ? 4 : 12); i += 1) {
      // a page that has nothing in its memory yet
      await page.evaluate(() => location.replace('#/'));
      await page.reload();
      await page.locator('article').first().waitFor();
      await page.keyboard.press('F2');
      await page.locator(paletteField).waitFor();
      await page.keyboard.type(long.recordNumber);
      const hit = page.locator('[role="option"][aria-selected="true"]', { hasText: long.recordNumber });
      await hit.waitFor();
      await sleep(400);
      opened.push(await enterUntil(page, onTab('summary'), 'section dl'));
      for (const [tab, samples] of byTab) {
        await sleep(300);
        samples.push(
          await goUntil(page, `#/chart/${long.patientId}/${tab}`, onTab(tab), 'section[tabindex]'),
        );
      }
    }
    return [
      timed(`open a chart on day ${long.dayOfStay}, Enter to painted`, opened, 95, 300),
      ...[...byTab].map(([tab, samples]) => timed(`the same chart, its ${tab} painted`, samples, 95, 300)),
    ];
  });
}

/** Every place where much is typed, six times slower than this PC. */
export async function keyPaints({ dataDir, small }: Where): Promise<Figure[]> {
  const name = (n: number): string[] =>
    [...'nguyen thi hong hanh tran van quang le thi bich ngoc pham duc '.repeat(2)].slice(0, n);
  const count = small ? 20 : 70;
  return withWindow(dataDir, async (window, host) => {
    const { page } = window;
    const typed = async (where: string, keys: readonly string[]): Promise<Figure> => {
      await window.slowDown(6);
      const samples = await typePainted(page, keys);
      await window.slowDown(1);
      return timed(`key to paint at CPU ×6, ${where}`, samples, 95, 300);
    };
    const clinic = await openPage(await host.anotherAddress());
    const long = await longestStay(clinic);
    const wards = await clinic.call('beds.wards', {});
    const round = wards.filter((w) => w.patients >= 30).toSorted((a, b) => a.patients - b.patients)[0];
    if (!round) throw new Error('the center to measure has no ward of 30 patients');
    const figures: Figure[] = [];

    await logIn(page, 'tiepdon');
    await goUntil(page, '#/register', '[name="fullName"]');
    await page.locator('[name="fullName"]').focus();
    figures.push(await typed('name field of the registration', name(count)));

    await become(page, 'bstruc');
    await page.keyboard.press('F2');
    await page.locator(paletteField).waitFor();
    figures.push(await typed('search palette', name(count)));
    await page.keyboard.press('Escape');

    await goUntil(page, `#/chart/${long.patientId}/sheet`, onTab('sheet'), 'section[tabindex] table');
    await page.keyboard.press('F8');
    await page.locator('form textarea').first().waitFor();
    await page.locator('form textarea').first().focus();
    await page.keyboard.insertText(
      'Người bệnh tỉnh, tiếp xúc tốt, ăn ngủ được, phổi thông khí đều hai bên. '.repeat(80),
    );
    await sleep(1_500);
    figures.push(await typed(`sheet editor, 5,700 characters, day ${long.dayOfStay}`, name(count)));

    await become(page, 'ddnoi');
    await goUntil(page, `#/round/${round.wardId}`, 'table input');
    await page.locator('table input').first().focus();
    const rows = await page.locator('table tbody tr').count();
    const vitals = [
      '8',
      '4',
      'Enter',
      '3',
      '6',
      '.',
      '8',
      'Enter',
      '1',
      '2',
      '0',
      '/',
      '8',
      '0',
      'Enter',
      '1',
      '8',
      'Enter',
      '9',
      '7',
      'Enter',
    ];
    figures.push(
      await typed(
        `round grid of ${rows} rows`,
        Array.from({ length: count }, (_, i) => vitals[i % vitals.length] ?? 'Enter'),
      ),
    );
    return figures;
  });
}

/** The program's start in the morning; what a person types is left out. The PC's own file cache is warm. */
export async function coldStart({ dataDir, small }: Where): Promise<Figure[]> {
  const parts: { host: number; page: number; board: number }[] = [];
  for (let i = 0; i < (small ? 2 : 5); i += 1) {
    const host = await startHost(dataDir);
    const started = performance.now();
    const window = await openWindow(host.address);
    await window.page.getByLabel('Tên đăng nhập', { exact: true }).waitFor();
    const page = performance.now() - started;
    const board = await logIn(window.page, 'bsnoi');
    parts.push({ host: host.startMs, page, board });
    await window.close();
    await host.stop();
  }
  const all = timed(
    'cold start to ward board',
    parts.map((p) => p.host + p.page + p.board),
    50,
    4_000,
  );
  const mean = (of: (p: (typeof parts)[number]) => number): string =>
    Math.round(parts.reduce((sum, p) => sum + of(p), 0) / parts.length).toString();
  return [
    {
      ...all,
      detail: `${all.detail}; mean: host ${mean((p) => p.host)} + page ${mean((p) => p.page)} + login to board ${mean((p) => p.board)} ms`,
    },
  ];
}

/** What everything holds after several hundred screens and saves, as an hour's use would make. */
export async function memoryAfterAnHour({ dataDir, small }: Where): Promise<Figure[]> {
  if (!canMeasureMemory) return [];
  return withWindow(dataDir, async ({ page, pid }, host) => {
    await logIn(page, 'bstruc');
    const atStart = heldBy([host.pid, pid]);
    const rounds = small ? 3 : 40;
    for (let i = 0; i < rounds; i += 1) await oneRound(page, i);
    const hurried = heldBy([host.pid, pid]);
    // nobody opens a screen every half second for an hour; in the first pause the browser throws its garbage away
    await sleep(pauseMs);
    const held = heldBy([host.pid, pid]);
    const sum = (all: readonly Held[]): number => all.reduce((total, h) => total + h.megabytes, 0);
    const work = `${rounds * 9} screens and ${rounds * 2} saves`;
    const parts = held
      .toSorted((a, b) => b.megabytes - a.megabytes)
      .map((h) => `${h.what} ${Math.round(h.megabytes)}`)
      .join(', ');
    const megabytes = { unit: 'MB', samples: 1 } as const;
    return [
      {
        ...megabytes,
        name: `memory of all processes after ${work} and a pause`,
        value: sum(held),
        budget: 450,
        detail: `${Math.round(sum(atStart))} after login; ${parts}`,
      },
      {
        ...megabytes,
        name: `the same at the last of them, done in minutes instead of an hour`,
        value: sum(hurried),
        budget: null,
        detail: 'garbage not yet collected',
      },
    ];
  });
}

const pauseMs = 30_000;

/** Board, a search, a chart and its parts, vital signs and an entry saved, registration and back. */
async function oneRound(page: Window['page'], nth: number): Promise<void> {
  await goUntil(page, '#/', 'article');
  await page.keyboard.press('F2');
  await page.locator(paletteField).waitFor();
  await page.keyboard.type(['nguyen van an', 'tran thi hoa', 'le van hung', 'pham thi lan'][nth % 4] ?? '');
  await page.locator('[role="option"]').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator(paletteField).waitFor({ state: 'detached' });
  const cards = page.locator('article', { hasText: 'NEWS2' }).locator('[data-main]');
  const card = cards.nth(nth % (await cards.count()));
  await card.click();
  await page.locator(onTab('summary')).waitFor();
  const chart = await page.evaluate(() => location.hash.replace(/\/(summary)$/, ''));
  for (const tab of ['vitals', 'sheet', 'allergies', 'timeline'])
    await goUntil(page, `${chart}/${tab}`, onTab(tab), 'section[tabindex]');
  await page.evaluate(saveAsThePageDoes, chart.split('/')[2] ?? '');
  await goUntil(page, '#/tasks', 'h1');
  await goUntil(page, '#/register', '[name="fullName"]');
  await goUntil(page, '#/help', 'h1');
}

/** Runs inside the page. */
async function saveAsThePageDoes(patientId: string): Promise<void> {
  const call = async (method: string, input: unknown) => {
    const answer = await fetch(`/rpc/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return answer.json();
  };
  const head = await call('patients.chartHead', { patientId });
  const admissionId: unknown = head.value?.admission?.admissionId;
  const at = Date.now();
  const saved = [
    await call('observations.record', {
      admissionId,
      at,
      values: { pulse: 80, temperature: 36.8, spo2: 97 },
    }),
    await call('notes.finish', {
      admissionId,
      eventAt: at,
      content: { progress: 'Tỉnh, ăn ngủ được.', orders: '', care: '', careLevel: null, diet: '' },
    }),
  ];
  for (const result of saved) if (!result.ok) throw new Error(`a save failed: ${result.error?.code}`);
}

async function withWindow<T>(
  dataDir: string,
  work: (window: Window, host: RunningHost) => Promise<T>,
): Promise<T> {
  const host = await startHost(dataDir);
  try {
    const window = await openWindow(host.address);
    try {
      return await work(window, host);
    } finally {
      await window.close();
    }
  } finally {
    await host.stop();
  }
}
