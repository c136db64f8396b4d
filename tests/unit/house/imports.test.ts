// The import rules of docs/house.md hold for every file, and each rule is shown to catch what it forbids.
import { describe, expect, it } from 'vitest';
import { importsOf, importsOfTree, rules, violations } from './imports.ts';

it('every import of the tree keeps the rules', () => {
  const imports = importsOfTree();
  expect(imports.length).toBeGreaterThan(100);
  expect(violations(imports)).toEqual([]);
});

describe('reading imports', () => {
  it.each([
    ["import a from './b.ts';", 'electron/x/b.ts', false],
    ["import type { A } from '../y/b.ts';", 'electron/y/b.ts', true],
    ["import {\n  a,\n  b,\n} from './b.ts';", 'electron/x/b.ts', false],
    ["export * from './b.ts';", 'electron/x/b.ts', false],
    ["export type { A } from './b.ts';", 'electron/x/b.ts', true],
    ["import './b.ts';", 'electron/x/b.ts', false],
    ["const a = await import('./b.ts');", 'electron/x/b.ts', false],
    ["new Worker(new URL('./b.ts', import.meta.url))", 'electron/x/b.ts', false],
    ["import { app } from 'electron';", 'electron', false],
    ["import * as z from 'zod';", 'zod', false],
  ])('%s', (source, to, typeOnly) => {
    expect(importsOf('electron/x/a.ts', source)).toEqual([{ from: 'electron/x/a.ts', to, typeOnly }]);
  });

  it('skips what is only talked about', () => {
    expect(importsOf('a.ts', "// import x from './b.ts';\n/* import y from './c.ts'; */\n")).toEqual([]);
  });
});

describe('each rule catches', () => {
  const offences: Record<string, [from: string, source: string]> = {
    'only shells/desktop imports electron': ['electron/store/a.ts', "import type { App } from 'electron';"],
    'shared imports nothing of the house': ['shared/text/a.ts', "import '../../electron/core.ts';"],
    'shared does no I/O': ['shared/text/a.ts', "import { readFileSync } from 'node:fs';"],
    'renderer imports renderer, shared and fonts only': ['renderer/app/a.ts', "import '../../scripts/b.ts';"],
    'renderer has no Node and no schemas': ['renderer/app/a.tsx', "import * as z from 'zod';"],
    'renderer takes types only from shared/api': [
      'renderer/app/a.ts',
      "import { errorCodes } from '../../shared/api/errors.ts';",
    ],
    'the core has no page libraries': ['electron/print/a.ts', "import { createElement } from 'react';"],
    'electron imports electron, shared, drizzle and resources only, but for training’s province': [
      'electron/core.ts',
      "import '../renderer/main.ts';",
    ],
    'province imports province, shared, drizzle and resources only': [
      'province/log/a.ts',
      "import type { Store } from '../../electron/store/types.ts';",
    ],
    'nobody imports a shell': ['electron/core.ts', "import './shells/places.ts';"],
    'a shell does not import another shell': ['electron/shells/cli/a.ts', "import '../browser/host.ts';"],
    'shells reach the rooms through the core': ['electron/shells/cli/a.ts', "import '../../store/open.ts';"],
    'rooms on one floor do not import each other': [
      'electron/clinic/beds/a.ts',
      "import '../../access/index.ts';",
    ],
    'rooms do not import the core above them': ['electron/access/a.ts', "import '../core.ts';"],
    'the store imports no room': ['electron/store/a.ts', "import '../clinic/beds/index.ts';"],
    'a clinic area is used through its index only': [
      'electron/clinic/beds/a.ts',
      "import '../patients/tables.ts';",
    ],
  };

  it.each(rules.map(([name]) => name))('%s', (rule) => {
    const [from, source] = offences[rule]!;
    expect(violations(importsOf(from, source)).map((violation) => violation.rule)).toContain(rule);
  });

  it('no rule forbids the ordinary', () => {
    const ordinary: [string, string][] = [
      ['electron/clinic/beds/commands.ts', "import { stayOf } from '../admissions/index.ts';"],
      ['electron/clinic/beds/commands.ts', "import type { Store } from '../../store/types.ts';"],
      ['electron/core.ts', "import { model } from './clinic/beds/index.ts';"],
      ['electron/shells/core-worker.ts', "import { openCore } from '../core.ts';"],
      ['electron/shells/desktop/main.ts', "import { app } from 'electron';"],
      ['electron/shells/desktop/main.ts', "import { startCore } from '../core-client.ts';"],
      ['renderer/app/api.ts', "import type { Method } from '../../shared/api/index.ts';"],
      ['renderer/parts/a.tsx', "import { fold } from '../../shared/text/fold.ts';"],
    ];
    for (const [from, source] of ordinary) expect(violations(importsOf(from, source))).toEqual([]);
  });
});
