// A panel that opens takes the focus; when it closes, the person goes on where they were.
import { useEffect, useState } from 'react';

/** Call in the panel itself: what had the focus before its first rendering gets it back when the panel is gone. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the panel's fields are gone from the page; whoever took the focus meanwhile keeps it.
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
        else document.getElementById('main')?.focus();
      });
    },
    [before],
  );
}
