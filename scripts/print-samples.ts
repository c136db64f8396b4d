// Prints every form filled with invented facts, to be looked at: node scripts/print-samples.ts FOLDER [FORM…] [--empty]
// One PDF for each, and PNGs of its pages where pdftoppm is.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sampleBody, templates } from '../electron/clinic/documents/index.ts';
import { openBrowserPress, pdfMaker } from '../electron/print/index.ts';
import { findBrowser, here } from '../electron/shells/system-browser.ts';
import { sha256Hex } from '../electron/store/crypto.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { empty: { type: 'boolean', default: false }, draft: { type: 'boolean', default: false } },
});
const [folder, ...wanted] = positionals;
if (folder === undefined) {
  console.error('node scripts/print-samples.ts FOLDER [FORM…] [--empty] [--draft]');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const log = (_level: string, message: string, detail?: unknown): void => console.error(message, detail ?? '');
const press = openBrowserPress({ program: findBrowser, isRoot: here.isRoot, log });
const maker = pdfMaker(press, log);
for (const template of templates().filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  const body = { ...sampleBody(template), ...(options.empty && { values: {}, admission: null }) };
  const bodySha256 = sha256Hex(JSON.stringify(body));
  const printed = await maker.draw(template, body, { bodySha256, draft: options.draft });
  if (!printed.ok) {
    console.error(`${template.id}: ${printed.error.code}`);
    process.exitCode = 1;
    continue;
  }
  const file = join(folder, `${template.id}.pdf`);
  writeFileSync(file, printed.value.pdf);
  spawnSync('pdftoppm', ['-r', '100', '-png', file, join(folder, template.id)]);
  console.log(`${template.id}: ${printed.value.pages} tr., ${printed.value.pdf.length} byte`);
}
await press.close();
