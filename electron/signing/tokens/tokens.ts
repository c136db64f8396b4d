// The tokens in one module's slots: what can be told of them before a PIN, and a key opened with one. A token is known
// by its serial number; slots change their numbers whenever something is plugged in.

import { publicKeyOf, verify } from '../crypto.ts';
import { algorithmsOf, schemeOfAlgorithm } from '../policy.ts';
import type { SignatureAlgorithm } from '../types.ts';
import type { TokenInfo } from './abi.ts';
import { certificatesOn, namesOf, type TokenCertificate } from './certificates.ts';
import { offeredBy, type Recipe, recipeFor } from './mechanisms.ts';
import type { Handle, Module } from './module.ts';
import type { TokenFault } from './numbers.ts';
import { answers, attribute, done, faultOf, isFault, objectClass, tokenFlags, userType } from './numbers.ts';
import { mayTry, type PinState, pinStateOf } from './pin-state.ts';

export interface SeenToken {
  /** The serial number; a further token with the same one (a card shown as two slots) has `/2` behind it. */
  readonly serial: string;
  readonly label: string;
  readonly maker: string;
  readonly pin: PinState;
  readonly defaultPin: boolean;
  readonly pinLength: { readonly min: number; readonly max: number };
  /** DER, issuers' certificates among them. */
  readonly certificates: readonly Buffer[];
}

/** A key whose PIN was given. */
export interface OpenKey {
  readonly algorithms: readonly SignatureAlgorithm[];
  /** It wants the PIN again for each signature. */
  readonly alwaysAsks: boolean;
  /** `pin`: where it always asks; wiped by the caller. */
  sign(algorithm: SignatureAlgorithm, data: Uint8Array, pin: Buffer | null): Buffer | TokenFault;
  /** Its token is still there, and its session with it. */
  lives(): boolean;
  close(): void;
}

export interface TokenBook {
  /** `fresh`: certificates are read again. */
  look(fresh: boolean): readonly SeenToken[] | TokenFault;
  /** `tried` is called when the PIN is about to be given to the token, and not before. */
  open(order: {
    readonly serial: string;
    /** SHA-256 of its DER, hex. */
    readonly certificate: string;
    readonly pin: Buffer;
    readonly knowing: boolean;
    tried(): void;
  }): OpenKey | TokenFault;
}

interface Slot {
  readonly handle: Handle;
  readonly id: string;
  readonly info: TokenInfo;
}

export function tokenBook(module: Module): TokenBook {
  const known = new Map<string, readonly TokenCertificate[]>();

  return {
    look(fresh) {
      const slots = slotsNow();
      if (isFault(slots)) return slots;
      const present = new Set(slots.map(({ id }) => id));
      for (const id of known.keys()) if (fresh || !present.has(id)) known.delete(id);
      return slots.map((slot) => {
        const certificates = certificatesOf(slot);
        return {
          serial: slot.id,
          label: slot.info.label,
          maker: slot.info.maker,
          pin: pinStateOf(slot.info.flags),
          defaultPin: (slot.info.flags & tokenFlags.pinToBeChanged) !== 0,
          pinLength: slot.info.pinLength,
          // pulled out while it was read: the next look tells
          certificates: isFault(certificates) ? [] : certificates.map(({ der }) => der),
        };
      });
    },
    open({ serial, certificate, pin, knowing, tried }) {
      const slots = slotsNow();
      if (isFault(slots)) return slots;
      const slot = slots.find(({ id }) => id === serial);
      if (!slot) return { code: 'token_missing', detail: 'no slot has it' };
      const refused = mayTry(slot.info, pin.length, knowing);
      if (refused) return refused;
      const certificates = certificatesOf(slot);
      if (isFault(certificates)) return certificates;
      const chosen = certificates.find(({ id }) => id === certificate);
      if (!chosen) return { code: 'certificate_unfit', detail: 'the certificate is not on the token' };
      const mechanisms = module.mechanisms(slot.handle);
      if (isFault(mechanisms)) return mechanisms;

      tried();
      const session = logIn(slot, pin);
      if (isFault(session)) return session;
      const key = keyFor(module, slot, session, chosen, mechanisms);
      if (isFault(key)) {
        module.logout(session);
        module.closeSession(session);
      }
      return key;
    },
  };

  function slotsNow(): readonly Slot[] | TokenFault {
    const handles = module.slots();
    if (isFault(handles)) return handles;
    const seen = new Map<string, number>();
    const slots: Slot[] = [];
    for (const handle of handles) {
      const info = module.tokenInfo(handle);
      // pulled out meanwhile; or a slot where a token could be made (SoftHSM always shows one)
      if (isFault(info) || (info.flags & (tokenFlags.initialized | tokenFlags.userPinInitialized)) === 0)
        continue;
      const name = info.serial || info.label;
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      slots.push({ handle, info, id: nth === 1 ? name : `${name}/${nth}` });
    }
    return slots;
  }

  function certificatesOf({ handle, id }: Slot): readonly TokenCertificate[] | TokenFault {
    const before = known.get(id);
    if (before) return before;
    const session = module.openSession(handle);
    if (isFault(session)) return session;
    const found = certificatesOn(module, session);
    module.closeSession(session);
    if (!isFault(found)) known.set(id, found);
    return found;
  }

  /**
   * Whoever is logged in already is logged out first: a module that answers "already" has not looked at the PIN, and
   * nobody gets in with another's.
   */
  function logIn({ handle }: Slot, pin: Buffer): Handle | TokenFault {
    for (const attempt of [1, 2]) {
      const session = module.openSession(handle);
      if (isFault(session)) return session;
      const answer = module.login(session, userType.user, pin);
      if (answer === done) return session;
      const already = answer === answers.alreadyLoggedIn || answer === answers.anotherLoggedIn;
      if (already) module.logout(session);
      module.closeSession(session);
      if (!already || attempt === 2) return loginFault(handle, answer);
      module.closeAllSessions(handle);
    }
    return { code: 'token_failed', detail: 'not reached' };
  }

  /** That was the last try: what has to be done now is another thing than typing it again. */
  function loginFault(handle: Handle, answer: number): TokenFault {
    const fault = faultOf('C_Login', answer);
    if (fault.code !== 'pin_wrong') return fault;
    const info = module.tokenInfo(handle);
    const locked = !isFault(info) && pinStateOf(info.flags) === 'locked';
    return locked ? { code: 'pin_locked', detail: `${fault.detail}; now locked` } : fault;
  }
}

function keyFor(
  module: Module,
  slot: Slot,
  session: Handle,
  certificate: TokenCertificate,
  mechanisms: ReadonlySet<number>,
): OpenKey | TokenFault {
  const key = privateKeyOf(module, session, certificate);
  if (isFault(key)) return key;
  const { spki } = namesOf(certificate.der) ?? { spki: Buffer.alloc(0) };
  const publicKey = publicKeyOf(spki);
  if (!publicKey) return { code: 'certificate_unfit', detail: 'its public key cannot be read' };
  const offered = offeredBy(mechanisms, (kind) => module.canSignWith(slot.handle, kind));
  const recipes = new Map<SignatureAlgorithm, Recipe>();
  for (const algorithm of algorithmsOf(publicKey)) {
    const recipe = recipeFor(algorithm, offered);
    if (recipe) recipes.set(algorithm, recipe);
  }
  if (recipes.size === 0) return { code: 'algorithm_unfit', detail: 'no mechanism that the policy allows' };
  const asks = module.attribute(session, key, attribute.alwaysAuthenticate, 1);
  const alwaysAsks = Buffer.isBuffer(asks) && asks[0] === 1;

  return {
    algorithms: [...recipes.keys()],
    alwaysAsks,
    sign(algorithm, data, pin) {
      const recipe = recipes.get(algorithm);
      if (!recipe) return { code: 'algorithm_unfit', detail: algorithm };
      if (alwaysAsks && !pin) return { code: 'token_locked', detail: 'it wants the PIN for each signature' };
      const begun = module.signInit(session, key, recipe.mechanism, recipe.parameter(module));
      if (begun) return begun;
      if (alwaysAsks && pin) {
        const again = module.login(session, userType.contextSpecific, pin);
        if (again !== done) return faultOf('C_Login', again, 'signing');
      }
      const made = module.sign(session, recipe.input(data));
      if (isFault(made)) return made;
      const signature = recipe.output(made);
      // the wrong key, a driver that hashes twice: nothing leaves here that does not add up
      if (!signature || !verify(schemeOfAlgorithm(algorithm), spki, data, signature))
        return { code: 'token_failed', detail: `what ${recipe.name} gave does not fit the certificate` };
      return signature;
    },
    lives: () => module.sessionLives(session, slot.handle, slot.info.serial),
    close() {
      module.logout(session);
      module.closeSession(session);
    },
  };
}

/** The one with the certificate's CKA_ID; where makers left that empty, the only one there is. */
function privateKeyOf(module: Module, session: Handle, { keyId }: TokenCertificate): Handle | TokenFault {
  const keys = module.find(session, [{ type: attribute.class, value: objectClass.privateKey }]);
  if (isFault(keys)) return keys;
  if (keyId.length > 0) {
    for (const key of keys) {
      const id = module.attribute(session, key, attribute.id, 256);
      if (isFault(id)) return id;
      if (id?.equals(keyId)) return key;
    }
  }
  const [only, ...more] = keys;
  if (only === undefined) return { code: 'certificate_unfit', detail: 'no private key on the token' };
  if (more.length > 0)
    return { code: 'certificate_unfit', detail: 'which private key is its own is not said' };
  return only;
}
