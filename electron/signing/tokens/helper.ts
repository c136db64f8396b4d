// The helper process: makers' PKCS#11 modules, loaded here and nowhere else, because they crash and hang, and the PIN,
// opened here and nowhere else. One thread calls one function at a time. Ended by force, never by unloading.
// Started by `StartHelper`; as a child of Node it speaks over `process.send`, as Electron's over `process.parentPort`.
import { loadModule } from './module.ts';
import { isFault, type TokenFault, type TokenFaultCode } from './numbers.ts';
import { makePinKey, type PinKey } from './pin-key.ts';
import type { Answer, ToHelper } from './protocol.ts';
import { dieQuietly } from './quietly.ts';
import { type OpenKey, type TokenBook, tokenBook } from './tokens.ts';

interface Kept {
  readonly key: OpenKey;
  /** Sealed still; opened for each signature where the key always asks. */
  readonly sealedPin: Uint8Array | null;
  /** Only closed any more. */
  failed: boolean;
}

const port = parentOf();
const books = new Map<string, TokenBook>();
const kept = new Map<number, Kept>();
let pinKey: Promise<PinKey> | null = null;
let nextKey = 1;
let before = Promise.resolve();

// one after another, although loading waits
port.listen((message) => {
  before = before.then(() => answer(message));
});

async function answer(message: ToHelper): Promise<void> {
  const { id } = message;
  try {
    port.tell(await answerTo(message));
  } catch (bug) {
    port.tell(failed(id, 'token_failed', bug instanceof Error ? bug.message.slice(0, 200) : 'unknown'));
  }
}

async function answerTo(message: ToHelper): Promise<Answer> {
  const { id } = message;
  switch (message.type) {
    case 'begin': {
      await dieQuietly();
      pinKey ??= makePinKey();
      return { type: 'begun', id, pinKey: (await pinKey).spki };
    }
    case 'look': {
      const book = await bookOf(message.file);
      if (isFault(book)) return { type: 'fault', id, fault: book };
      const tokens = book.look(message.fresh);
      return isFault(tokens) ? { type: 'fault', id, fault: tokens } : { type: 'seen', id, tokens };
    }
    case 'open':
      return open(message);
    case 'sign':
      return sign(message);
    case 'check': {
      const mine = kept.get(message.key);
      if (mine && !mine.failed && mine.key.lives()) return { type: 'done', id };
      return failed(id, 'token_gone', 'its session has ended');
    }
    case 'close':
      close(message.key);
      return { type: 'done', id };
  }
}

async function bookOf(file: string): Promise<TokenBook | TokenFault> {
  const known = books.get(file);
  if (known) return known;
  const module = await loadModule(file);
  if (isFault(module)) return module;
  const book = tokenBook(module);
  books.set(file, book);
  return book;
}

async function open(order: Extract<ToHelper, { type: 'open' }>): Promise<Answer> {
  const { id, file, serial, certificate, sealedPin, knowing, soldWith } = order;
  const book = await bookOf(file);
  if (isFault(book)) return { type: 'fault', id, fault: book };
  const sealer = await pinKey;
  const pin = sealer?.open(sealedPin);
  if (!sealer || !pin) return failed(id, 'pin_unreadable', 'not sealed to this helper, or tried before');
  const defaultPin = soldWith.some((each) => pin.equals(Buffer.from(each)));
  let key: OpenKey | TokenFault;
  try {
    key = book.open({ serial, certificate, pin, knowing, tried: () => sealer.spend(sealedPin) });
  } finally {
    pin.fill(0);
  }
  if (isFault(key)) return { type: 'fault', id, fault: key };
  const number = nextKey++;
  kept.set(number, { key, sealedPin: key.alwaysAsks ? Uint8Array.from(sealedPin) : null, failed: false });
  return { type: 'opened', id, key: number, algorithms: key.algorithms, defaultPin };
}

async function sign({
  id,
  key: number,
  algorithm,
  data,
}: Extract<ToHelper, { type: 'sign' }>): Promise<Answer> {
  const mine = kept.get(number);
  if (!mine || mine.failed) return failed(id, 'token_locked', 'no such key is open');
  const pin = mine.sealedPin ? ((await pinKey)?.reopen(mine.sealedPin) ?? null) : null;
  let signature: Buffer | TokenFault;
  try {
    signature = mine.key.sign(algorithm, data, pin);
  } finally {
    pin?.fill(0);
  }
  if (!isFault(signature)) return { type: 'signed', id, signature };
  // whatever the reason, nothing is tried again with this session
  mine.failed ||= signature.code !== 'algorithm_unfit';
  return { type: 'fault', id, fault: signature };
}

/** Hangs where a driver hangs when its token is gone: the deadline is for this question then, and blames nothing else. */
function close(number: number): void {
  const mine = kept.get(number);
  kept.delete(number);
  mine?.sealedPin?.fill(0);
  mine?.key.close();
}

const failed = (id: number, code: TokenFaultCode, detail: string): Answer => ({
  type: 'fault',
  id,
  fault: { code, detail },
});

interface ParentPort {
  tell(message: Answer): void;
  listen(heard: (message: ToHelper) => void): void;
}

/** What Electron gives a utility process in place of `process.send`. */
interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', heard: (event: { readonly data: unknown }) => void): void;
}

// Trust inside: only the program that starts this process can send here.
function parentOf(): ParentPort {
  const electron = (process as { parentPort?: ElectronPort }).parentPort;
  if (electron) {
    return {
      tell: (message) => electron.postMessage(message),
      listen: (heard) => electron.on('message', ({ data }) => heard(data as ToHelper)),
    };
  }
  const { send } = process;
  if (!send) throw new Error('the token helper runs as a child process only');
  // a module may still be busy when the program has gone
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  return {
    tell: (message) => void send.call(process, message),
    listen: (heard) => process.on('message', (message) => heard(message as ToHelper)),
  };
}
