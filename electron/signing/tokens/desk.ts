// The one door to tokens on this PC for the rest of the signing room: what is plugged in, a session for a PIN, a key to
// sign with. Modules live in the helper process; here is only what it told. It looks for tokens while somebody asks and
// at long intervals while one is open: drivers dislike being asked all the time.
import { fail, ok } from '../../../shared/api/contract.ts';
import type { Log } from '../../store/room.ts';
import { sha256Hex } from '../crypto.ts';
import { chainOf } from './certificates.ts';
import { type KeyRef, openHelperLine, type StartHelper } from './helper-line.ts';
import { type ModuleTable, moduleTable, type PlacesOfModules } from './module-table.ts';
import { keepSessions } from './sessions.ts';
import type { ListedToken, TokenDesk, TokenList } from './types.ts';
import { type WatchTimes, watchModules } from './watched-modules.ts';

export interface TokenDeskOptions {
  /** How this shell starts the helper. */
  readonly start: StartHelper;
  /** Paths of modules an administrator has named; asked again from time to time. */
  modulePaths(): readonly string[];
  /** ms without a signature after which a token must be opened again. */
  idleMs(): number;
  /** ms since 1970 UTC. */
  now(): number;
  readonly log: Log;
  readonly times?: Partial<TokenDeskTimes>;
  readonly machine?: PlacesOfModules;
  readonly table?: ModuleTable;
}

export interface TokenDeskTimes extends WatchTimes {
  /** For one question to a module; a signature on a slow card takes a second or two. */
  readonly deadlineMs: number;
  /** For the helper to start. */
  readonly beginMs: number;
  /** The first answer to a screen that has just been opened waits for the first look, but not for ever. */
  readonly firstLookMs: number;
}

const usualTimes: TokenDeskTimes = {
  deadlineMs: 15_000,
  beginMs: 20_000,
  firstLookMs: 4_000,
  watchMs: 30_000,
  pollMs: 1_500,
  checkMs: 5_000,
  findMs: 10_000,
  pausedMs: 120_000,
  restMs: 60_000,
};

export function openTokenDesk(options: TokenDeskOptions): TokenDesk {
  const { log, now } = options;
  const times = { ...usualTimes, ...options.times };
  const table = options.table ?? moduleTable();
  /** Tokens opened with a PIN they were sold with. */
  const soldPin = new Set<string>();
  /** A wrong PIN was typed since the last right one; not every driver tells before the last try. */
  const wrongPin = new Set<string>();
  const line = openHelperLine({
    start: options.start,
    deadlineMs: times.deadlineMs,
    beginMs: times.beginMs,
    lost,
    log,
  });
  const sessions = keepSessions<KeyRef>({
    idleMs: options.idleMs,
    now,
    close: (key) => line.close(key),
  });
  const watched = watchModules({
    line,
    table,
    named: options.modulePaths,
    machine: options.machine ?? process,
    times,
    now,
    log,
    inUse: () => sessions.all().length > 0,
    /** A batch is going on: the token is asked for nothing else. */
    signing: () => now() - sessions.lastUsed < times.pollMs,
    checkSessions,
  });

  return {
    async tokens() {
      watched.watch();
      await watched.firstLook(times.firstLookMs);
      return list();
    },
    watch: watched.watch,
    async pinKey() {
      watched.watch();
      await watched.firstLook(times.firstLookMs);
      // without a module no helper is started for nothing
      if (!watched.modules().some(({ fault }) => fault === null)) return null;
      const key = await line.pinKey();
      return key.ok ? key.value.toString('base64') : null;
    },
    async unlock(tokenId, certificateId, sealedPin, { knowing = false } = {}) {
      const token = watched.find(tokenId);
      if (!token) return fail('token_missing');
      const certificate = token.seen.certificates.find((der) => sha256Hex(der) === certificateId);
      if (!certificate) return fail('certificate_unfit');
      for (const before of sessions.all())
        if (before.tokenId === tokenId) await sessions.end(before.session, 'replaced');

      const opened = await line.open({
        file: token.file,
        serial: token.seen.serial,
        certificate: certificateId,
        sealedPin: Buffer.from(sealedPin, 'base64'),
        knowing,
        soldWith: table.defaultPins,
      });
      if (opened.ok) wrongPin.delete(tokenId);
      else if (opened.error.code === 'pin_wrong') wrongPin.add(tokenId);
      // how many tries are left has changed, or the token has gone
      await watched.lookAgain(token.file);
      if (!opened.ok) {
        if (opened.error.code !== 'pin_length') return opened;
        const { min, max } = token.seen.pinLength;
        return fail('pin_length', { params: { min, max } });
      }
      const { key, algorithms, defaultPin } = opened.value;
      if (defaultPin) soldPin.add(tokenId);
      else soldPin.delete(tokenId);
      return ok(
        sessions.add({
          tokenId,
          certificateId,
          defaultPin,
          key,
          signing: {
            certificate,
            chain: chainOf(certificate, token.seen.certificates),
            algorithms,
            async sign(data, algorithm) {
              const signed = await line.sign(key, algorithm, data);
              // the list says at once that it is gone
              if (!signed.ok) void watched.lookAgain(token.file);
              return signed;
            },
          },
        }),
      );
    },
    session: sessions.get,
    key: sessions.key,
    async lock(session) {
      const ending = session === undefined ? sessions.all().map((each) => each.session) : [session];
      await Promise.all(ending.map((each) => sessions.end(each, 'locked')));
    },
    onChange: watched.onChange,
    onEnd: sessions.onEnd,
    async close() {
      watched.close();
      await Promise.race([
        Promise.all(sessions.all().map(({ session }) => sessions.end(session, 'locked'))),
        new Promise((late) => setTimeout(late, closingMs).unref()),
      ]);
      line.end();
    },
  };

  function list(): TokenList {
    return {
      tokens: watched.tokens().map(
        ({ tokenId, maker, seen }): ListedToken => ({
          tokenId,
          label: seen.label,
          maker: maker || seen.maker,
          simulated: false,
          pin: seen.pin === 'ok' && wrongPin.has(tokenId) ? 'low' : seen.pin,
          defaultPin: seen.defaultPin || soldPin.has(tokenId),
          pinLength: seen.pinLength,
          certificates: seen.certificates,
        }),
      ),
      modules: watched.modules(),
    };
  }

  /** Ends those whose token is not there any more. */
  async function checkSessions(present: ReadonlySet<string> | null): Promise<void> {
    for (const { session, tokenId, key } of sessions.all()) {
      const gone = present ? !present.has(tokenId) : !(await line.check(key)).ok;
      if (gone) await sessions.end(session, 'removed');
    }
  }

  function lost(): void {
    for (const { session } of sessions.all()) void sessions.end(session, 'failed');
    watched.forget();
  }
}

/** A module that hangs does not hold up the program's end. */
const closingMs = 2_000;
