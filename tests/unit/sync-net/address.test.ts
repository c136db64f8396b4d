import { describe, expect, it } from 'vitest';
import { DEFAULT_PORT, readAddress, spellAddress } from '../../../electron/sync/address.ts';

describe('an address that was typed', () => {
  it.each([
    ['tinh.example.vn', 'tinh.example.vn', DEFAULT_PORT],
    [' TINH.example.vn ', 'tinh.example.vn', DEFAULT_PORT],
    ['10.0.0.5:7000', '10.0.0.5', 7000],
    ['https://tinh.example.vn/', 'tinh.example.vn', DEFAULT_PORT],
    ['wss://tinh.example.vn:443', 'tinh.example.vn', 443],
    ['[2001:db8::1]:7443', '2001:db8::1', 7443],
    ['2001:db8::1', '2001:db8::1', DEFAULT_PORT],
  ])('%s', (typed, host, port) => {
    expect(readAddress(typed)).toEqual({ host, port, plain: false });
  });

  it.each([
    '',
    '  ',
    'không phải',
    'a b',
    'host:0',
    'host:70000',
    'host:abc',
    'http//x',
    'user@host',
    'host/path',
  ])('is none: %j', (typed) => {
    expect(readAddress(typed)).toBeNull();
  });

  it('is without TLS on this PC only', () => {
    expect(readAddress('ws://127.0.0.1:9000')).toEqual({ host: '127.0.0.1', port: 9000, plain: true });
    expect(readAddress('ws://10.0.0.5:9000')).toBeNull();
  });

  it('is spelled so that it is read again', () => {
    for (const typed of ['10.0.0.5:7000', '[2001:db8::1]:7443', 'tinh.example.vn:443', 'ws://localhost:1'])
      expect(spellAddress(readAddress(typed)!)).toBe(typed);
  });
});
