// The one agreement between page and core: how a procedure is described and what its caller gets back.
// The page imports types from here only; schemas stay on the core's side of the door.
import type * as z from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Permission } from './permissions.ts';

/**
 * Who may call a procedure.
 * `public`: anyone at the screen, before login. `session`: any logged-in, unlocked person.
 * Otherwise the permission one of the person's roles must grant.
 */
export type Access = 'public' | 'session' | Permission;

export interface Procedure<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'query' | 'command';
  readonly access: Access;
  readonly input: I;
  readonly output: O;
  /** What shows the chart of one person, or puts it on paper, is logged; the input names them, their stay, paper or job. */
  readonly logsRead?: boolean;
}

interface Options {
  logsRead?: boolean;
}

export function query<I extends z.ZodType, O extends z.ZodType>(
  access: Access,
  input: I,
  output: O,
  options: Options = {},
): Procedure<I, O> & { readonly kind: 'query' } {
  return { kind: 'query', access, input, output, ...options };
}

export function command<I extends z.ZodType, O extends z.ZodType>(
  access: Access,
  input: I,
  output: O,
  options: Options = {},
): Procedure<I, O> & { readonly kind: 'command' } {
  return { kind: 'command', access, input, output, ...options };
}

/** Expected failures are values: a stable code, an i18n key, the fields at fault. No stack crosses. */
export interface Failure {
  readonly code: ErrorCode;
  /** i18n key of the Vietnamese sentence that says what to do next; always `error.<code>` or more special. */
  readonly messageKey: string;
  /** Values for the sentence's blanks. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Input field path (dots) → i18n key of its own sentence. */
  readonly fields?: Readonly<Record<string, string>>;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export function fail(
  code: ErrorCode,
  more: Partial<Omit<Failure, 'code'>> = {},
): { ok: false; error: Failure } {
  return { ok: false, error: { code, messageKey: `error.${code}`, ...more } };
}
