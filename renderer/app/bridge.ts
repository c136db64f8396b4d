// How the page reaches the core: the desktop preload when there is one, else the loopback host's HTTP door.
// Nothing above this file knows which of the two it is talking to.
import type { Bridge, EventMessage, Method } from '../../shared/api/index.ts';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload script; absent in the browser shell. */
    readonly tram?: Bridge;
  }
}

export const bridge: Bridge = window.tram ?? httpBridge();

/**
 * The browser shell: `POST /rpc/<method>` answers a Result, `GET /events` streams EventMessages.
 * A host that does not answer is an expected failure (`core_stopped`), never a rejected promise.
 */
function httpBridge(): Bridge {
  return {
    async invoke(method: Method, input: unknown) {
      try {
        const response = await fetch(`rpc/${method}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
        });
        return await response.json();
      } catch {
        return { ok: false, error: { code: 'core_stopped', messageKey: 'error.core_stopped' } };
      }
    },
    subscribe(listener) {
      const source = new EventSource('events');
      source.onmessage = (message: MessageEvent<string>) => {
        const parsed: EventMessage = JSON.parse(message.data);
        listener(parsed);
      };
      return () => source.close();
    },
  };
}
