// The time on the screen, moved forward now and then, so that "3 minutes ago" does not lie.
import { useEffect, useState } from 'react';

/** ms since 1970 UTC, renewed every `everyMs`. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
