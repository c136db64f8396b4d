// Whether a module lies where only an administrator of the PC can put it. On Windows Node does not read who may write a
// file, so it goes by the folders Windows itself keeps for administrators; a file anywhere else is loaded only if it is the
// very one the administrator had when they named it, said by its SHA-256.
import { readFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { sha256Hex } from '../crypto.ts';
import type { ModuleFault } from './module-file.ts';

/** As an administrator writes it: a path, and behind it `sha256:` with 64 hex digits where that is needed. */
export interface NamedModule {
  readonly file: string;
  /** Lower case; null: none was given. */
  readonly pin: string | null;
}

export function namedModule(entry: string): NamedModule {
  const match = /^(.*\S)\s+sha256:\s*([0-9a-f]{64})$/i.exec(entry.trim());
  return { file: match?.[1] ?? entry.trim(), pin: match?.[2]?.toLowerCase() ?? null };
}

/** `real`: with no links in it. Null: it may be loaded as far as its place goes. */
export function faultOfPlace(
  real: string,
  pin: string | null,
  {
    platform,
    env,
  }: { readonly platform: string; readonly env: Readonly<Record<string, string | undefined>> },
): ModuleFault | null {
  if (pin === null) return platform === 'win32' && !isAdministrators(real, env) ? 'module_pin_needed' : null;
  try {
    return sha256Hex(readFileSync(real)) === pin ? null : 'module_pin_wrong';
  } catch {
    return 'module_unreadable';
  }
}

/** Folders below these may have been opened to everybody (`System32\spool\drivers\color`), so files right in them only. */
const directly = ['System32', 'SysWOW64'];
const anywhereIn = ['ProgramFiles', 'ProgramFiles(x86)', 'ProgramW6432'];

/** By Windows' own setting; a folder there that somebody has opened to others looks the same. */
export function isAdministrators(file: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const parts = partsOf(file);
  if (parts === null) return false;
  const folder = parts.slice(0, -1);
  const roots = anywhereIn.flatMap((name) => rootOf(env[name]));
  const system = rootOf(env.SystemRoot).flatMap((root) =>
    directly.map((name) => [...root, name.toLowerCase()]),
  );
  return (
    roots.some((root) => folder.length >= root.length && root.every((part, i) => folder[i] === part)) ||
    system.some((root) => folder.length === root.length && root.every((part, i) => folder[i] === part))
  );
}

/** A drive alone is no folder of anybody's. */
function rootOf(folder: string | undefined): string[][] {
  const parts = folder === undefined ? null : partsOf(folder);
  return parts && parts.length > 1 ? [parts] : [];
}

/** From the drive on, as Windows compares them; null for what it would read otherwise than it is written. */
function partsOf(path: string): string[] | null {
  const parts = win32.normalize(path).replace(/\\$/, '').toLowerCase().split('\\');
  const [drive = '', ...rest] = parts;
  return /^[a-z]:$/.test(drive) && rest.every((part) => part !== '' && !/[ .]$/.test(part)) ? parts : null;
}
