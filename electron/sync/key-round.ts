// When another PC is asked for keys of persons: once both have told each other everything, and a moment after fingers
// came in.
import type { Log } from '../store/room.ts';
import type { Keys } from './line.ts';
import type { Meeting } from './meeting.ts';
import { answerForKeys, askForKeys, type PersonKeyPlace } from './person-keys.ts';
import type { Trust } from './trust.ts';

/** The key is made with the first finger, and several fingers come at once. */
const SOON_MS = 1_500;

export interface KeyRound {
  /** Both ends of this one know everything. */
  with(meeting: Meeting): void;
  /** Fingers came in. */
  soon(): void;
  asked(question: Uint8Array, station: string): Uint8Array | null;
  close(): void;
}

export function openKeyRound(parts: {
  readonly station: string;
  place(): PersonKeyPlace | null;
  keys(): Keys | null;
  readonly trust: Trust;
  meetings(): readonly Meeting[];
  readonly log: Log;
}): KeyRound {
  const { station, trust, log } = parts;
  /** Peers that are being asked: two questions at once would bring everything twice. */
  const asking = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  return {
    with: ask,
    soon() {
      if (timer || closed) return;
      timer = setTimeout(() => {
        timer = null;
        for (const meeting of parts.meetings()) ask(meeting);
      }, SOON_MS);
      timer.unref();
    },
    asked: (question, asker) =>
      answerForKeys(question, { station: asker, certificatePem: certificateOf(asker) }, parts.place(), log),
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };

  function ask(meeting: Meeting): void {
    const place = parts.place();
    const own = parts.keys();
    // the province has no keys, and is not to have any
    if (closed || !place || !own || meeting.peer === 'province' || asking.has(meeting.peer)) return;
    asking.add(meeting.peer);
    askForKeys(meeting.lookup, { keyPem: own.keyPem, station }, place)
      .then((came) => {
        if (came > 0) log('info', 'keys of persons came from another PC', { peer: meeting.peer, keys: came });
      })
      .catch((bug: unknown) =>
        log('error', 'asking for keys of persons failed', { name: bug instanceof Error ? bug.name : '' }),
      )
      .finally(() => asking.delete(meeting.peer));
  }

  function certificateOf(asker: string): string | null {
    const known = trust.all().find(({ id }) => id === asker);
    return known && known.revokedAt === null ? known.certificate : null;
  }
}
