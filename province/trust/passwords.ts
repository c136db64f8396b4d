// Administrators' passwords: Argon2id at OWASP's least cost (19 MiB, 2 passes), five tries, then a pause.
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** NIST SP 800-63B: length instead of composition; longer than a ward's because this page is on a network. */
const shortest = 12;
const longest = 200;

export const isAcceptable = (password: string, name: string): boolean => {
  const folded = password.normalize('NFC').toLowerCase();
  return (
    [...folded].length >= shortest &&
    folded.length <= longest &&
    folded.isWellFormed() &&
    new Set(folded).size >= 5 &&
    !folded.includes(name.toLowerCase())
  );
};

export const verifierOf = (password: string): Promise<string> => hash(password.normalize('NFC'), cost);

export async function matches(verifier: string, password: string): Promise<boolean> {
  try {
    return await verify(verifier, password.normalize('NFC'));
  } catch {
    return false;
  }
}

let decoy: Promise<string> | undefined;
/** Takes as long as a real check, so that the clock does not tell which names exist. */
export async function pretendToCheck(password: string): Promise<void> {
  decoy ??= verifierOf('a name nobody has');
  await matches(await decoy, password);
}

/** 20 characters, about 100 bits, nothing that is mistaken for another when read off a screen. */
export function randomPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const bytes = randomBytes(64);
  const picked = [...bytes].filter((byte) => byte < 248).map((byte) => letters[byte % 31]);
  return (picked.slice(0, 20).join('').match(/.{5}/g) ?? []).join('-');
}
