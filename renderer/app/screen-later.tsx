// A screen whose code is loaded when first opened, or before, while nobody needs the PC. Loaded ahead it opens at
// once: React keeps a waiting sign, once shown, for 300 ms, longer than a whole chart takes.
import { type ComponentType, lazy, useState } from 'react';

export interface LaterScreen {
  readonly Screen: ComponentType;
  /** Fetches the code now. Never rejects: opening the screen will say what is wrong. */
  readonly load: () => Promise<void>;
}

export function screenLater(fetchCode: () => Promise<{ default: ComponentType }>): LaterScreen {
  let loaded: ComponentType | null = null;
  const fetchAndKeep = async () => {
    const code = await fetchCode();
    loaded = code.default;
    return code;
  };
  const Waiting = lazy(fetchAndKeep);
  return {
    // chosen once for as long as it is open: another component in its place would forget what was typed
    Screen: function Screen() {
      const [Chosen] = useState(() => loaded ?? Waiting);
      return <Chosen />;
    },
    load: () =>
      fetchAndKeep().then(
        () => {},
        () => {},
      ),
  };
}

/** One after the other, each when the page has nothing else to do; answers the way to stop. */
export function loadWhenIdle(screens: readonly LaterScreen[]): () => void {
  let stopped = false;
  let waiting = 0;
  const next = (index: number): void => {
    const screen = screens[index];
    if (!screen || stopped) return;
    waiting = requestIdleCallback(() => void screen.load().then(() => next(index + 1)));
  };
  next(0);
  return () => {
    stopped = true;
    cancelIdleCallback(waiting);
  };
}
