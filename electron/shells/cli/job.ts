// What every command gets, and how it opens the core as a logged-in person.
import type { Failure, Result } from '../../../shared/api/contract.ts';
import type { CaptureNews } from '../../../shared/api/fingerprints.ts';
import type { Input, Method, Output } from '../../../shared/api/index.ts';
import { type Core, type CoreOptions, forkHelper, openBrowserPress, openCore } from '../../core.ts';
import type { Unlock } from '../../maintenance.ts';
import { openLog } from '../log.ts';
import { fingerprintHelperFile, tokenHelperFile } from '../places.ts';
import { findBrowser, here } from '../system-browser.ts';
import { appVersion } from '../version.ts';
import type { Asked } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { SecretSource } from './secret.ts';
import type { Say, wordsIn } from './words.ts';

export { exitCodes };

export interface Job {
  readonly asked: Asked;
  readonly say: Say;
  readonly failure: ReturnType<typeof wordsIn>['failure'];
  readonly secrets: SecretSource;
  print(line: string): void;
  /** To standard error, so that output for machines stays clean. */
  complain(line: string): void;
}

/** Typed calls of one command-line session. */
export interface Desk {
  call<M extends Method>(method: M, input: Input<M>): Promise<Result<Output<M>>>;
  /** What goes on while a finger is taken. Answers how to stop listening. */
  onCapture(listener: (news: CaptureNews) => void): () => void;
}

/** Opens the core for the work and closes it again; answers the work's exit code. */
export async function withCore(
  { asked }: Job,
  work: (desk: Desk) => Promise<number>,
  more: Pick<CoreOptions, 'fingerReaders'> = {},
): Promise<number> {
  const log = openLog(asked.dataDir);
  const core = await openCore({
    dataDir: asked.dataDir,
    mode: asked.mode,
    appVersion: appVersion(),
    press: openBrowserPress({ program: findBrowser, isRoot: here.isRoot, log }),
    log,
    // a check or a backup of moments calls nobody and listens to nobody
    offline: asked.command !== 'sync' && asked.command !== 'enrol',
    startReaderHelper: forkHelper(fingerprintHelperFile()),
    startTokenHelper: forkHelper(tokenHelperFile()),
    ...more,
  });
  try {
    return await work(deskOf(core));
  } finally {
    await core.close();
  }
}

/** For work on a store without a session: `--recovery` asks for the printed key instead of a password. */
export async function askUnlock({ asked, say, secrets, complain }: Job): Promise<Unlock | null> {
  if (asked.recovery) {
    const recoveryKey = await secrets.secret(say('recoveryKey'));
    if (recoveryKey !== null) return { recoveryKey };
  } else {
    const username = asked.user ?? (await secrets.line(say('username')));
    const password = username === null ? null : await secrets.secret(say('password'));
    if (username !== null && password !== null) return { username: username.trim().toLowerCase(), password };
  }
  complain(say('noPassword'));
  return null;
}

export function withLogin(
  job: Job,
  work: (desk: Desk) => Promise<number>,
  more: Pick<CoreOptions, 'fingerReaders'> = {},
): Promise<number> {
  const loggedIn = async (desk: Desk): Promise<number> => {
    const username = job.asked.user ?? (await job.secrets.line(job.say('username')));
    const password = username === null ? null : await job.secrets.secret(job.say('password'));
    if (username === null || password === null) {
      job.complain(job.say('noPassword'));
      return exitCodes.notOpened;
    }
    const login = await desk.call('access.login', { username, password });
    return login.ok ? work(desk) : refused(job, login.error);
  };
  return withCore(job, loggedIn, more);
}

/** Says why in words; a store that doesn't open has its own exit code. */
export function refused({ complain, failure }: Job, error: Failure): number {
  complain(failure(error.code));
  return error.code === 'internal' ? exitCodes.bug : exitCodes.notOpened;
}

function deskOf(core: Core): Desk {
  const client = 'command-line';
  return {
    // The core checks its answers against the contract before they leave it.
    call: <M extends Method>(method: M, input: Input<M>) =>
      core.invoke(client, method, input) as Promise<Result<Output<M>>>,
    onCapture: (listener) =>
      core.subscribe((_client, message) => {
        if (message.event === 'capture') listener(message.payload);
      }),
  };
}

export function sizeInWords(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
