// docs/house.md and the tree say the same, and the page's source has none of the ways code gets into a page.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, rules } from './imports.ts';

const house = readFileSync(join(root, 'docs', 'house.md'), 'utf8');

/** Rows of the form: | `folder/sub` | what it is for | */
const described = [...house.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, folder, purpose]) => ({
  folder,
  purpose,
}));

const ignored = /^(?:node_modules|out|dist|data|test-results|playwright-report)(?:\/|$)|^\.(?!ci)/;
const secondLevel = [
  ...new Set(
    globSync('*/*/**/*', {
      cwd: root,
      withFileTypes: true,
      exclude: (entry) => ['node_modules', 'out', 'dist', 'data', '.git'].includes(entry.name),
    })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.parentPath.slice(root.length + 1).replaceAll('\\', '/'))
      .filter((folder) => folder.includes('/') && !ignored.test(folder))
      .map((folder) => folder.split('/').slice(0, 2).join('/')),
  ),
].sort();

describe('docs/house.md', () => {
  it('names every folder of the second level, each once, with its purpose', () => {
    const folders = described.map(({ folder }) => folder).filter((folder) => folder?.includes('/'));
    expect([...folders].sort()).toEqual([...new Set(folders)].sort());
    expect(secondLevel.filter((folder) => !folders.includes(folder))).toEqual([]);
    for (const { purpose } of described) expect(purpose!.length).toBeGreaterThan(15);
  });

  it('names no folder that is not there', () => {
    const folders = described.map(({ folder }) => folder!).filter((folder) => folder.includes('/'));
    expect(folders.filter((folder) => !secondLevel.includes(folder))).toEqual([]);
  });

  it('lists every import rule that is enforced', () => {
    for (const [rule] of rules) expect(house).toContain(`- ${rule}`);
  });
});

describe('source', () => {
  const sources = (pattern: string) =>
    globSync(pattern, { cwd: root }).map((file) => ({
      file,
      text: code(readFileSync(join(root, file), 'utf8')),
    }));

  it.each([
    [
      'renderer/**/*.{ts,tsx,html}',
      /dangerouslySetInnerHTML|\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|document\.write(?:ln)?\(/,
    ],
    ['{renderer,electron,shared}/**/*.{ts,tsx,html}', /\beval\(|new Function\(|file:\/\//],
    ['{renderer,electron,shared}/**/*.{ts,tsx}', /shell\.openExternal|executeJavaScript/],
    // days and times are Vietnam's, whatever zone the PC is set to: shared/time/vietnam.ts
    [
      '{renderer,electron,shared}/**/*.{ts,tsx}',
      /\.(?:get|set)(?:FullYear|Month|Date|Day|Hours|Minutes)\(|getTimezoneOffset|toLocale(?:Date|Time)String|toDateString/,
    ],
    ['renderer/**/*.{ts,tsx,css,html}', /https?:\/\/(?!www\.w3\.org\/)/],
  ])('in %s never has %s', (pattern, forbidden) => {
    expect(
      sources(pattern)
        .filter(({ text }) => forbidden.test(text))
        .map(({ file }) => file),
    ).toEqual([]);
  });

  it('never imports electron as a value where plain Node would run it', () => {
    const outside = sources('{scripts,tests,shared,renderer,bin}/**/*.{ts,tsx,mjs}').filter(
      ({ file, text }) =>
        !dirname(file).endsWith('desktop') && /from 'electron'|require\('electron'\)/.test(text),
    );
    expect(outside.map(({ file }) => file).filter((file) => !file.startsWith('tests/unit/house/'))).toEqual(
      [],
    );
  });
});

function code(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
