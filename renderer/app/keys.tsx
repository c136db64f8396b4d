// Keyboard shortcuts in layers: an open dialog or drawer hides the keys of what lies beneath, so a key never
// acts on something the person cannot see. Nothing acts while an input method is composing (Windows Telex).
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';

/** `F9`, `Ctrl+S`, `Ctrl+Enter`, `Escape`, `Alt+1`: the names printed on the buttons. */
export type Keys = Readonly<Record<string, ((event: KeyboardEvent) => void) | undefined>>;

interface Handler {
  readonly depth: number;
  readonly keys: { current: Keys };
}

const handlers: Handler[] = [];
const openLayers: number[] = [];
const Depth = createContext(0);

/** Acts on keys while mounted and uppermost. Of two handlers in one layer the later mounted wins. */
export function useKeys(keys: Keys): void {
  const depth = useContext(Depth);
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const handler: Handler = { depth, keys: current };
    handlers.push(handler);
    return () => {
      handlers.splice(handlers.indexOf(handler), 1);
    };
  }, [depth]);
}

/** Wraps the content of a dialog or drawer: while mounted, keys of the layers below rest. */
export function KeyLayer({ children }: { children: ReactNode }) {
  const outer = useContext(Depth);
  const [depth] = useState(outer + 1);
  useEffect(() => {
    openLayers.push(depth);
    return () => {
      openLayers.splice(openLayers.indexOf(depth), 1);
    };
  }, [depth]);
  return <Depth.Provider value={depth}>{children}</Depth.Provider>;
}

/** True while an input method is composing; such a keydown belongs to it alone. */
export const composing = (event: { isComposing: boolean; keyCode: number }): boolean =>
  event.isComposing || event.keyCode === 229;

/** Name of a key press as printed on buttons, e.g. `Ctrl+S`. */
export function keyName(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey && key.length > 1 ? 'Shift+' : ''}${key}`;
}

window.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || composing(event)) return;
  const top = Math.max(0, ...openLayers);
  const name = keyName(event);
  for (const { depth, keys } of handlers.toReversed()) {
    const act = depth === top ? keys.current[name] : undefined;
    if (!act) continue;
    event.preventDefault();
    act(event);
    return;
  }
});
