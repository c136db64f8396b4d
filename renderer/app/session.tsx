// Who sits at the screen. One query holds the session; everything that depends on a person reads it from here.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Output } from '../../shared/api/index.ts';
import type { Permission } from '../../shared/api/permissions.ts';
import { queryClient } from './api.ts';

export type Session = NonNullable<Output<'access.session'>['session']>;

interface SessionView {
  readonly session: Session;
  /** True when one of the person's roles grants the permission. The core checks again; this only hides what would fail. */
  readonly can: (permission: Permission) => boolean;
}

const SessionContext = createContext<SessionView | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  const view = useMemo<SessionView>(() => {
    const held: ReadonlySet<Permission> = new Set(session.permissions);
    return { session, can: (permission) => held.has(permission) };
  }, [session]);
  return <SessionContext.Provider value={view}>{children}</SessionContext.Provider>;
}

/** The logged-in person. Only for parts inside the frame, where there always is one. */
export function useSession(): SessionView {
  const view = useContext(SessionContext);
  if (!view) throw new Error('useSession is used outside the frame');
  return view;
}

/** Takes a fresh session from a login, unlock or preference answer without asking again. */
export function rememberSession(session: Session | null): void {
  queryClient.setQueryData(['access.session', {}], { session });
}
