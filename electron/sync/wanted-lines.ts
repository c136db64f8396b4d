// Whom this PC should be calling now: the province, addresses typed by hand, and hubs heard on the LAN.
import type { OpenStore } from '../store/types.ts';
import { type Address, readAddress } from './address.ts';
import type { Book } from './book.ts';
import type { keepCalling } from './caller.ts';
import type { Discovery } from './discovery.ts';
import { readSetting } from './settings.ts';
import { printOf, type Trust } from './trust.ts';

/** Where a line goes and who may answer there. */
export type Where = Pick<Parameters<typeof keepCalling>[0], 'addresses' | 'expected' | 'who'>;

/** By the caller's name: `province`, `address:<host:port>` or a station's id. */
export function wantedLines({
  store,
  book,
  trust,
  heard,
  serves,
}: {
  readonly store: OpenStore;
  readonly book: Book;
  readonly trust: Trust;
  /** Hubs of our center. */
  readonly heard: Discovery['heard'];
  /** This PC is a hub itself. */
  readonly serves: boolean;
}): Map<string, Where> {
  const wanted = new Map<string, Where>();
  const province = book.peer('province');
  if (province?.address && printOf(province.certificate))
    wanted.set('province', {
      addresses: () => addressesOf([book.peer('province')?.address]),
      expected: () => printOf(book.peer('province')?.certificate ?? null),
      who(fingerprint) {
        const there = book.peer('province');
        return fingerprint === printOf(there?.certificate ?? null)
          ? { peer: 'province', station: there?.station ?? null }
          : null;
      },
    });
  if (trust.isRevoked()) return wanted;
  for (const typed of readSetting(store, 'syncAddresses'))
    wanted.set(`address:${typed}`, {
      addresses: () => addressesOf([typed]),
      expected: () => null,
      who: (fingerprint) => (fingerprint === null ? null : trust.calleeBy(fingerprint)),
    });
  for (const { station } of heard()) {
    // two hubs hear each other: one of them calls
    if (!trust.mayTalkTo(station) || (serves && station > store.station.id)) continue;
    wanted.set(station, {
      addresses: () =>
        heard()
          .filter((one) => one.station === station)
          .map(({ host, port }) => ({ host, port, plain: false })),
      expected: () => printOf(trust.all().find((one) => one.id === station)?.certificate ?? null),
      who(fingerprint) {
        const callee = fingerprint === null ? null : trust.calleeBy(fingerprint);
        return callee?.peer === station ? callee : null;
      },
    });
  }
  return wanted;
}

function addressesOf(typed: readonly (string | null | undefined)[]): Address[] {
  return typed.flatMap((one) => (one ? (readAddress(one) ?? []) : []));
}
