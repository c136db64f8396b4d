// Which modules may be loaded on this PC: names of makers' files in folders only an administrator can write
// (resources/signing/modules.json), and files an administrator has named. Nothing else is ever looked for.
import { existsSync, realpathSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import * as z from 'zod';
import table from '../../../resources/signing/modules.json' with { type: 'json' };
import { faultOfFile, faultOfPath, type ModuleFault } from './module-file.ts';
import { faultOfPlace, namedModule } from './module-place.ts';

const platforms = ['win32', 'linux', 'darwin'] as const;
type Platform = (typeof platforms)[number];

const perPlatform = z.object({
  win32: z.array(z.string()),
  linux: z.array(z.string()),
  darwin: z.array(z.string()),
});
const ModuleTable = z.object({
  version: z.literal(1),
  source: z.string(),
  defaultPins: z.array(z.string()),
  folders: perPlatform,
  /** In order of preference: a token seen by two of them is shown by the first. */
  modules: z.array(perPlatform.extend({ maker: z.string(), folders: perPlatform.optional() })),
});
export type ModuleTable = z.infer<typeof ModuleTable>;

export const moduleTable = (): ModuleTable => ModuleTable.parse(table);

export interface FoundModule {
  /** The file's name without its ending, lower case: what a token's id begins with. */
  readonly name: string;
  readonly file: string;
  readonly maker: string;
  readonly fault: ModuleFault | null;
}

export interface PlacesOfModules {
  readonly platform: string;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Modules on this PC, named ones first. One that a person named is told of even when it is missing; of the table's only
 * those that are there. 32-bit ones lie in a folder of their own on Windows and are told of as such.
 */
export function findModules(
  named: readonly string[],
  { platform, arch, env }: PlacesOfModules,
  { folders, modules }: ModuleTable = moduleTable(),
): readonly FoundModule[] {
  const system = platforms.find((known) => known === platform);
  const path = platform === 'win32' ? win32 : posix;
  const seen = new Set<string>();
  const found: FoundModule[] = [];
  for (const { file, pin } of named.map(namedModule)) add(file, makerOf(path.basename(file)), pin);
  if (system) for (const module of modules) addOf(module, system);
  return found;

  function addOf(module: ModuleTable['modules'][number], platform: Platform): void {
    for (const name of module[platform]) {
      const places = [...(module.folders?.[platform] ?? []), ...folders[platform]].map(filled);
      const file = places.map((folder) => path.join(folder, name)).find(isThere);
      if (file !== undefined) add(file, module.maker);
      else if (platform === 'win32' && isThere(path.join(filled(wow64), name)))
        found.push({
          name: nameFor(name),
          file: path.join(filled(wow64), name),
          maker: module.maker,
          fault: 'module_32bit',
        });
    }
  }

  function add(file: string, maker: string, pin: string | null = null): void {
    const real = faultOfPath(file, platform) === null ? realOf(file) : file;
    if (seen.has(real)) return;
    seen.add(real);
    found.push({
      name: nameFor(path.basename(file)),
      file: real,
      maker,
      fault: faultOfFile(real, { platform, arch }) ?? faultOfPlace(real, pin, { platform, env }),
    });
  }

  function nameFor(file: string): string {
    const name = file.replace(/\.(?:dll|dylib|so)(?:\.[\d.]+)?$/i, '').toLowerCase();
    const same = found.filter((other) => other.name.replace(/~\d+$/, '') === name).length;
    return same === 0 ? name : `${name}~${same + 1}`;
  }

  function makerOf(file: string): string {
    const known = modules.find(
      (module) => system && module[system].some((name) => name.toLowerCase() === file.toLowerCase()),
    );
    return known?.maker ?? '';
  }

  function filled(folder: string): string {
    return folder.replaceAll(/%([^%]+)%/g, (_, variable: string) => env[variable] ?? '');
  }
}

/** Where Windows keeps libraries for 32-bit programs. */
const wow64 = '%SystemRoot%\\SysWOW64';

const isThere = (file: string): boolean => existsSync(file);

/** What is looked at is what is loaded, however many links lead there. */
function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
