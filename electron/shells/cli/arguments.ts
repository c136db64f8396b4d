// What was typed after `tram`: one command and its options, or why it can't be understood.
import { parseArgs } from 'node:util';
import { dataFolder, type Mode } from '../places.ts';
import type { Language } from './words.ts';

export const commands = [
  'doctor',
  'rebuild',
  'verify-log',
  'backup',
  'restore',
  'users',
  'sync',
  'enrol',
  'fingerprint',
] as const;
export type Command = (typeof commands)[number];

export interface Asked {
  readonly command: Command | 'help' | 'version';
  /** What follows the command: a backup file, a subcommand. */
  readonly rest: readonly string[];
  readonly dataDir: string;
  readonly mode: Mode;
  readonly language: Language;
  readonly user: string | null;
  /** doctor: also open the store and check what is in it. */
  readonly open: boolean;
  /** backup: the folder it goes to. */
  readonly to: string | null;
  /** rebuild, restore: open with the printed recovery key. */
  readonly recovery: boolean;
  /** sync export: everything, for a new PC or as a copy to carry; else what the other end lacks. */
  readonly all: boolean;
  /** enrol: the province's server, `host` or `host:port`. */
  readonly address: string | null;
  readonly json: boolean;
}

/** Null when the line makes no sense. */
export function parse(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Asked | null {
  const parsed = parsedOrNull(argv);
  if (!parsed) return null;
  const { values, positionals } = parsed;
  const language = values.lang ?? 'vi';
  if (language !== 'vi' && language !== 'en') return null;
  const mode: Mode = values.training ? 'training' : 'real';
  const [name, ...rest] = positionals;
  const command =
    values.help || name === undefined || name === 'help'
      ? 'help'
      : values.version
        ? 'version'
        : commandOf(name);
  if (!command) return null;
  return {
    command: values.version ? 'version' : command,
    rest,
    dataDir: values.data ?? dataFolder(mode, { env }),
    mode,
    language,
    user: values.user ?? null,
    open: values.open ?? false,
    to: values.to ?? null,
    recovery: values.recovery ?? false,
    all: values.all ?? false,
    address: values.address ?? null,
    json: values.json ?? false,
  };
}

const commandOf = (name: string): Command | null => commands.find((command) => command === name) ?? null;

function parsedOrNull(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        data: { type: 'string' },
        training: { type: 'boolean' },
        lang: { type: 'string' },
        user: { type: 'string' },
        open: { type: 'boolean' },
        to: { type: 'string' },
        recovery: { type: 'boolean' },
        all: { type: 'boolean' },
        address: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch {
    return null;
  }
}
