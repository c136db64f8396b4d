// How the page reaches the core: the desktop preload when there is one, else the loopback host's HTTP door.
// Nothing above this file knows which of the two it is talking to.
import type { Bridge, EventMessage, Method } from '../../shared/api/index.ts';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload script; absent in the browser shell. */
    readonly tram?: Bridge;
  }
}

const lines = new Set<(up: boolean) => void>();

/** Told when the line to the core breaks, and when it is whole again and changes may have been missed. */
export function watchLine(listener: (up: boolean) => void): () => void {
  lines.add(listener);
  return () => lines.delete(listener);
}

/** How long to wait before trying a closed line again. */
const lineRetryMs = 3_000;

export const bridge: Bridge = window.tram ?? httpBridge();

/** Characters: the Fetch standard lets 64 KiB outlive a page, and a Vietnamese letter has up to three bytes. */
const keptAlive = 20_000;

/**
 * The browser shell: `POST /rpc/<method>` answers a Result, `GET /events` streams EventMessages.
 * A host that does not answer is an expected failure (`core_stopped`), never a rejected promise.
 */
function httpBridge(): Bridge {
  return {
    async invoke(method: Method, input: unknown) {
      try {
        const body = JSON.stringify(input);
        const response = await fetch(`rpc/${method}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          // typing that is flushed when the page goes away must outlive it
          keepalive: method === 'drafts.save' && body.length <= keptAlive,
        });
        return await response.json();
      } catch {
        return { ok: false, error: { code: 'core_stopped', messageKey: 'error.core_stopped' } };
      }
    },
    subscribe(listener) {
      let broken = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let source = open();
      function open(): EventSource {
        const line = new EventSource('events');
        line.onmessage = (message: MessageEvent<string>) => {
          const parsed: EventMessage = JSON.parse(message.data);
          listener(parsed);
        };
        line.onopen = () => {
          if (broken) for (const tell of lines) tell(true);
          broken = false;
        };
        line.onerror = () => {
          if (!broken) for (const tell of lines) tell(false);
          broken = true;
          // The browser tries again by itself, but gives up after a refusal.
          if (line.readyState !== EventSource.CLOSED) return;
          clearTimeout(timer);
          timer = setTimeout(() => {
            source = open();
          }, lineRetryMs);
        };
        return line;
      }
      return () => {
        clearTimeout(timer);
        source.close();
      };
    },
  };
}
