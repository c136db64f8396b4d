// Training mode's sync, in the core's thread: joins the center to the pretend province, this PC to the first station
// if it is the second one, and passes on what people turn and press. Province and stations are the shell's to start.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import type { Core, TrainingSync } from '../core.ts';
import { TRAINING_PASSWORD } from '../training/center.ts';
import { trainingAccounts } from '../training/create.ts';
import type { FromCore, ToCore, TrainingNews, TrainingQuestion, TrainingStart } from './core-protocol.ts';
import type { Log } from './log.ts';

export interface TrainingDesk {
  readonly sync: TrainingSync;
  heard(message: Extract<ToCore, { type: 'trainingAnswer' | 'trainingNews' }>): void;
  /** Once, when the core answers calls. */
  started(core: Core): Promise<void>;
}

/** While the line is cut nobody can be enrolled; the next try is made then, or when the line changes. */
const enrolAgainMs = 5_000;
const lookEveryMs = 100;
/** Ours: the whole record of the training center over loopback takes seconds. */
const joinWithinMs = 120_000;
const secondName = 'Máy thứ hai';
/** No session of a page has this name. */
const client = 'training';

export function openTrainingDesk(
  start: TrainingStart,
  tell: (message: FromCore) => void,
  log: Log,
): TrainingDesk {
  const listeners = new Set<() => void>();
  const pending = new Map<number, (answer: Result<{ address: string }>) => void>();
  let nextId = 1;
  let line = start.line;
  let open: Parameters<TrainingSync['opened']>[0] | null = null;
  let province: Extract<TrainingNews, { about: 'province' }> | null = null;
  let enrolling = false;
  let again: NodeJS.Timeout | undefined;

  return {
    sync: {
      line: () => line,
      setLine(to) {
        turned(to);
        void ask({ about: 'line', line: to });
      },
      onLine: (listener) => void listeners.add(listener),
      async secondStation(invite) {
        const invited = await invite();
        if (!invited.ok) return invited;
        const [address] = invited.value.addresses;
        return address === undefined
          ? fail('internal')
          : ask({ about: 'second', hub: { address, code: invited.value.code } });
      },
      opened(sync) {
        open = sync;
        // where the first one serves may be another port than last time
        if (start.hub) void sync.saveHub({ addresses: [start.hub.address] });
        void ask({ about: 'opened', provinceAt: sync.facts().province?.address ?? null });
        void enrol();
      },
    },
    heard(message) {
      if (message.type === 'trainingNews') return news(message.news);
      pending.get(message.id)?.(message.answer);
      pending.delete(message.id);
    },
    async started(core) {
      if (!start.hub) return;
      const result = await joinFirst(core, start.hub);
      await ask({ about: 'ready', result });
      if (result.ok) await letEverybodyIn(core);
    },
  };

  function ask(question: TrainingQuestion): Promise<Result<{ address: string }>> {
    const id = nextId++;
    return new Promise((resolve) => {
      pending.set(id, resolve);
      tell({ type: 'training', id, question });
    });
  }

  function news(what: TrainingNews): void {
    if (what.about === 'line') turned(what.line);
    else province = what;
    void enrol();
  }

  function turned(to: typeof line): void {
    if (to === line) return;
    line = to;
    for (const listener of listeners) listener();
  }

  /** The way every center is enrolled: a code the province gave, over its own line. */
  async function enrol(): Promise<void> {
    if (!open || !province || enrolling) return;
    clearTimeout(again);
    enrolling = true;
    const { address, code } = province;
    const enrolled = await open.enrol({ userId: null, sessionId: null }, address, code);
    enrolling = false;
    if (enrolled.ok) {
      province = null;
      log('info', 'joined the province of training', { address });
    } else if (enrolled.error.code === 'peer_unreachable') {
      again = setTimeout(() => void enrol(), enrolAgainMs);
      again.unref();
    } else {
      province = null;
      log('error', 'the province of training did not take this center', { code: enrolled.error.code });
    }
  }
}

/** A PC that has joined before only opens; nobody need be told more than once what its hub's address is. */
async function joinFirst(core: Core, hub: NonNullable<TrainingStart['hub']>): Promise<Result<null>> {
  const status = await core.invoke(client, 'station.status', {});
  if (!status.ok) return status;
  // trust inside: the router has checked its own answer
  if ((status.value as Output<'station.status'>).phase !== 'first_run') return ok(null);
  const joined = await core.invoke(client, 'sync.join', { ...hub, stationName: secondName });
  if (!joined.ok) return joined;
  const giveUpAt = performance.now() + joinWithinMs;
  for (;;) {
    const answer = await core.invoke(client, 'sync.joining', {});
    const { state } = answer.ok ? (answer.value as Output<'sync.joining'>) : { state: 'failed' as const };
    if (state === 'ready') return ok(null);
    if (state === 'failed' || performance.now() > giveUpAt) return fail('peer_unreachable');
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** So that whoever the login screen names can open this PC tomorrow, too, without another having done so before. */
async function letEverybodyIn(core: Core): Promise<void> {
  for (const { username } of trainingAccounts) {
    await core.invoke(client, 'access.login', { username, password: TRAINING_PASSWORD });
    await core.invoke(client, 'access.logout', {});
  }
}
