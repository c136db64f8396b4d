// The program as it is started on a ward PC, to be killed: `kill -9` of the host takes the core's thread with it, as a
// power cut would. A desk is a page without a browser, at which other people of the ward work.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { windowOfRunningHost } from '../../electron/shells/browser/single.ts';
import type { Result } from '../../shared/api/contract.ts';
import type { Input, Method, Output } from '../../shared/api/index.ts';

const root = join(import.meta.dirname, '..', '..');

export interface Victim {
  readonly dataDir: string;
  /** Opens one page, once. */
  readonly address: Promise<string>;
  /** SIGKILL; resolves when the process is gone. Answers when the signal was sent, ms since 1970 UTC. */
  kill(): Promise<number>;
  ended(): boolean;
}

export function startVictim(dataDir: string): Victim {
  const program = join(root, 'out', 'browser.mjs');
  const child = spawn(process.execPath, [program, '--training', '--alone', '--data', dataDir, '--no-open'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let gone = false;
  const exit = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void exit.then(() => {
    gone = true;
  });
  const address = new Promise<string>((resolve, reject) => {
    const read = (bytes: Buffer) => {
      printed += bytes.toString();
      const found = /http:\/\/127\.0\.0\.1:\S+/.exec(printed);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    void exit.then(() => reject(new Error(`the host ended: ${printed}`)));
  });
  // one that is killed while it starts never says where it is
  address.catch(() => undefined);
  return {
    dataDir,
    address,
    async kill() {
      const at = Date.now();
      child.kill('SIGKILL');
      await exit;
      return at;
    },
    ended: () => gone,
  };
}

/** What became of a call: an answer, or none because the host was gone. */
export type Answered<M extends Method> = Result<Output<M>> | 'no answer';

export interface Desk {
  call<M extends Method>(method: M, input: Input<M>): Promise<Answered<M>>;
  /** For what must be answered well: reading after a restart. */
  ask<M extends Method>(method: M, input: Input<M>): Promise<Output<M>>;
}

/** `onSent` is called when a request is on its way: a good moment to pull the plug. */
export async function openDesk(victim: Victim, onSent: (method: Method) => void = () => {}): Promise<Desk> {
  const address = await windowOfRunningHost(victim.dataDir);
  if (address === null) throw new Error('the host gave out no second window');
  const { origin } = new URL(address);
  const opened = await fetch(address, { redirect: 'manual' });
  const cookie = opened.headers.get('set-cookie')?.split(';')[0];
  if (!cookie) throw new Error(`no cookie: ${opened.status}`);

  const call = async <M extends Method>(method: M, input: Input<M>): Promise<Answered<M>> => {
    try {
      const answer = fetch(`${origin}/rpc/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin, cookie, 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify(input),
      });
      onSent(method);
      return (await (await answer).json()) as Result<Output<M>>;
    } catch (error) {
      // fetch rejects with a TypeError when the line is cut, json() when it is cut in the middle of an answer
      if (error instanceof TypeError || error instanceof SyntaxError) return 'no answer';
      throw error;
    }
  };
  return {
    call,
    async ask(method, input) {
      const answer = await call(method, input);
      if (answer === 'no answer') throw new Error(`${method}: no answer`);
      if (!answer.ok)
        throw new Error(`${method}: ${answer.error.code} ${JSON.stringify(answer.error.fields)}`);
      return answer.value;
    },
  };
}
