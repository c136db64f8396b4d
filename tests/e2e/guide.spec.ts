// Takes the pictures of docs/guide from the training center, so that the guide shows the program as it is.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { become, goHome, hire } from './support/people.ts';
import { door, lock, type Place, type Visit, visits } from './support/places.ts';
import { smallPng } from './support/png.ts';
import { type Program, startProgram } from './support/program.ts';
import { projectRoot } from './support/settings.ts';

const folder = join(projectRoot, 'docs', 'guide');
const largest = 150 * 1024;

let program: Program;
let who: string | null = null;
test.beforeAll(async ({ browser }) => {
  mkdirSync(folder, { recursive: true });
  program = await startProgram(browser, { start: 'full' });
});
test.afterAll(() => program?.close());

shoot(null, door);
for (const visit of visits) for (const place of visit.places) shoot(visit, place);
shoot({ as: 'bsnoi' }, lock);

function shoot(visit: Omit<Visit, 'places'> | null, { name, picture, go }: Place): void {
  if (picture === undefined) return;
  test(name, async () => {
    const { page } = program;
    await arrive(page, visit);
    await go(page);
    await save(page, picture);
  });
}

async function arrive(page: Page, visit: Omit<Visit, 'places'> | null): Promise<void> {
  if (visit === null) await page.goto(new URL('/', page.url()).href);
  else if (visit.as === who) await goHome(page);
  else if (visit.hire) await hire(page, visit.as, visit.hire.fullName, visit.hire.role);
  else await become(page, visit.as);
  who = visit?.as ?? null;
}

async function save(page: Page, name: string): Promise<void> {
  const file = join(folder, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  writeFileSync(file, smallPng(await page.screenshot({ animations: 'disabled', caret: 'hide' })));
  expect(statSync(file).size, `bytes of ${name}.png`).toBeLessThan(largest);
}
