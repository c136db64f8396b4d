// One maker's PKCS#11 module through koffi, in the helper process only. Functions are taken from the module's own list
// (the one export the standard asks for); every buffer has a fixed size, because some Vietnamese drivers answer 0 when
// they are asked how long something is. Nothing is ever unloaded: drivers hang there, and the process ends by force.
import {
  type Abi,
  abiOf,
  functionOffset,
  mechanismBytes,
  readNumber,
  readTokenInfo,
  type TokenInfo,
  template,
  tokenInfoBytes,
  ulongs,
} from './abi.ts';
import { answers, done, faultOf, isFault, readOnlySession, type TokenFault } from './numbers.ts';

export type Handle = bigint;

export interface Module {
  /** Slots with a token in them; looks anew. */
  slots(): readonly Handle[] | TokenFault;
  tokenInfo(slot: Handle): TokenInfo | TokenFault;
  /** Those a key of this token may sign with. */
  mechanisms(slot: Handle): ReadonlySet<number> | TokenFault;
  canSignWith(slot: Handle, mechanism: number): boolean;
  openSession(slot: Handle): Handle | TokenFault;
  closeSession(session: Handle): void;
  closeAllSessions(slot: Handle): void;
  /** The answer as it came: the caller knows what "already" means. */
  login(session: Handle, user: number, pin: Buffer): number;
  logout(session: Handle): void;
  find(session: Handle, wanted: readonly { type: number; value: number }[]): readonly Handle[] | TokenFault;
  /** Null: the object has none, or it is longer than anything expected here. */
  attribute(session: Handle, object: Handle, type: number, most: number): Buffer | null | TokenFault;
  signInit(session: Handle, key: Handle, mechanism: number, parameter: Buffer | null): TokenFault | null;
  sign(session: Handle, data: Uint8Array): Buffer | TokenFault;
  /** False when the token is surely gone or another one lies there. */
  sessionLives(session: Handle, slot: Handle, serial: string): boolean;
  readonly abi: Abi;
  /** For parameters that point to nothing themselves. */
  numbers(...values: number[]): Buffer;
}

/** The most slots, mechanisms and objects looked at. */
const mostSlots = 64;
const mostMechanisms = 512;
const mostObjects = 128;
/** RSA of 8,192 bits. */
const mostSignatureBytes = 1_024;

/** Place in CK_FUNCTION_LIST, and arguments: u CK_ULONG, p pointer, b CK_BBOOL. */
const functions = {
  C_Initialize: [0, 'p'],
  C_GetSlotList: [4, 'bpp'],
  C_GetTokenInfo: [6, 'up'],
  C_GetMechanismList: [7, 'upp'],
  C_GetMechanismInfo: [8, 'uup'],
  C_OpenSession: [12, 'uuppp'],
  C_CloseSession: [13, 'u'],
  C_CloseAllSessions: [14, 'u'],
  C_GetSessionInfo: [15, 'up'],
  C_Login: [18, 'uupu'],
  C_Logout: [19, 'u'],
  C_GetAttributeValue: [24, 'uupu'],
  C_FindObjectsInit: [26, 'upu'],
  C_FindObjects: [27, 'upup'],
  C_FindObjectsFinal: [28, 'u'],
  C_SignInit: [42, 'upu'],
  C_Sign: [43, 'upupp'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;
/** CKF_SIGN of CK_MECHANISM_INFO. */
const canSign = 0x800;
type FunctionName = keyof typeof functions;
type Argument = Handle | number | Uint8Array | null;

/** Loads and initializes it. `abi`: this platform's when left out. */
export async function loadModule(
  file: string,
  abi: Abi = abiOf(process.platform, process.arch),
): Promise<Module | TokenFault> {
  let native: Native;
  try {
    native = await nativeModule(file, abi);
  } catch (error) {
    return { code: 'token_module_unfit', detail: error instanceof Error ? error.message.slice(0, 200) : '' };
  }
  const initialized = native.call('C_Initialize', null);
  if (initialized !== done && initialized !== answers.alreadyInitialized)
    return { ...faultOf('C_Initialize', initialized), code: 'token_module_unfit' };
  return moduleOver(native, abi);
}

/** koffi unloads a library that nobody holds, and its functions called afterwards are anybody's memory. */
const kept: unknown[] = [];

interface Native {
  call(name: FunctionName, ...args: readonly Argument[]): number;
  addressOf(bytes: Buffer): bigint;
}

async function nativeModule(file: string, abi: Abi): Promise<Native> {
  const koffi = await import('koffi');
  const ulong = abi.ulong === 8 ? 'uint64_t' : 'uint32_t';
  const types = { u: ulong, p: 'void *', b: 'uint8_t' } as const;
  const typesOf = (letters: string): string[] =>
    [...letters].map((letter) => types[letter === 'u' || letter === 'b' ? letter : 'p']);

  const place = Buffer.alloc(8);
  const library = koffi.load(file);
  kept.push(library);
  const got: unknown = library.func('C_GetFunctionList', ulong, ['void *'])(place);
  const list = readNumber(place, 0, abi.pointer);
  if (Number(got) !== done || list === 0n) throw new Error(`C_GetFunctionList answered ${String(got)}`);
  const length = functionOffset(abi, functions.C_Sign[0] + 1);
  // copied: the list is the module's own
  const addresses = Buffer.from(new Uint8Array(koffi.view(list, length)));

  const ready = new Map(
    Object.entries(functions).map(([name, [index, letters]]) => {
      const address = readNumber(addresses, functionOffset(abi, index), abi.pointer);
      if (address === 0n) throw new Error(`the module has no ${name}`);
      const callable: (...args: readonly Argument[]) => unknown = koffi.decode(
        address,
        koffi.proto(ulong, typesOf(letters)),
      );
      return [name, callable];
    }),
  );
  return {
    call: (name, ...args) => Number(ready.get(name)?.(...args)),
    addressOf: (bytes) => koffi.address(bytes),
  };
}

function moduleOver({ call, addressOf }: Native, abi: Abi): Module {
  const module: Module = {
    abi,
    slots() {
      // modules may look for new readers only when they are asked how many there are; what they answer is not used
      call('C_GetSlotList', 1, null, ulongs(abi, [0]).bytes);
      return listed('C_GetSlotList', mostSlots, (list, count) => call('C_GetSlotList', 1, list, count));
    },
    tokenInfo(slot) {
      const bytes = Buffer.alloc(tokenInfoBytes);
      const answer = call('C_GetTokenInfo', slot, bytes);
      return answer === done ? readTokenInfo(abi, bytes) : faultOf('C_GetTokenInfo', answer);
    },
    mechanisms(slot) {
      const found = listed('C_GetMechanismList', mostMechanisms, (list, count) =>
        call('C_GetMechanismList', slot, list, count),
      );
      return isFault(found) ? found : new Set(found.map(Number));
    },
    canSignWith(slot, mechanism) {
      const info = ulongs(abi, [0, 0, 0]);
      // drivers that cannot say are believed: the first signature tells
      if (call('C_GetMechanismInfo', slot, mechanism, info.bytes) !== done) return true;
      return (Number(info.get(2)) & canSign) !== 0;
    },
    openSession(slot) {
      const session = ulongs(abi, [0]);
      const answer = call('C_OpenSession', slot, readOnlySession, null, null, session.bytes);
      return answer === done ? session.get() : faultOf('C_OpenSession', answer);
    },
    closeSession: (session) => void call('C_CloseSession', session),
    closeAllSessions: (slot) => void call('C_CloseAllSessions', slot),
    login: (session, user, pin) => call('C_Login', session, user, pin, pin.length),
    logout: (session) => void call('C_Logout', session),
    find(session, wanted) {
      const entries = wanted.map(({ type, value }) => ({ type, value: ulongs(abi, [value]).bytes }));
      const { bytes, count } = template(abi, entries, addressOf);
      const begun = call('C_FindObjectsInit', session, bytes, count);
      if (begun !== done) return faultOf('C_FindObjectsInit', begun);
      const found = listed('C_FindObjects', mostObjects, (list, many) =>
        call('C_FindObjects', session, list, mostObjects, many),
      );
      call('C_FindObjectsFinal', session);
      return found;
    },
    attribute(session, object, type, most) {
      const value = Buffer.alloc(most);
      const asked = template(abi, [{ type, value }], addressOf);
      const answer = call('C_GetAttributeValue', session, object, asked.bytes, 1);
      // gone in the middle of it is worth knowing; anything else means that this attribute is not to be had
      const fault = faultOf('C_GetAttributeValue', answer);
      if (answer !== done) return fault.code === 'token_gone' ? fault : null;
      const length = asked.length(0);
      return length === null || length > most ? null : value.subarray(0, length);
    },
    signInit(session, key, mechanism, parameter) {
      const answer = call('C_SignInit', session, mechanismBytes(abi, mechanism, parameter, addressOf), key);
      return answer === done ? null : faultOf('C_SignInit', answer, 'signing');
    },
    sign(session, data) {
      const signature = Buffer.alloc(mostSignatureBytes);
      const length = ulongs(abi, [signature.length]);
      const answer = call('C_Sign', session, data, data.length, signature, length.bytes);
      if (answer !== done) return faultOf('C_Sign', answer, 'signing');
      return signature.subarray(0, Math.min(Number(length.get()), signature.length));
    },
    sessionLives(session, slot, serial) {
      if (call('C_GetSessionInfo', session, Buffer.alloc(64)) !== done) return false;
      const info = module.tokenInfo(slot);
      return !isFault(info) && info.serial === serial;
    },
    numbers: (...values) => ulongs(abi, values).bytes,
  };
  return module;

  function listed(
    name: string,
    most: number,
    ask: (list: Buffer, count: Buffer) => number,
  ): readonly Handle[] | TokenFault {
    const list = ulongs(abi, Array<number>(most).fill(0));
    const count = ulongs(abi, [most]);
    const answer = ask(list.bytes, count.bytes);
    if (answer !== done) return faultOf(name, answer);
    const many = Math.min(Number(count.get()), most);
    return Array.from({ length: many }, (_, index) => list.get(index));
  }
}
