// Which login session has which token open. The tokens room ends a session after the idle limit or when the token is
// pulled out; here it ends when the page is locked or somebody else logs in. Nothing of a PIN is kept.
import type { Log } from '../../store/room.ts';
import type { TokenDesk, TokenSession } from '../tokens/index.ts';
import type { SigningKey } from '../types.ts';
import type { Known } from './signers.ts';

export interface Opened {
  readonly token: TokenSession;
  readonly known: Known;
  readonly key: SigningKey;
}

export interface OpenedTokens {
  /** Null when no PIN was given, or its session is over. */
  of(loginSession: string): Opened | null;
  /** In place of what this login session had open. */
  keep(loginSession: string, token: TokenSession, known: Known): void;
  drop(loginSession: string): void;
  /** Ends those of login sessions that are not at work any more. */
  sweep(isAtWork: (loginSession: string) => boolean): void;
  close(): void;
}

export function openOpenedTokens(needs: {
  readonly tokens: TokenDesk;
  /** The pages show at once that the PIN has to be given again. */
  changed(): void;
  readonly log: Log;
}): OpenedTokens {
  const { tokens, log } = needs;
  const opened = new Map<string, { readonly session: string; readonly known: Known }>();
  const stopListening = tokens.onEnd(({ session }, why) => {
    for (const [login, one] of opened) if (one.session === session) opened.delete(login);
    log('info', 'a token was closed', { why });
    needs.changed();
  });
  const drop = (login: string): void => {
    const one = opened.get(login);
    opened.delete(login);
    if (one) void tokens.lock(one.session);
  };

  return {
    of(login) {
      const one = opened.get(login);
      const token = one ? tokens.session(one.session) : null;
      const key = one ? tokens.key(one.session) : null;
      return one && token && key ? { token, key, known: one.known } : null;
    },
    keep(login, token, known) {
      if (opened.get(login)?.session !== token.session) drop(login);
      opened.set(login, { session: token.session, known });
      needs.changed();
    },
    drop,
    sweep(isAtWork) {
      for (const login of [...opened.keys()]) if (!isAtWork(login)) drop(login);
    },
    close() {
      stopListening();
      for (const login of [...opened.keys()]) drop(login);
    },
  };
}
