// A serial port as it is typed, and as the core takes it.
import type { Input } from '../../../shared/api/index.ts';

export interface PortLine {
  readonly key: number;
  readonly path: string;
  /** Decimal; empty: the usual speeds are tried. */
  readonly baud: string;
  /** Hexadecimal, as makers print them; empty: as from the factory. */
  readonly address: string;
  /** Likewise; empty: as it was. */
  readonly password: string;
  readonly hasPassword: boolean;
}

type Port = Input<'fingerprint.savePorts'>['ports'][number];

/** The first field that cannot be meant. */
export function portWrong({ baud, address, password }: PortLine): 'baud' | 'address' | 'password' | null {
  if (
    baud.trim() !== '' &&
    !(/^\d{4,6}$/.test(baud.trim()) && Number(baud) >= 9600 && Number(baud) <= 921_600)
  )
    return 'baud';
  if (!isHex(address)) return 'address';
  return isHex(password) ? null : 'password';
}

/** Of a line nothing is wrong with. */
export const portOf = ({ path, baud, address, password }: PortLine): Port => ({
  path: path.trim(),
  baud: baud.trim() === '' ? null : Number(baud),
  address: word(address),
  ...(password.trim() !== '' && { password: word(password) }),
});

const isHex = (text: string): boolean => /^([0-9a-f]{1,8})?$/i.test(bare(text));
const word = (text: string): number | null => (bare(text) === '' ? null : Number.parseInt(bare(text), 16));
const bare = (text: string): string => text.trim().replace(/^0x/i, '');
