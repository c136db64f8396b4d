// How a room answers the contract, and what it is given to do so.

import type { Result } from '../../shared/api/contract.ts';
import type { Input, Method, Output, ParsedInput } from '../../shared/api/index.ts';
import type { Permission } from '../../shared/api/permissions.ts';
import type { Author, Store } from './types.ts';

export type { Input, Method, Output, ParsedInput };

export interface Caller extends Author {
  readonly userId: string;
  readonly sessionId: string;
  readonly fullName: string;
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
  /** Empty = all wards. */
  readonly wards: readonly string[];
}

export interface Context {
  readonly caller: Caller;
  /** The PC's clock, ms since 1970 UTC; injected so tests can turn it. */
  now(): number;
  can(permission: Permission): boolean;
  /** Registers how to take this command back; the token lives 8 seconds and is for this caller only. */
  undo(action: (ctx: Context) => Result<unknown>): string;
}

export type Handler<M extends Method> = (
  input: ParsedInput<M>,
  ctx: Context,
) => Result<Output<M>> | Promise<Result<Output<M>>>;
export type Handlers = { readonly [M in Method]: Handler<M> };
/** The handlers a room or area is responsible for. */
export type HandlersOf<M extends Method> = Pick<Handlers, M>;

/** Names of people and stations, from the access room, for "who wrote this". */
export interface People {
  nameOf(userId: string | null): string;
  titleOf(userId: string | null): string | null;
  stationName(stationId: string): string;
}

export interface Deps {
  readonly store: Store;
  readonly people: People;
  now(): number;
}

/** One line in the program's own log, in English; codes, methods and ids only, never what a patient said or has. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, detail?: unknown) => void;

/** Someone at a page, perhaps not logged in, perhaps before any store is open. */
export interface Visitor {
  /** Names the page; given by the shell, never by the page. */
  readonly client: string;
  /** Whoever is logged in at this page; null before login and after logout. */
  readonly caller: Caller | null;
  now(): number;
}

/** Answers a `public` procedure that must work without a session or without an open store. */
export type VisitorHandler<M extends Method> = (
  input: ParsedInput<M>,
  visitor: Visitor,
) => Result<Output<M>> | Promise<Result<Output<M>>>;
export type VisitorHandlersOf<M extends Method> = { readonly [K in M]: VisitorHandler<K> };
