// Reads every import statement of the tree and says which break the house's rules (docs/house.md).
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const root = join(import.meta.dirname, '..', '..', '..');

export interface Import {
  /** Paths from the root, with `/`. */
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

export interface Violation extends Import {
  readonly rule: string;
}

export function importsOfTree(): Import[] {
  return globSync(['electron/**/*.ts', 'renderer/**/*.{ts,tsx}', 'shared/**/*.ts', 'province/**/*.ts'], {
    cwd: root,
  })
    .map((file) => file.replaceAll('\\', '/'))
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
}

const statement =
  /(?:^|[;\n}])\s*(?:import|export)\s+(type\s)?(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|\bnew URL\(\s*['"](\.[^'"]+)['"]/g;

export function importsOf(file: string, source: string): Import[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(statement)].map(([, typeOnly, fixed, dynamic, url]) => {
    const name = fixed ?? dynamic ?? url ?? '';
    return {
      from: file,
      to: name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), name)) : name,
      typeOnly: Boolean(typeOnly),
    };
  });
}

/** Floors of electron/, top to bottom; a room imports from floors below it only. */
const core = /^electron\/(?:core\.ts|core\/|maintenance\.ts|training\/)/;
const rooms = ['clinic', 'access', 'station', 'sync', 'fingerprint', 'signing', 'exchange', 'print'];
const ui = /^(?:react|react-dom|@mantine\/|@tanstack\/|@tabler\/|wouter|@fontsource\/)/;

type Rule = readonly [name: string, breaks: (i: Import) => boolean];

export const rules: readonly Rule[] = [
  [
    'only shells/desktop imports electron',
    ({ from, to }) => to === 'electron' && !from.startsWith('electron/shells/desktop/'),
  ],
  [
    'shared imports nothing of the house',
    ({ from, to }) => top(from) === 'shared' && inHouse(to) && top(to) !== 'shared',
  ],
  ['shared does no I/O', ({ from, to }) => top(from) === 'shared' && to.startsWith('node:')],
  [
    'renderer imports renderer, shared and fonts only',
    ({ from, to }) =>
      top(from) === 'renderer' &&
      inHouse(to) &&
      !['renderer', 'shared'].includes(top(to)) &&
      !to.startsWith('resources/fonts/'),
  ],
  [
    'renderer has no Node and no schemas',
    ({ from, to }) => top(from) === 'renderer' && (to.startsWith('node:') || to === 'zod'),
  ],
  [
    'renderer takes types only from shared/api',
    ({ from, to, typeOnly }) => top(from) === 'renderer' && to.startsWith('shared/api/') && !typeOnly,
  ],
  ['the core has no page libraries', ({ from, to }) => top(from) === 'electron' && ui.test(to)],
  [
    'electron imports electron, shared, drizzle and resources only, but for training’s province',
    ({ from, to }) =>
      top(from) === 'electron' &&
      inHouse(to) &&
      !['electron', 'shared', 'drizzle', 'resources'].includes(top(to)) &&
      !(from === 'electron/shells/training-province.ts' && to === 'province/index.ts'),
  ],
  [
    'province imports province, shared, drizzle and resources only',
    ({ from, to }) =>
      top(from) === 'province' &&
      inHouse(to) &&
      !['province', 'shared', 'drizzle', 'resources'].includes(top(to)),
  ],
  [
    'nobody imports a shell',
    ({ from, to }) => to.startsWith('electron/shells/') && !from.startsWith('electron/shells/'),
  ],
  [
    'a shell does not import another shell',
    ({ from, to }) => {
      const [mine, theirs] = [shellOf(from), shellOf(to)];
      return theirs !== null && mine !== theirs;
    },
  ],
  [
    'shells reach the rooms through the core',
    ({ from, to }) =>
      from.startsWith('electron/shells/') &&
      to.startsWith('electron/') &&
      !to.startsWith('electron/shells/') &&
      !core.test(to),
  ],
  [
    'rooms on one floor do not import each other',
    ({ from, to }) => roomOf(from) !== null && roomOf(to) !== null && roomOf(from) !== roomOf(to),
  ],
  ['rooms do not import the core above them', ({ from, to }) => roomOf(from) !== null && core.test(to)],
  [
    'the store imports no room',
    ({ from, to }) =>
      from.startsWith('electron/store/') && to.startsWith('electron/') && !to.startsWith('electron/store/'),
  ],
  [
    'a clinic area is used through its index only',
    ({ from, to }) => {
      const area = areaOf(to);
      return (
        area !== null &&
        areaOf(from) !== area &&
        to !== `electron/clinic/${area}/index.ts` &&
        !to.startsWith('electron/clinic/index.ts')
      );
    },
  ],
];

export function violations(imports: readonly Import[]): Violation[] {
  return imports.flatMap((one) =>
    rules.filter(([, breaks]) => breaks(one)).map(([rule]) => ({ ...one, rule })),
  );
}

const houses = ['electron', 'renderer', 'shared', 'province', 'drizzle', 'resources', 'tests', 'scripts'];
const top = (path: string): string => path.split('/', 1)[0] ?? '';
const inHouse = (path: string): boolean => path.includes('/') && houses.includes(top(path));
const shellOf = (path: string): string | null => /^electron\/shells\/([^/]+)\//.exec(path)?.[1] ?? null;
const areaOf = (path: string): string | null => /^electron\/clinic\/([^/]+)\//.exec(path)?.[1] ?? null;

function roomOf(path: string): string | null {
  const room = /^electron\/([^/]+)\//.exec(path)?.[1];
  return room !== undefined && rooms.includes(room) ? room : null;
}
