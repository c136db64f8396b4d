// Serial ports as an administrator types them.
import { describe, expect, it } from 'vitest';
import { type PortLine, portOf, portWrong } from '../../../renderer/screens/station/port-line.ts';

const line = (part: Partial<PortLine>): PortLine => ({
  key: 0,
  path: 'COM3',
  baud: '',
  address: '',
  password: '',
  hasPassword: false,
  ...part,
});

describe('a serial port as typed', () => {
  it('means as from the factory where nothing is typed, and keeps the password', () => {
    expect(portWrong(line({}))).toBeNull();
    expect(portOf(line({ path: ' COM3 ', hasPassword: true }))).toEqual({
      path: 'COM3',
      baud: null,
      address: null,
    });
  });

  it('takes addresses and passwords as makers print them', () => {
    const typed = line({ baud: '115200', address: '0xFFFFFFFF', password: '00000010' });
    expect(portWrong(typed)).toBeNull();
    expect(portOf(typed)).toEqual({ path: 'COM3', baud: 115_200, address: 0xff_ff_ff_ff, password: 16 });
  });

  it.each([
    ['baud', { baud: '57k' }],
    ['baud', { baud: '300' }],
    ['baud', { baud: '9999999' }],
    ['address', { address: 'XYZ' }],
    ['address', { address: '123456789' }],
    ['password', { password: '12 34' }],
  ] as const)('names the %s of %j as wrong', (field, part) => {
    expect(portWrong(line(part))).toBe(field);
  });
});
