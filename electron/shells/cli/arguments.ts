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
  'sign',
  'verify',
  'proof',
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
  /** verify, sign: what their own options say. */
  readonly files: FileOptions;
}

export interface FileOptions {
  /** verify: what a detached signature covers. */
  readonly content: string | null;
  /** verify: a folder of roots to trust instead of the program's own. */
  readonly anchors: string | null;
  /** verify: as it was then, ms since 1970 UTC. */
  readonly at: number | null;
  /** sign: where to, instead of beside the file. */
  readonly out: string | null;
  /** sign: the content goes into the signature's file. */
  readonly enveloping: boolean;
  /** sign: a PDF or XML file gets the signature inside. */
  readonly inside: boolean;
  /** sign: a time-stamping authority. */
  readonly stamp: string | null;
  /** sign: which certificate of the tokens, by the beginning of its SHA-256. */
  readonly certificate: string | null;
  /** sign: a token's module that no maker is known for. */
  readonly module: string | null;
  /** sign in training: a key and its certificates in PEM files. */
  readonly key: string | null;
  readonly cert: string | null;
  /** sign in training: both in one PKCS#12 file. */
  readonly p12: string | null;
}

/** Null when the line makes no sense. */
export function parse(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Asked | null {
  const parsed = parsedOrNull(argv);
  if (!parsed) return null;
  const { values, positionals } = parsed;
  const language = values.lang ?? 'vi';
  if (language !== 'vi' && language !== 'en') return null;
  const mode: Mode = values.training ? 'training' : 'real';
  const at = values.at === undefined ? null : instantOf(values.at);
  if (Number.isNaN(at)) return null;
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
    files: {
      content: values.content ?? null,
      anchors: values.anchors ?? null,
      at,
      out: values.out ?? null,
      enveloping: values.enveloping ?? false,
      inside: values.inside ?? false,
      stamp: values.stamp ?? null,
      certificate: values.certificate ?? null,
      module: values.module ?? null,
      key: values.key ?? null,
      cert: values.cert ?? null,
      p12: values.p12 ?? null,
    },
  };
}

/** `2026-11-22`, `2026-11-22T10:30` or with a zone; without one in Vietnam's. NaN: no time. */
function instantOf(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (match === null) return Number.NaN;
  const [, date = '', time = '00:00', zone = '+07:00'] = match;
  return Date.parse(`${date}T${time}${zone}`);
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
        content: { type: 'string' },
        anchors: { type: 'string' },
        at: { type: 'string' },
        out: { type: 'string' },
        enveloping: { type: 'boolean' },
        inside: { type: 'boolean' },
        stamp: { type: 'string' },
        certificate: { type: 'string' },
        module: { type: 'string' },
        key: { type: 'string' },
        cert: { type: 'string' },
        p12: { type: 'string' },
      },
    });
  } catch {
    return null;
  }
}
