// Which frozen versions a session has had on screen, page by page: nobody signs what this session did not show them.
// In memory only: whoever comes back tomorrow reads again.

export interface SeenPapers {
  /** The bytes were handed to a page of this session. */
  fetched(sessionId: string, content: string, pages: number): void;
  /** All pages were on screen; false when the bytes were never handed over, or not so many pages. */
  read(sessionId: string, content: string, pages: number): boolean;
  hasRead(sessionId: string, content: string): boolean;
}

/** Sessions remembered; the oldest go first. */
const MOST_SESSIONS = 64;

export function openSeenPapers(): SeenPapers {
  const sessions = new Map<string, Map<string, { readonly pages: number; readonly read: boolean }>>();
  const of = (sessionId: string) => sessions.get(sessionId) ?? new Map<string, never>();
  return {
    fetched(sessionId, content, pages) {
      const mine = sessions.get(sessionId) ?? new Map<string, { pages: number; read: boolean }>();
      sessions.delete(sessionId);
      sessions.set(sessionId, mine);
      const [oldest] = sessions.keys();
      if (sessions.size > MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      if (!mine.has(content)) mine.set(content, { pages, read: false });
    },
    read(sessionId, content, pages) {
      const one = of(sessionId).get(content);
      if (one?.pages !== pages) return false;
      sessions.get(sessionId)?.set(content, { pages, read: true });
      return true;
    },
    hasRead: (sessionId, content) => of(sessionId).get(content)?.read === true,
  };
}
