// What every screen must hold to, at both ends of the text sizes: WCAG 2.2 AA as far as a machine can tell,
// nothing wider than the page, and a focus that can be seen.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Frame, type Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Smallest and largest; the page takes its size from this attribute, which a person's preference sets. */
const sizes = [100, 150] as const;

export async function inspect(page: Page): Promise<void> {
  for (const size of sizes) {
    await textSize(page, size);
    // Legacy mode asks the page itself; the other mode opens a second page for frames, which may not be framed there.
    const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode(true).analyze();
    expect(violations.map(inWords), `at ${size} %`).toEqual([]);
    for (const frame of page.frames().slice(1))
      expect(await violationsIn(frame), `in ${frame.url()}`).toEqual([]);
    await expectNoSidewaysScroll(page, size);
  }
  await textSize(page, 100);
}

/** The field for a PIN is a document that nobody can look into from outside; the test looks at it from inside. */
async function violationsIn(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe);
  return frame.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run(how: object): Promise<Found> } };
    interface Found {
      readonly violations: readonly {
        readonly id: string;
        readonly nodes: readonly { readonly html: string }[];
      }[];
    }
    const { violations } = await axe.run({ runOnly: tags });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, rules);
}
const axe = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
    'axe-core/axe.min.js',
  ),
  'utf8',
);

export async function expectNoSidewaysScroll(page: Page, size: number): Promise<void> {
  const wide = await page.evaluate(() => {
    const parts = [
      document.documentElement,
      document.body,
      ...document.querySelectorAll('main, header, footer, nav, [role=dialog]'),
    ];
    return parts
      .filter((part) => part.scrollWidth > part.clientWidth + 1)
      .map((part) => `${part.tagName} ${part.className}: ${part.scrollWidth} > ${part.clientWidth}`);
  });
  expect(wide, `wider than its place at ${size} %`).toEqual([]);
}

/** Walks on by Tab: each stop must be drawn with a ring and must not lie behind something else. */
export async function expectFocusSeen(page: Page, stops: number): Promise<void> {
  for (let stop = 0; stop < stops; stop++) {
    await page.keyboard.press('Tab');
    const unseen = await page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement) || at === document.body) return null;
      const ringed = [at, at.parentElement, at.nextElementSibling].some((element) => {
        if (!(element instanceof HTMLElement)) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
      });
      const box = at.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
      const covered =
        box.width > 2 &&
        top !== null &&
        !at.contains(top) &&
        !top.contains(at) &&
        !at.closest('label')?.contains(top) &&
        !at.parentElement?.contains(top);
      return ringed && !covered
        ? null
        : `${at.outerHTML.slice(0, 160)} ${ringed ? 'covered' : 'without ring'}`;
    });
    expect(unseen, 'focus').toBeNull();
  }
}

export const textSize = (page: Page, size: number): Promise<void> =>
  page.evaluate((to) => {
    document.documentElement.dataset.textScale = String(to);
  }, size);

type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];
const inWords = ({ id, nodes }: Violation): string =>
  `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.html.slice(0, 140)} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`).join(' | ')}`;
