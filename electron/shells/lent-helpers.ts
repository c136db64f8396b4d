// Helper processes for makers' libraries (fingerprint readers, tokens), when only the shell can start them: Electron's
// program refuses to act as Node, and its utility processes are started by its main thread. The core's thread asks by
// message; what its helpers say comes back the same way. Both ends are here.
import type { HelperProcess, StartHelper } from '../core.ts';
import type { FromCore, HelperKind, HelperNews, HelperOrder, ToCore } from './core-protocol.ts';

/** The shell's end. */
export interface LentHelpers {
  asked(id: number, order: HelperOrder): void;
  /** The core's thread that asked for them is gone. */
  endAll(): void;
}

export function lendHelpers(
  start: Readonly<Record<HelperKind, StartHelper>> | undefined,
  tell: (message: ToCore) => void,
): LentHelpers {
  const helpers = new Map<number, HelperProcess>();

  return {
    asked(id, order) {
      if (order.do === 'start') startOne(id, order.kind);
      else if (order.do === 'send') helpers.get(id)?.send(order.message);
      else helpers.get(id)?.kill();
    },
    endAll() {
      for (const helper of helpers.values()) helper.kill();
      helpers.clear();
    },
  };

  function startOne(id: number, kind: HelperKind): void {
    const news = (told: HelperNews): void => {
      if (helpers.has(id)) tell({ type: 'helper', id, news: told });
    };
    const helper = start?.[kind]();
    if (!helper) {
      tell({ type: 'helper', id, news: { about: 'ended', how: 'not started' } });
      return;
    }
    helpers.set(id, helper);
    helper.onMessage((message) => {
      news({ about: 'message', message });
      // the thread has its own copy by now, and a picture may be in this one
      wipeBytes(message);
    });
    helper.onEnd((how) => {
      news({ about: 'ended', how });
      helpers.delete(id);
    });
  }
}

/** The core's end. */
export interface BorrowedHelpers {
  start(kind: HelperKind): StartHelper;
  heard(id: number, news: HelperNews): void;
}

export function borrowHelpers(tell: (message: FromCore) => void): BorrowedHelpers {
  const helpers = new Map<number, { message(message: unknown): void; end(how: string): void }>();
  let nextId = 1;

  return {
    start: (kind) => () => {
      const id = nextId++;
      const say = (order: HelperOrder): void => tell({ type: 'helper', id, order });
      const messageListeners = new Set<(message: unknown) => void>();
      const endListeners = new Set<(how: string) => void>();
      helpers.set(id, {
        message: (message) => {
          for (const listener of messageListeners) listener(message);
        },
        end: (how) => {
          for (const listener of endListeners) listener(how);
        },
      });
      say({ do: 'start', kind });
      return {
        pid: undefined,
        send: (message) => say({ do: 'send', message }),
        onMessage: (listener) => void messageListeners.add(listener),
        onEnd: (listener) => void endListeners.add(listener),
        kill: () => say({ do: 'kill' }),
      };
    },
    heard(id, news) {
      if (news.about === 'message') helpers.get(id)?.message(news.message);
      else {
        helpers.get(id)?.end(news.how);
        helpers.delete(id);
      }
    },
  };
}

function wipeBytes(message: unknown): void {
  if (typeof message !== 'object' || message === null) return;
  for (const value of Object.values(message)) if (value instanceof Uint8Array) value.fill(0);
}
