// The one door between the pages and the rooms: size, method, session, permission, parse in, handler, parse out.
// Whatever comes in, a Result goes out; what a person sees is a code and an i18n key, never a stack.

import { fail, type Procedure, type Result } from '../../shared/api/contract.ts';
import { contract, type Method } from '../../shared/api/index.ts';
import type { Permission } from '../../shared/api/permissions.ts';
import { failureOf } from '../store/faults.ts';
import type { Caller, Context, Log, Visitor } from '../store/room.ts';
import { fieldErrors } from './field-errors.ts';
import { tooLarge } from './input-size.ts';

/** What the router knows of whoever sits at a page. */
export interface SignedIn {
  readonly caller: Caller;
  readonly locked: boolean;
  readonly mustChangePassword: boolean;
}

/** A handler once its method has been looked up: parsed input in, Result out. */
export type AnyHandler = (input: unknown, ctx: Context) => Result<unknown> | Promise<Result<unknown>>;
export type AnyVisitorHandler = (
  input: unknown,
  visitor: Visitor,
) => Result<unknown> | Promise<Result<unknown>>;

export interface RouterDeps {
  /** Answers that need no session and no open store; looked up first. */
  visitorHandler(method: Method): AnyVisitorHandler | undefined;
  /** Undefined when no area answers this method. */
  handler(method: Method): AnyHandler | undefined;
  storeIsOpen(): boolean;
  signedIn(client: string): SignedIn | null;
  /** A command is a sign of life: keeps the auto-lock away. */
  touch(client: string): void;
  /** The patient an input is about, from its `patientId` or `admissionId`. */
  patientOf(input: unknown): string | null;
  /** Whether this person has opened this patient's chart with a reason. */
  glassBroken(caller: Caller, patientId: string): boolean;
  logRead(caller: Caller, method: Method, patientId: string, breakGlass: boolean): void;
  undo(caller: Caller, action: (ctx: Context) => Result<unknown>): string;
  now(): number;
  log: Log;
}

export type Route = (client: string, method: unknown, input: unknown) => Promise<Result<unknown>>;

export function createRouter(deps: RouterDeps): Route {
  return async (client, method, input) => {
    try {
      return await route(deps, client, method, input);
    } catch (bug) {
      // a full, read-only or failing disk is no bug and has its own sentence
      const failure = failureOf(bug);
      if (failure) return { ok: false, error: failure };
      deps.log('error', 'a method failed', {
        method: isMethod(method) ? method : '?',
        bug: withoutData(bug),
      });
      return fail('internal');
    }
  };
}

async function route(
  deps: RouterDeps,
  client: string,
  method: unknown,
  input: unknown,
): Promise<Result<unknown>> {
  if (!isMethod(method)) return fail('unknown_method');
  const size = tooLarge(input);
  if (size) return fail(size);
  const procedure: Procedure = contract[method];
  const visitorHandler = deps.visitorHandler(method);
  if (visitorHandler) {
    const parsed = parseIn(procedure, input);
    if (!parsed.ok) return parsed;
    const caller = deps.signedIn(client)?.caller ?? null;
    const visitor: Visitor = { client, caller, now: deps.now };
    return parseOut(deps, method, procedure, await visitorHandler(parsed.value, visitor));
  }

  const signedIn = deps.signedIn(client);
  const allowed = mayEnter(procedure, signedIn);
  if (!allowed.ok) return allowed;

  const caller = signedIn?.caller ?? nobody;
  // Permission comes before parsing, so that a role learns nothing about methods it may not use …
  const wanted = permissionOf(procedure);
  const byRole = wanted === null || caller.permissions.has(wanted);
  if (!byRole && !glassCovers(wanted)) return fail('not_allowed');
  const handler = deps.handler(method);
  if (!handler && !byRole) return fail('not_allowed');
  if (!handler) {
    if (!deps.storeIsOpen()) return fail('store_closed');
    deps.log('warn', 'no area answers this method', { method });
    return fail('unknown_method');
  }
  const parsed = parseIn(procedure, input);
  if (!parsed.ok) return byRole ? parsed : fail('not_allowed');
  // … and an opened chart is opened for one patient only, whom the input must name.
  const patientId = deps.patientOf(parsed.value);
  const breakGlass = patientId !== null && signedIn !== null && deps.glassBroken(caller, patientId);
  if (!byRole && !breakGlass) return fail('not_allowed');

  if (procedure.kind === 'command' && signedIn) deps.touch(client);
  const ctx: Context = {
    caller,
    now: deps.now,
    can: (permission) => caller.permissions.has(permission) || (breakGlass && glassCovers(permission)),
    undo: (action) => deps.undo(caller, action),
  };
  const answer = parseOut(deps, method, procedure, await handler(parsed.value, ctx));
  if (answer.ok && procedure.logsRead && patientId !== null && signedIn)
    deps.logRead(caller, method, patientId, !byRole);
  return answer;
}

/** The caller of a public procedure answered by an area, e.g. code lists during first run. */
const nobody: Caller = {
  userId: '',
  sessionId: '',
  fullName: '',
  roles: [],
  permissions: new Set(),
  wards: [],
};

const isMethod = (method: unknown): method is Method =>
  typeof method === 'string' && Object.hasOwn(contract, method);

function mayEnter(procedure: Procedure, signedIn: SignedIn | null): Result<null> {
  if (procedure.access === 'public') return { ok: true, value: null };
  if (!signedIn) return fail('not_logged_in');
  if (signedIn.locked) return fail('locked');
  if (procedure.access !== 'session' && signedIn.mustChangePassword)
    return fail('not_allowed', { messageKey: 'error.must_change_password' });
  return { ok: true, value: null };
}

function permissionOf(procedure: Procedure): Permission | null {
  return procedure.access === 'public' || procedure.access === 'session' ? null : procedure.access;
}

/** Breaking the glass opens a chart for reading; it never lets anyone write. */
const glassCovers = (permission: Permission): boolean =>
  permission === 'chart.read' || permission === 'patient.read';

function parseIn(procedure: Procedure, input: unknown): Result<unknown> {
  try {
    const parsed = procedure.input.safeParse(input ?? {}, { reportInput: true });
    if (parsed.success) return { ok: true, value: parsed.data };
    return fail('bad_input', { fields: fieldErrors(parsed.error.issues) });
  } catch (thrown) {
    // the checks themselves stumble over objects dressed as text or lists, e.g. { length: { length: -1 } }
    if (thrown instanceof TypeError || thrown instanceof RangeError) return fail('bad_input');
    throw thrown;
  }
}

function parseOut(
  deps: RouterDeps,
  method: Method,
  procedure: Procedure,
  answer: Result<unknown>,
): Result<unknown> {
  if (!answer.ok) return answer;
  const parsed = procedure.output.safeParse(answer.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  deps.log('error', 'an answer breaks the contract', {
    method,
    issues: parsed.error.issues.slice(0, 5).map((i) => `${i.path.map(String).join('.')}: ${i.code}`),
  });
  return fail('internal');
}

/** An error as it may be logged: where and what sort, without values somebody typed. */
function withoutData(bug: unknown): Record<string, unknown> {
  if (!(bug instanceof Error)) return { name: typeof bug };
  const code = 'code' in bug && typeof bug.code === 'string' ? bug.code : undefined;
  const frames = (bug.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  // SQLite names tables and columns, never the values bound to them
  const message = bug.name === 'SqliteError' ? bug.message : undefined;
  return { name: bug.name, code, message, frames: frames.slice(0, 12).map((line) => line.trim()) };
}
