// What training mode keeps beside its core, for either graphical shell: the province's thread, the knob of the line,
// the second station. All of it on this PC and below the training data folder; nothing is started before it is wanted.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { type CoreClient, startCore, type TrainingShell } from './core-client.ts';
import type { CoreSettings, TrainingHub, TrainingNews, TrainingStart } from './core-protocol.ts';
import type { Log } from './log.ts';

type Line = TrainingStart['line'];

export interface TrainingPlace {
  /** For the first station's core. */
  readonly shell: TrainingShell;
  /** Second station first, then the province. */
  close(): Promise<void>;
}

export interface SecondStation {
  /** Of a window on it; empty when the shell has opened one itself. */
  address(): string;
  close(): Promise<void>;
}

export interface TrainingPlaceOptions extends Pick<CoreSettings, 'appVersion'> {
  /** The training data folder. */
  readonly dataDir: string;
  readonly coreWorkerFile: string;
  readonly provinceFile: string;
  /** The shell's way to show a second core to people; `switchedOff` when they have closed it. */
  openSecond(core: CoreClient, switchedOff: () => void): Promise<SecondStation>;
  /** Ours: whoever has just logged in wants to see the board first, and an old PC has two cores. */
  readonly provinceAfterMs?: number;
  readonly closeTimeoutMs?: number;
  readonly log: Log;
}

export interface ProvinceStart {
  readonly dataDir: string;
  readonly line: Line;
}
export type ToProvince =
  | { readonly type: 'line'; readonly line: Line }
  | { readonly type: 'code' }
  | { readonly type: 'close' };
export type FromProvince =
  /** `address`: of the line's near end. `stations`: enrolled so far. */
  | { readonly type: 'ready'; readonly address: string; readonly stations: number }
  | { readonly type: 'code'; readonly code: string }
  | { readonly type: 'closed' };

export function openTrainingPlace(options: TrainingPlaceOptions): TrainingPlace {
  const { dataDir, log, provinceAfterMs = 3_000, closeTimeoutMs = 10_000 } = options;
  const knob = join(dataDir, 'line.json');
  const tells = new Set<(news: TrainingNews) => void>();
  let line = readKnob(knob);
  let tellFirst: (news: TrainingNews) => void = () => {};
  let province: Worker | null = null;
  let provinceEnded: Promise<void> = Promise.resolve();
  let ready: Extract<FromProvince, { type: 'ready' }> | null = null;
  /** Where the first station believes the province to be; undefined until its store is open. */
  let believed: string | null | undefined;
  let starting: NodeJS.Timeout | undefined;
  let second: Promise<Result<SecondStation>> | null = null;
  /** While the second station is joining. */
  let giveUpJoining = (): void => {};
  let closing = false;

  return {
    shell: {
      start: () => ({ line, hub: null }),
      connect(tell) {
        tellFirst = tell;
        tells.add(tell);
      },
      async asked(question) {
        switch (question.about) {
          case 'opened':
            believed = question.provinceAt;
            if (ready) introduce();
            else if (!province) starting ??= setTimeout(startProvince, provinceAfterMs);
            return nothing;
          case 'line':
            turn(question.line);
            return nothing;
          case 'second': {
            second ??= startSecond(question.hub);
            const started = await second;
            if (started.ok) return ok({ address: started.value.address() });
            second = null;
            return started;
          }
          case 'ready':
            return nothing;
        }
      },
    },
    async close() {
      closing = true;
      clearTimeout(starting);
      giveUpJoining();
      const started = await second;
      if (started?.ok) await started.value.close();
      send({ type: 'close' });
      const dying = province;
      const force = setTimeout(() => void dying?.terminate(), closeTimeoutMs);
      await provinceEnded;
      clearTimeout(force);
    },
  };

  // --- the line ---

  function turn(to: Line): void {
    line = to;
    writeKnob(knob, to, log);
    send({ type: 'line', line: to });
    for (const tell of tells) tell({ about: 'line', line: to });
  }

  // --- the province ---

  function startProvince(): void {
    if (closing) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    provinceEnded = promise;
    const mine = new Worker(options.provinceFile, {
      workerData: { dataDir, line } satisfies ProvinceStart,
    });
    province = mine;
    mine.on('message', (message: FromProvince) => {
      if (message.type === 'ready') {
        ready = message;
        // turned while it was starting
        send({ type: 'line', line });
        introduce();
      }
      if (message.type === 'code' && ready)
        tellFirst({ about: 'province', address: ready.address, code: message.code });
    });
    mine.on('error', (bug) => log('error', 'the province of training threw', bug));
    mine.on('exit', (code) => {
      province = null;
      ready = null;
      resolve();
      if (!closing) log('error', 'the province of training stopped', { code });
    });
  }

  /** Only when the center does not know this province, or knows it elsewhere. */
  function introduce(): void {
    if (ready && believed !== undefined && (believed !== ready.address || ready.stations === 0))
      send({ type: 'code' });
  }

  function send(message: ToProvince): void {
    province?.postMessage(message);
  }

  // --- the second station ---

  async function startSecond(hub: TrainingHub): Promise<Result<SecondStation>> {
    const joined = Promise.withResolvers<Result<null>>();
    giveUpJoining = () => joined.resolve(fail('core_stopped'));
    const folder = join(dataDir, 'second');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    let self: SecondStation | null = null;
    let tellIt: (news: TrainingNews) => void = () => {};
    const core = startCore({
      dataDir: folder,
      mode: 'training',
      appVersion: options.appVersion,
      workerFile: options.coreWorkerFile,
      log,
      training: {
        start: () => ({ line, hub }),
        connect(tell) {
          tellIt = tell;
          tells.add(tell);
        },
        async asked(question) {
          if (question.about === 'line') turn(question.line);
          if (question.about === 'ready') joined.resolve(question.result);
          if (question.about === 'second' && self) return ok({ address: self.address() });
          return nothing;
        },
      },
    });
    void core.ready.then((started) => started || joined.resolve(fail('core_stopped')));
    const result = await joined.promise;
    if (!result.ok || closing) {
      tells.delete(tellIt);
      await core.close();
      return result.ok ? fail('core_stopped') : result;
    }
    const shown = await options.openSecond(core, () => void end());
    const end = async (): Promise<void> => {
      tells.delete(tellIt);
      second = null;
      await shown.close();
      await core.close();
    };
    self = { address: shown.address, close: end };
    return ok(self);
  }
}

const nothing = ok({ address: '' });

function readKnob(file: string): Line {
  try {
    const { line } = JSON.parse(readFileSync(file, 'utf8'));
    return line === 'weak' || line === 'cut' ? line : 'good';
  } catch {
    return 'good';
  }
}

function writeKnob(file: string, line: Line, log: Log): void {
  try {
    writeFileSync(file, JSON.stringify({ line }), { mode: 0o600 });
  } catch (error) {
    log('warn', 'the line could not be remembered', { error: String(error) });
  }
}
