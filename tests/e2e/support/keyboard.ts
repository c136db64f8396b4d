// A person at the keyboard: everything a test does goes through keys, and looking is all it does with the page.
import { expect, type Locator, type Page } from '@playwright/test';

/** Slower than any scanner, or the page takes the typing for one. */
const personGapMs = 45;
const scannerGapMs = 2;
/** A chart of many days has a hundred stops. */
const mostTabs = 250;

export interface Keyboard {
  press(...keys: readonly string[]): Promise<void>;
  /** As a hand that knows the way: the next key comes before the page has answered the last. */
  rush(...keys: readonly QuickKey[]): Promise<void>;
  /** As a person types. */
  type(text: string): Promise<void>;
  /** As a scanner types: all at once, then Enter. */
  scan(text: string): Promise<void>;
  /** Tab until there; `Shift+Tab` goes back. */
  tabTo(target: Locator, key?: 'Tab' | 'Shift+Tab'): Promise<void>;
  /** Tab to a field and fill it. */
  fill(label: string, text: string): Promise<void>;
  /** Tab to a list and choose by its first letters, as one does in a closed drop-down. */
  choose(label: string, option: string): Promise<void>;
  /** Tab to a button and press it. */
  push(name: string): Promise<void>;
  /** Down to an entry of an open menu, then Enter. */
  pick(menuEntry: string): Promise<void>;
}

/** Windows' number of each key that `rush` knows. */
const quickKeys = { Enter: 13, ArrowDown: 40, F4: 115 } as const;
type QuickKey = keyof typeof quickKeys;

interface KeyPress {
  readonly key: string;
  readonly text?: string;
  readonly windowsVirtualKeyCode: number;
}
const enter: KeyPress = { key: 'Enter', text: '\r', windowsVirtualKeyCode: quickKeys.Enter };

/** By its label, with or without the star of a required field. */
export const field = (page: Page, label: string): Locator =>
  page
    .getByLabel(new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}( \\*)?$`, 'u'))
    .and(page.locator('input, select, textarea'));

export function keyboardOf(page: Page): Keyboard {
  const { keyboard } = page;
  const has = (target: Locator) =>
    target.evaluateAll((elements) => elements.some((element) => element === document.activeElement));
  /** Waits for no key's effect; the page is told that they were pressed so far apart, however busy this PC is. */
  const atOnce = async (keys: readonly KeyPress[], gapMs: number): Promise<void> => {
    const session = await page.context().newCDPSession(page);
    const began = Date.now();
    await Promise.all(
      keys.flatMap((key, i) => {
        const timestamp = (began + i * gapMs) / 1000;
        return [
          session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, timestamp }),
          session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, timestamp }),
        ];
      }),
    );
    await session.detach();
  };
  const self: Keyboard = {
    async press(...keys) {
      for (const key of keys) await keyboard.press(key);
    },
    rush: (...keys) =>
      atOnce(
        keys.map((key) => (key === 'Enter' ? enter : { key, windowsVirtualKeyCode: quickKeys[key] })),
        personGapMs,
      ),
    type: (text) => keyboard.type(text, { delay: /\d/.test(text) ? personGapMs : 0 }),
    async scan(text) {
      // Every letter as a key of its own, accents too, as Windows passes on what a scanner sends (VK_PACKET).
      const letters = [...text].map((letter) => ({ key: letter, text: letter, windowsVirtualKeyCode: 231 }));
      await atOnce([...letters, enter], scannerGapMs);
    },
    async tabTo(target, key = 'Tab') {
      await expect(target.first(), 'what to tab to').toBeVisible();
      for (let tabs = 0; tabs < mostTabs; tabs++) {
        if (await has(target)) return;
        await keyboard.press(key);
      }
      throw new Error(`no way by ${key} to ${target}`);
    },
    async fill(label, text) {
      await self.tabTo(field(page, label));
      await keyboard.press('Control+A');
      await self.type(text);
    },
    async choose(label, option) {
      await self.tabTo(field(page, label));
      const list = page.locator(':focus');
      const chosen = () =>
        list.evaluate((e) => (e instanceof HTMLSelectElement ? (e.selectedOptions[0]?.label ?? '') : ''));
      const offered = () =>
        list.evaluate((e) => (e instanceof HTMLSelectElement ? [...e.options].map((o) => o.label) : []));
      const at = async () => (await offered()).findIndex((name) => name.startsWith(option));
      // what is offered may depend on what was chosen just before, and come a moment later
      await expect.poll(at, `${label} offers ${option}`).toBeGreaterThanOrEqual(0);
      await keyboard.press('Home');
      for (let presses = await at(); presses > 0; presses--) await keyboard.press('ArrowDown');
      expect((await chosen()).startsWith(option), `${label} stands on ${option}`).toBe(true);
    },
    async push(name) {
      await self.tabTo(page.getByRole('button', { name }));
      await keyboard.press('Enter');
    },
    async pick(menuEntry) {
      const entry = page.getByRole('menuitem', { name: menuEntry, exact: true });
      await expect(entry).toBeVisible();
      await expect(page.getByRole('menu').locator(':focus'), 'an open menu has the focus').toHaveCount(1);
      for (let at = 0; at < 40; at++) {
        if (await has(entry)) {
          await keyboard.press('Enter');
          return;
        }
        await keyboard.press('ArrowDown');
      }
      throw new Error(`no menu entry ${menuEntry}`);
    },
  };
  return self;
}
