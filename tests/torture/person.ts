// A doctor at a real page in a real browser, typing into the treatment sheet. What was typed and when, and what the
// page sent and was answered, is noted inside the page: the browser lives on when the host is killed.
import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { Random } from '../../electron/training/random.ts';
import type { Result } from '../../shared/api/contract.ts';

/** What the form held from `at` on (ms since 1970 UTC): the texts of its fields, one under the other. */
export interface Typed {
  readonly at: number;
  readonly text: string;
}

export interface Sent {
  readonly method: string;
  readonly input: unknown;
  readonly at: number;
  /** Null: no answer came. */
  readonly result: Result<unknown> | null;
  readonly answeredAt: number | null;
}

/** The page's own clock did not tick: the machine had no time for it. */
export interface Stall {
  readonly from: number;
  readonly to: number;
}

export interface Witness {
  readonly typed: readonly Typed[];
  readonly sent: readonly Sent[];
  readonly stalls: readonly Stall[];
}

export const habits = ['types on', 'types and rests', 'finishes entries', 'measures between'] as const;
export type Habit = (typeof habits)[number];

export interface Person {
  logIn(address: string, username: string, password: string): Promise<void>;
  /** Opens the sheet to write and answers what is in it: typing that was offered is taken over, unless told otherwise. */
  openSheet(patientId: string, answerOffer?: boolean): Promise<string>;
  /** Goes on with what is offered; answers what the form holds then. */
  takeOver(): Promise<string>;
  offers(): Promise<number>;
  type(text: string): Promise<void>;
  /** Returns when `gone` says so. `pressed` is called at each Ctrl+S. */
  work(
    habit: Habit,
    patientId: string,
    random: Random,
    gone: () => boolean,
    pressed: () => void,
  ): Promise<void>;
  record(): Promise<Witness>;
  close(): Promise<void>;
}

export async function openPerson(browser: Browser): Promise<Person> {
  const context: BrowserContext = await browser.newContext({
    locale: 'vi-VN',
    viewport: { width: 1366, height: 768 },
  });
  await context.addInitScript(noteEverything);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const sheet = page.getByRole('heading', { name: 'Ghi tờ điều trị' });
  const offer = page.getByRole('button', { name: 'Viết tiếp' });

  const goTo = (hash: string): Promise<unknown> =>
    page.evaluate((there) => {
      location.hash = there;
    }, hash);

  async function openSheet(patientId: string, answerOffer = true): Promise<string> {
    if (await sheet.isVisible()) {
      await goTo('#/tasks');
      await sheet.waitFor({ state: 'hidden' });
    }
    await goTo(`#/chart/${patientId}/sheet`);
    await page.getByRole('button', { name: 'Ghi tờ điều trị' }).waitFor();
    const asked = await draftsAsked(page);
    await page.keyboard.press('F8');
    await sheet.waitFor();
    await page.waitForFunction((before) => window.torture.drafts > before, asked);
    await painted(page);
    if (answerOffer && (await offer.isVisible())) return takeOver();
    await page.getByLabel('Diễn biến').focus();
    return page.evaluate(() => window.torture.look());
  }

  async function takeOver(): Promise<string> {
    const before = await page.evaluate(() => window.torture.look());
    await offer.click();
    await page.waitForFunction((text) => window.torture.look() !== text, before);
    await page.getByLabel('Diễn biến').focus();
    return page.evaluate(() => window.torture.look());
  }

  return {
    async logIn(address, username, password) {
      // cookies ignore ports: hundreds of dead hosts would fill the header
      await context.clearCookies();
      await page.goto(address);
      await page.getByLabel('Tên đăng nhập').fill(username);
      await page.getByLabel('Mật khẩu').first().fill(password);
      await page.keyboard.press('Enter');
      await page.getByRole('navigation').first().waitFor();
    },
    openSheet,
    takeOver,
    offers: () => offer.count(),
    type: (text) => page.keyboard.type(text, { delay: 30 }),
    async work(habit, patientId, random, gone, pressed) {
      while (!gone()) {
        await type(page, random, habit === 'types on' ? 400 : random.int(4, 25), gone);
        if (gone()) return;
        if (habit === 'types and rests') await rest(random.int(1100, 1800), gone);
        if (habit === 'finishes entries') {
          pressed();
          await page.keyboard.press('Control+s');
          await until(() => sheet.isHidden(), gone);
          if (!gone()) await openSheet(patientId).catch(unlessGone(gone));
        }
        if (habit === 'measures between') {
          await measure(page, random, gone, pressed).catch(unlessGone(gone));
          if (!gone()) await openSheet(patientId).catch(unlessGone(gone));
        }
      }
    },
    record: () => page.evaluate(() => ({ ...window.torture, look: undefined })),
    close: () => context.close(),
  };
}

const syllables =
  'người bệnh tỉnh tiếp xúc tốt đỡ ho khó thở nhẹ phổi ran ẩm hai đáy huyết áp ổn ăn được ngủ'.split(' ');

/** Character by character, with slips of the finger as an input method's corrections are: backspace and again. */
async function type(page: Page, random: Random, characters: number, gone: () => boolean): Promise<void> {
  let text = '';
  while (text.length < characters) text += `${random.pick(syllables)} `;
  if (random.chance(0.3)) await page.getByLabel('Theo dõi, chăm sóc').focus();
  for (const character of text) {
    if (gone()) return;
    await page.keyboard.type(character);
    if (random.chance(0.05)) {
      await page.keyboard.press('Backspace');
      await page.keyboard.type(character);
    }
    await rest(random.int(15, 90), gone);
  }
}

async function measure(page: Page, random: Random, gone: () => boolean, pressed: () => void): Promise<void> {
  await page.keyboard.press('F9');
  const pulse = page.getByLabel('Mạch').first();
  await pulse.waitFor();
  await pulse.fill(String(random.int(60, 99)));
  if (gone()) return;
  pressed();
  await page.keyboard.press('Control+s');
  await until(() => pulse.isHidden(), gone);
}

/** What the page has just been told is on the screen. */
const painted = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30))));

const draftsAsked = (page: Page): Promise<number> => page.evaluate(() => window.torture.drafts);

const rest = async (ms: number, gone: () => boolean): Promise<void> => {
  for (const end = Date.now() + ms; Date.now() < end && !gone(); )
    await new Promise((r) => setTimeout(r, Math.max(1, Math.min(20, end - Date.now()))));
};

async function until(done: () => Promise<boolean>, gone: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !gone() && !(await done()); await rest(15, gone))
    if (Date.now() > end) throw new Error('the page did not come back from saving');
}

/** A page whose host has just been killed may show anything. */
const unlessGone =
  (gone: () => boolean) =>
  (error: unknown): string => {
    if (gone()) return '';
    throw error;
  };

interface Torture {
  typed: { at: number; text: string }[];
  sent: {
    method: string;
    input: unknown;
    at: number;
    result: Result<unknown> | null;
    answeredAt: number | null;
  }[];
  stalls: { from: number; to: number }[];
  /** Answers to drafts.list so far. */
  drafts: number;
  /** Notes and answers what the form holds now. */
  look(): string;
}
declare global {
  interface Window {
    torture: Torture;
  }
}

/** Runs inside the page, before the program's own scripts. */
function noteEverything(): void {
  const textOf = (form: Element | null) =>
    [...(form?.querySelectorAll('textarea') ?? [])].map((t) => t.value).join('\n---\n');
  const torture: Torture = {
    typed: [],
    sent: [],
    stalls: [],
    drafts: 0,
    look() {
      const text = textOf(document.querySelector('form[data-open]'));
      torture.typed.push({ at: Date.now(), text });
      return text;
    },
  };
  window.torture = torture;
  let tick = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - tick > 250) torture.stalls.push({ from: tick, to: now });
    tick = now;
  }, 50);
  document.addEventListener(
    'input',
    (event) => {
      if (!(event.target instanceof HTMLTextAreaElement)) return;
      // when the key went down, not when the page got round to it
      const at = Date.now() - (performance.now() - event.timeStamp);
      torture.typed.push({ at, text: textOf(event.target.form) });
    },
    true,
  );
  const real = window.fetch;
  window.fetch = async (target, init) => {
    const method = /rpc\/([\w.]+)$/.exec(String(target))?.[1];
    if (method === undefined) return real(target, init);
    const call: Torture['sent'][number] = {
      method,
      input: JSON.parse(String(init?.body)),
      at: Date.now(),
      result: null,
      answeredAt: null,
    };
    torture.sent.push(call);
    const answer = await real(target, init);
    call.result = await answer.clone().json();
    call.answeredAt = Date.now();
    if (method === 'drafts.list') torture.drafts++;
    return answer;
  };
}
