// When this PC comes into reach of a network: no need to wait for the next try at whoever could not be reached.
import { networkInterfaces } from 'node:os';

/** Plugging a cable in or coming into reach of the wireless network shows as a new address. */
export function watchNetwork(everyMs: number, cameUp: () => void): () => void {
  const addresses = (): string[] =>
    Object.values(networkInterfaces()).flatMap((cards) => (cards ?? []).map((card) => card.address));
  let before = new Set(addresses());
  const timer = setInterval(() => {
    const now = addresses();
    const isNew = now.some((address) => !before.has(address));
    before = new Set(now);
    if (isNew) cameUp();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
