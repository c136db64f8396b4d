// Passwords and PINs: what is accepted, and the Argon2id hash that is kept of them.
// The hashes lie inside the encrypted store, so their cost is the least OWASP recommends (19 MiB, 2 passes);
// the key that opens the store itself is wrapped at a much higher cost (store/keyring).
import { hash, verify } from '@node-rs/argon2';
import { fail, ok, type Result } from '../../shared/api/contract.ts';

/** NIST SP 800-63B: at least 8 characters, no composition rules, nothing common, not the name itself. */
const shortestPassword = 8;
const longestPassword = 200;

/** Common here or anywhere, folded; compared whole. Kept short on purpose: ours, from published top lists. */
const common = new Set(
  `12345678 123456789 1234567890 87654321 11111111 00000000 88888888 66666666 12341234 11223344 12121212
   password password1 passw0rd matkhau matkhau1 matkhau123 qwertyui qwerty123 1q2w3e4r abcd1234 abc12345 abc123456
   a1234567 a12345678 iloveyou 123456aa 123456abc asdfghjk zxcvbnm1 admin123 administrator benhvien benhvien1
   benhvien123 tramyte1 tramyte123 yte12345 bacsi123 dieuduong dieuduong1 vietnam1 vietnam123 anhyeuem emyeuanh
   khongbiet 12345679 01234567 abcdefgh`.split(/\s+/),
);

/** `field` names the input field at fault. */
export function checkPassword(password: string, username: string, field: string): Result<string> {
  const weak = (key: string) => fail('weak_password', { fields: { [field]: key } });
  const spelled = password.normalize('NFC');
  if ([...spelled].length < shortestPassword) return weak('field.password_short');
  if (spelled.length > longestPassword || !spelled.isWellFormed()) return weak('field.bad_value');
  const folded = spelled.toLowerCase();
  if (folded === username || folded === username.repeat(2)) return weak('field.password_is_name');
  if (common.has(folded) || new Set(folded).size < 3) return weak('field.password_common');
  return ok(spelled);
}

/** 6–12 digits (contract); not all alike and not counting up or down. */
export function checkPin(pin: string): Result<string> {
  const steps = new Set([...pin].slice(1).map((digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10));
  const [step] = steps;
  if (steps.size === 1 && (step === 0 || step === 1 || step === 9))
    return fail('weak_password', { fields: { pin: 'field.pin_simple' } });
  return ok(pin);
}

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Argon2id PHC string with its own salt. */
export const verifierOf = (secret: string): Promise<string> => hash(secret.normalize('NFC'), cost);

/** False for a wrong secret and for a verifier this program can't read. */
export async function matches(verifier: string, secret: string): Promise<boolean> {
  try {
    return await verify(verifier, secret.normalize('NFC'));
  } catch {
    return false;
  }
}

let decoy: Promise<string> | undefined;

/** Takes as long as a real check, so that an unknown name can't be told from a wrong password by the clock. */
export async function pretendToCheck(secret: string): Promise<void> {
  decoy ??= verifierOf('a name nobody has');
  await matches(await decoy, secret);
}
