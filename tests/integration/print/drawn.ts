// A real browser, and what independent programs (poppler, qpdf) say of the PDFs it draws.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openBrowserPress, type PrintedSheet, pdfMaker } from '../../../electron/print/index.ts';
import type { LayoutOptions } from '../../../electron/print/layout/layout.ts';
import { findBrowser, here } from '../../../electron/shells/system-browser.ts';
import type { DocumentBody } from '../../../shared/model/document-body.ts';
import type { FormTemplate } from '../../../shared/model/form-template.ts';
import { hash } from '../../unit/print/papers.ts';

export const pressOptions = { program: findBrowser, isRoot: here.isRoot, log: () => {} };

export interface Drawn extends PrintedSheet {
  readonly file: string;
  /** Of one page (from 0) or all, as `pdftotext -layout` reads it. */
  text(page?: number): string;
}

/** One browser for all tests of a file. */
export function pressOfFile(): (
  form: FormTemplate,
  body: DocumentBody,
  how?: Partial<LayoutOptions>,
) => Promise<Drawn> {
  let folder = '';
  let press: ReturnType<typeof openBrowserPress>;
  let n = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tram-drawn-'));
    press = openBrowserPress(pressOptions);
  });
  afterAll(async () => {
    await press.close();
    rmSync(folder, { recursive: true });
  });
  return async (form, body, how = {}) => {
    const printed = await pdfMaker(press, (...line) => console.error(...line)).draw(form, body, {
      bodySha256: hash,
      draft: false,
      ...how,
    });
    if (!printed.ok) throw new Error(`not drawn: ${printed.error.code}`);
    const file = join(folder, `${n++}.pdf`);
    writeFileSync(file, printed.value.pdf);
    return {
      ...printed.value,
      file,
      text: (page) =>
        ask('pdftotext', [
          '-layout',
          ...(page === undefined ? [] : ['-f', `${page + 1}`, '-l', `${page + 1}`]),
          file,
          '-',
        ]),
    };
  };
}

export function ask(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 });
}

export interface Font {
  readonly name: string;
  readonly embedded: boolean;
  readonly hasUnicode: boolean;
}

/** What `pdffonts` finds, the tags of subsets taken off. */
export const fontsIn = (file: string): Font[] =>
  ask('pdffonts', [file])
    .split('\n')
    .slice(2)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [embedded, , hasUnicode] = /(yes|no) +(yes|no) +(yes|no) +\d+ +\d+ *$/.exec(line)?.slice(1) ?? [];
      return {
        name: (line.split(/\s/, 1)[0] ?? '').replace(/^[A-Z]{6}\+/, ''),
        embedded: embedded === 'yes',
        hasUnicode: hasUnicode === 'yes',
      };
    });

/** Where the words of a page stand: points from its upper left corner. */
export const wordsOf = (
  file: string,
  page: number,
): { text: string; x: number; y: number; right: number; bottom: number }[] =>
  [
    ...ask('pdftotext', ['-bbox', '-f', `${page + 1}`, '-l', `${page + 1}`, file, '-']).matchAll(
      /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/word>/g,
    ),
  ].map(([, x, y, right, bottom, text]) => ({
    text: text ?? '',
    x: Number(x),
    y: Number(y),
    right: Number(right),
    bottom: Number(bottom),
  }));

/** Words in their order, whatever the lines: what was said, without how it was set. */
export const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
