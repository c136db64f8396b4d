// The program's end of the helper: questions one after another, each with a deadline that runs from when it is really
// asked. A helper that stays silent past it is killed; a new one is started with the next question. Both take all open
// keys with them, which is told once.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { Log } from '../../store/room.ts';
import type { SignatureAlgorithm } from '../types.ts';
import type { TokenFault } from './numbers.ts';
import { type Answer, parseFromHelper, type ToHelper } from './protocol.ts';
import type { SeenToken } from './tokens.ts';

/** A helper process as a shell starts it: a child of Node's, or Electron's utility process. */
export interface HelperProcess {
  readonly pid: number | undefined;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, however it ended; `how` is for the log. */
  onEnd(listener: (how: string) => void): void;
  /** At once and surely, whatever a module is doing. */
  kill(): void;
}

/** Null: this program cannot start one. */
export type StartHelper = () => HelperProcess | null;

/** A key in one helper; worth nothing in the next, which counts from one again. */
export interface KeyRef {
  readonly number: number;
  readonly of: object;
}

export interface OpenedKey {
  readonly key: KeyRef;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly defaultPin: boolean;
}

export interface HelperLine {
  /** Starts the helper if need be. */
  pinKey(): Promise<Result<Buffer>>;
  look(file: string, fresh: boolean): Promise<Result<readonly SeenToken[]>>;
  open(order: Question<'open'>): Promise<Result<OpenedKey>>;
  sign(key: KeyRef, algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Result<Buffer>>;
  check(key: KeyRef): Promise<Result<null>>;
  close(key: KeyRef): Promise<void>;
  /** Questions asked and not answered yet. */
  readonly busy: boolean;
  readonly running: boolean;
  /** By force; it can be asked again afterwards. */
  end(): void;
}

export type Question<T extends ToHelper['type'] = ToHelper['type']> = T extends ToHelper['type']
  ? Omit<Extract<ToHelper, { type: T }>, 'id' | 'type'>
  : never;
type AnyQuestion = ToHelper extends infer M ? (M extends ToHelper ? Omit<M, 'id'> : never) : never;

/** Why nothing came. */
type Silence = 'hangs' | 'ended' | 'not started';

interface Running {
  readonly process: HelperProcess;
  pinKey: Buffer | null;
}

export function openHelperLine(options: {
  readonly start: StartHelper;
  readonly deadlineMs: number;
  /** For the helper to start: virus scanners read it first. */
  readonly beginMs: number;
  /** The helper is gone, and all keys open in it. */
  lost(): void;
  readonly log: Log;
}): HelperLine {
  const { start, deadlineMs, beginMs, lost, log } = options;
  let running: Running | null = null;
  let waiting: { readonly id: number; settle(answer: Answer | Silence): void } | null = null;
  let before: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let nextId = 1;

  return {
    async pinKey() {
      if (running?.pinKey) return ok(running.pinKey);
      const begun = await inTurn(() => begin());
      return typeof begun === 'string' ? silent(begun) : ok(begun);
    },
    async look(file, fresh) {
      const answer = await askBegun({ type: 'look', file, fresh });
      return answeredBy(answer, 'seen', ({ tokens }) => tokens);
    },
    async open(order) {
      let of: Running | null = null;
      const answer = await inTurn(async () => {
        const begun = await begin();
        of = running;
        return typeof begun === 'string' ? begun : ask({ type: 'open', ...order });
      });
      return answeredBy(answer, 'opened', ({ key, algorithms, defaultPin }) => ({
        key: { number: key, of: of ?? {} },
        algorithms,
        defaultPin,
      }));
    },
    async sign(key, algorithm, data) {
      const answer = await askOf(key, { type: 'sign', key: key.number, algorithm, data });
      return answeredBy(answer, 'signed', ({ signature }) => Buffer.from(signature));
    },
    async check(key) {
      const answer = await askOf(key, { type: 'check', key: key.number });
      return answeredBy(answer, 'done', () => null);
    },
    async close(key) {
      await askOf(key, { type: 'close', key: key.number });
    },
    get busy() {
      return asked > 0;
    },
    get running() {
      return running !== null;
    },
    end: () => drop('ended'),
  };

  /** Behind whatever was asked before. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    asked++;
    const mine = before.then(work);
    before = mine.then(
      () => asked--,
      () => asked--,
    );
    return mine;
  }

  function askBegun(question: AnyQuestion): Promise<Answer | Silence> {
    return inTurn(async () => {
      const begun = await begin();
      return typeof begun === 'string' ? begun : ask(question);
    });
  }

  function askOf(key: KeyRef, question: AnyQuestion): Promise<Answer | Silence> {
    return inTurn(async () => (running === key.of ? ask(question) : 'ended'));
  }

  async function begin(): Promise<Buffer | Silence> {
    if (running?.pinKey) return running.pinKey;
    if (!running && !startOne()) return 'not started';
    const answer = await ask({ type: 'begin' });
    if (typeof answer === 'string') return answer;
    if (answer.type !== 'begun' || !running) {
      drop('ended');
      return 'ended';
    }
    running.pinKey = Buffer.from(answer.pinKey);
    return running.pinKey;
  }

  function startOne(): boolean {
    const process = start();
    if (!process) {
      log('warn', 'no helper for tokens can be started here');
      return false;
    }
    const mine: Running = { process, pinKey: null };
    running = mine;
    process.onMessage((message) => {
      const answer = running === mine ? parseFromHelper(message) : null;
      if (answer && answer.id === waiting?.id) waiting.settle(answer);
    });
    process.onEnd((how) => {
      // one that was ended on purpose is no longer the running one
      if (running !== mine) return;
      log('warn', 'the helper of the tokens ended', { how });
      drop('ended');
    });
    return true;
  }

  function ask(question: AnyQuestion): Promise<Answer | Silence> {
    const helper = running;
    if (!helper) return Promise.resolve('ended');
    const id = nextId++;
    return new Promise((resolve) => {
      const ms = question.type === 'begin' ? beginMs : deadlineMs;
      const timer = setTimeout(() => {
        log('warn', 'a module for tokens hangs; its helper is ended', { asked: question.type });
        drop('hangs');
      }, ms);
      waiting = {
        id,
        settle(answer) {
          clearTimeout(timer);
          waiting = null;
          resolve(answer);
        },
      };
      helper.process.send({ ...question, id });
    });
  }

  function drop(why: Silence): void {
    const helper = running;
    running = null;
    helper?.process.kill();
    waiting?.settle(why);
    if (helper) lost();
  }

  function answeredBy<T extends Answer['type'], V>(
    answer: Answer | Silence,
    type: T,
    value: (answer: Extract<Answer, { type: T }>) => V,
  ): Result<V> {
    if (typeof answer === 'string') return silent(answer);
    if (isOf(answer, type)) return ok(value(answer));
    return failure(answer.type === 'fault' ? answer.fault : null);
  }

  function failure(fault: TokenFault | null): Result<never> {
    if (!fault) return fail('token_failed');
    log('info', 'a token did not do what it was asked', { ...fault });
    return fail(fault.code);
  }

  function silent(why: Silence): Result<never> {
    const params = { how: why };
    if (why === 'hangs') return fail('token_hangs', { params });
    return fail(why === 'ended' ? 'token_failed' : 'token_module_unfit', { params });
  }
}

const isOf = <T extends Answer['type']>(answer: Answer, type: T): answer is Extract<Answer, { type: T }> =>
  answer.type === type;
