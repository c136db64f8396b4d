// Finding the hub on the LAN by multicast DNS, so that nobody has to type an address. What is heard is only a hint
// where to call: the key of whoever answers there decides. Networks without multicast are no error.
import multicastDns from 'multicast-dns';
import type { Log } from '../store/room.ts';

const SERVICE = '_tram._tcp.local';
const TTL_S = 120;
/** Asked at once, soon again because the first packet often goes missing, then now and then. */
const ASK_AT_MS = [0, 1_000, 3_000, 10_000] as const;
const ASK_EVERY_MS = 60_000;
const GOODBYE_MS = 50;
/** Unheard for so long, a hub is gone. */
const FORGET_MS = 3 * 60_000;
/** Anybody on the LAN may say anything. */
const MAX_HEARD = 200;

export interface Heard {
  readonly station: string;
  /** First 16 hex digits of SHA-256 over the center's id. */
  readonly center: string;
  readonly host: string;
  readonly port: number;
  readonly stationName: string;
  readonly centerName: string;
}

export interface Announced extends Omit<Heard, 'host'> {}

export interface Discovery {
  heard(): readonly Heard[];
  /** Null: stop announcing. */
  announce(what: Announced | null): void;
  ask(): void;
  close(): Promise<void>;
}

export type OpenMulticast = () => ReturnType<typeof multicastDns>;

/** Of a PC that neither listens nor is heard. */
export const deafAndDumb: Discovery = {
  heard: () => [],
  announce() {},
  ask() {},
  async close() {},
};

export function openDiscovery(parts: {
  now(): number;
  /** A hub was heard for the first time, at another address, or said goodbye. */
  changed(): void;
  readonly log: Log;
  readonly multicast?: OpenMulticast;
}): Discovery {
  const known = new Map<string, Heard & { readonly at: number }>();
  let announced: Announced | null = null;
  let failed = false;
  const mdns = open();
  const timers = ASK_AT_MS.map((ms) => setTimeout(ask, ms));
  const often = setInterval(() => {
    ask();
    if (announced) say(announced, TTL_S);
  }, ASK_EVERY_MS);
  for (const timer of [...timers, often]) timer.unref();

  return {
    heard() {
      for (const [station, one] of known) if (parts.now() - one.at > FORGET_MS) known.delete(station);
      return [...known.values()];
    },
    announce(what) {
      if (announced && !what) say(announced, 0);
      announced = what;
      if (what) say(what, TTL_S);
    },
    ask,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      clearInterval(often);
      if (announced) {
        say(announced, 0);
        // the packet leaves before its socket is closed
        await new Promise((resolve) => setTimeout(resolve, GOODBYE_MS));
      }
      await new Promise<void>((resolve) => {
        if (!mdns || failed) return resolve();
        // a socket that never came up does not close either
        const late = setTimeout(resolve, 500);
        late.unref();
        mdns.destroy(() => resolve());
      });
    },
  };

  function open(): ReturnType<OpenMulticast> | null {
    try {
      const made = (parts.multicast ?? multicastDns)();
      made.on('error', fail);
      made.on('warning', () => {});
      made.on('query', (query) => {
        if (announced && query.questions.some((q) => q.name === SERVICE)) say(announced, TTL_S);
      });
      made.on('response', (response, from) => {
        hear([...response.answers, ...response.additionals], from.address);
      });
      return made;
    } catch (error) {
      fail(error);
      return null;
    }
  }

  function fail(error: unknown): void {
    if (failed) return;
    failed = true;
    parts.log('warn', 'hubs on this network cannot be looked for; their address can be typed', {
      name: error instanceof Error ? error.message : '',
    });
  }

  function ask(): void {
    if (failed) return;
    safely(() => mdns?.query([{ name: SERVICE, type: 'PTR' }]));
  }

  function say(what: Announced, ttl: number): void {
    if (failed) return;
    const name = `${what.station}.${SERVICE}`;
    const data = [
      'v=1',
      `s=${what.station}`,
      `c=${what.center}`,
      `n=${what.stationName.slice(0, 60)}`,
      `o=${what.centerName.slice(0, 60)}`,
    ];
    safely(() =>
      mdns?.respond([
        { name: SERVICE, type: 'PTR', ttl, data: name },
        { name, type: 'SRV', ttl, data: { port: what.port, target: `${what.station}.local` } },
        { name, type: 'TXT', ttl, data },
      ]),
    );
  }

  function hear(answers: readonly unknown[], host: string): void {
    for (const told of readAnnouncements(answers)) {
      if (told.ttl === 0) {
        if (known.delete(told.station)) parts.changed();
        continue;
      }
      const before = known.get(told.station);
      if (!before && known.size >= MAX_HEARD) continue;
      const { ttl: _ttl, ...heard } = told;
      known.set(told.station, { ...heard, host, at: parts.now() });
      if (!before || before.host !== host || before.port !== told.port) parts.changed();
    }
  }

  /** The network may go away between any two packets. */
  function safely(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  }
}

/** Packets come from anybody: whatever is not exactly an announcement of a hub is passed over. */
export function readAnnouncements(answers: readonly unknown[]): (Announced & { readonly ttl: number })[] {
  const found: (Announced & { ttl: number })[] = [];
  const ports = new Map<string, number>();
  for (const record of answers) {
    if (!isRecord(record) || record.type !== 'SRV' || !isRecord(record.data)) continue;
    if (typeof record.name === 'string' && typeof record.data.port === 'number')
      ports.set(record.name, record.data.port);
  }
  for (const record of answers) {
    if (!isRecord(record) || record.type !== 'TXT' || typeof record.name !== 'string') continue;
    const port = ports.get(record.name);
    const facts = textOf(record.data);
    const [station, center] = [facts.get('s') ?? '', facts.get('c') ?? ''];
    if (!record.name.endsWith(SERVICE) || port === undefined || port < 1 || port > 65_535) continue;
    if (facts.get('v') !== '1' || !/^[0-9a-f]{32}$/.test(station) || !/^[0-9a-f]{16}$/.test(center)) continue;
    found.push({
      station,
      center,
      port,
      stationName: facts.get('n') ?? '',
      centerName: facts.get('o') ?? '',
      ttl: typeof record.ttl === 'number' ? record.ttl : TTL_S,
    });
  }
  return found;
}

function textOf(data: unknown): Map<string, string> {
  const facts = new Map<string, string>();
  for (const part of Array.isArray(data) ? data : [data]) {
    const text =
      typeof part === 'string' ? part : part instanceof Uint8Array ? Buffer.from(part).toString() : '';
    const at = text.indexOf('=');
    if (at > 0) facts.set(text.slice(0, at), text.slice(at + 1, at + 121));
  }
  return facts;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
