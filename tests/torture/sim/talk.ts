// First words between two simulated places, and the session that follows: all of it the protocol's own code.
import { answerHello, judgeWelcome, makeHello } from '../../../shared/sync/greet.ts';
import { feedKey } from '../../../shared/sync/port.ts';
import { createSession } from '../../../shared/sync/session.ts';
import type { Hello, Session, Welcome } from '../../../shared/sync/session-types.ts';
import { sha256 } from './frames.ts';
import { newIncarnation } from './log-writes.ts';
import { headsOf } from './memory-log.ts';
import { type Place, type Surroundings, storeOf, wallOf } from './place.ts';

const APP = 'sim';

export function helloOf(from: Place, to: Place): Hello {
  const { log } = from;
  const known = log.cursors.get(to.log.station);
  return makeHello(
    {
      station: log.station,
      incarnation: log.incarnation,
      heads: headsOf(log),
      known: known ? { logId: known.logId, cursors: known.at } : null,
      dictionaries: [],
      app: APP,
      mode: from.deliverOnly ? 'deliver' : 'both',
    },
    sha256,
  );
}

/** Null: it does not want to talk. */
export async function welcomeOf(to: Place, hello: Hello, around: Surroundings): Promise<Welcome | null> {
  const revoked = to.revoked.has(hello.station);
  // a hub sends a revoked station on to the province
  if (revoked && !to.isProvince) return null;
  const answer = await answerHello(
    hello,
    {
      station: to.log.station,
      isProvince: to.isProvince,
      store: storeOf(to, around, revoked),
      dictionaries: [],
      app: APP,
      mode: revoked ? 'deliver' : 'both',
      wall: () => wallOf(to, around.now()),
    },
    sha256,
  );
  return 'welcome' in answer ? answer.welcome : null;
}

export const sessionOf = (place: Place, around: Surroundings, hello: Hello, welcome: Welcome): Session =>
  createSession({
    role: 'responder',
    hello,
    welcome,
    held: [],
    rate: null,
    now: around.now(),
    wall: () => wallOf(place, around.now()),
    sha256,
  });

/** Null: the initiator does not like what it heard. */
export async function begunBy(
  from: Place,
  around: Surroundings,
  hello: Hello,
  welcome: Welcome,
): Promise<Session | null> {
  const { log } = from;
  const remembered = [...(log.held.get(welcome.station)?.values() ?? [])];
  const judged = await judgeWelcome(hello, welcome, remembered, storeOf(from, around, false), sha256);
  if (judged.verdict === 'end') return null;
  for (const head of judged.regressed) {
    around.count('peer regressed');
    log.held.get(welcome.station)?.delete(feedKey(head));
    if (welcome.isProvince) log.atProvince.delete(feedKey(head));
  }
  if (judged.amnesia) {
    around.count('new incarnation');
    newIncarnation(log, judged.amnesia.incarnation);
    // greets anew under it, as electron/sync/call.ts does
    return null;
  }
  return createSession({
    role: 'initiator',
    hello,
    welcome,
    held: judged.held,
    rate: null,
    now: around.now(),
    wall: () => wallOf(from, around.now()),
    sha256,
    resync: judged.resync,
  });
}
