// The serial barcode scanner, over a real pair of terminals, and what is listed as plugged in.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listDevices, realDevices } from '../../../electron/station/devices.ts';
import { knownDevice } from '../../../electron/station/known-devices.ts';
import { assembleScans } from '../../../electron/station/scanner.ts';
import { foundedCore } from '../../unit/support/open-test-core.ts';

const cccd = '036085001234|123456789|Nguyễn Thị Hoà|02031985|Nữ|Xã Mường Lặng, Nghệ An|05062021';

/** Two ends of one line: `device` plays the scanner, `host` is the port the core opens. */
async function line(): Promise<{ device: string; host: string; cut(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-tty-'));
  const device = join(folder, 'device');
  const host = join(folder, 'host');
  const socat = spawn('socat', [`pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${host}`]);
  const failed = new Promise<never>((_resolve, reject) => socat.once('error', reject));
  onTestFinished(() => {
    socat.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await Promise.race([failed, vi.waitFor(() => expect(existsSync(device) && existsSync(host)).toBe(true))]);
  return { device, host, cut: () => void socat.kill() };
}

describe('a scanner on a serial port', () => {
  it('hands each scan to the page somebody works at, and to no other', async () => {
    const { device, host } = await line();
    const center = await foundedCore();
    await center.core.invoke('stranger', 'station.status', {});
    await center.ok('admin', 'station.saveSettings', { scannerPort: host });
    await vi.waitFor(() =>
      expect(center.logged.some((l) => l.message === 'listening to the barcode scanner')).toBe(true),
    );
    writeFileSync(device, `${cccd}\r\n`);
    const scans = () => center.events.filter((e) => e.message.event === 'scan');
    await vi.waitFor(() => expect(scans()).toHaveLength(1));
    expect(scans()[0]).toEqual({ client: 'admin', message: { event: 'scan', payload: { raw: cccd } } });

    await center.ok('admin', 'access.lock', {});
    writeFileSync(device, `${cccd}\r\n`);
    await new Promise((done) => setTimeout(done, 200));
    expect(scans()).toHaveLength(1);
    await center.core.close();
  });

  it('does without a port that is not there, and says so once', async () => {
    const center = await foundedCore();
    await center.ok('admin', 'station.saveSettings', { scannerPort: '/dev/no-such-port' });
    await vi.waitFor(() =>
      expect(center.logged.filter((l) => l.message === 'the barcode scanner is not there')).toHaveLength(1),
    );
    await center.ok('admin', 'station.settings', {});
  });

  it('survives being unplugged', async () => {
    const { host, cut } = await line();
    const center = await foundedCore();
    await center.ok('admin', 'station.saveSettings', { scannerPort: host });
    await vi.waitFor(() =>
      expect(center.logged.some((l) => l.message === 'listening to the barcode scanner')).toBe(true),
    );
    cut();
    await vi.waitFor(() =>
      expect(center.logged.some((l) => l.message === 'the barcode scanner is not there')).toBe(true),
    );
    await center.ok('admin', 'station.settings', {});
  });
});

describe('bytes from a scanner', () => {
  const scansOf = async (...parts: Uint8Array[]): Promise<string[]> => {
    const scans: string[] = [];
    const { take } = assembleScans((raw) => scans.push(raw));
    for (const part of parts) take(part);
    await new Promise((done) => setTimeout(done, 100));
    return scans;
  };
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('become the same scan wherever the line splits them, also inside a letter', async () => {
    const whole = bytes(`${cccd}\r\n`);
    for (let at = 1; at < whole.length; at += 7)
      expect(await scansOf(whole.subarray(0, at), whole.subarray(at))).toEqual([cccd]);
  });

  it('end with silence where the scanner sends no line end', async () => {
    expect(await scansOf(bytes(cccd))).toEqual([cccd]);
  });

  it('keep two quick scans apart and drop empty lines', async () => {
    expect(await scansOf(bytes('8936\r\n\r\n8937\r'))).toEqual(['8936', '8937']);
  });

  it('are put into composed form', async () => {
    expect(await scansOf(bytes(cccd.normalize('NFD')))).toEqual([cccd]);
  });

  it('are dropped when they never end', async () => {
    expect(await scansOf(new Uint8Array(10_000).fill(65), bytes('\r8936\r'))).toEqual(['8936']);
  });
});

describe('what is plugged in', () => {
  it('is listed with a name where one is known, without root hubs', async () => {
    const devices = await listDevices(
      {
        serialPorts: async () => [
          { path: 'COM3', manufacturer: 'wch.cn', vendorId: '1a86', productId: '7523' },
          { path: 'COM1' },
        ],
        usbDevices: async () => [
          { vendorId: 0x05ba, productId: 0x000a },
          { vendorId: 0x1d6b, productId: 0x0002 },
          { vendorId: 0x1234, productId: 0xabcd },
        ],
      },
      () => {},
    );
    expect(devices).toEqual([
      { kind: 'serial', name: 'COM3', detail: 'wch.cn', known: 'CH340 (cổng COM qua USB)' },
      { kind: 'serial', name: 'COM1', detail: '', known: null },
      { kind: 'usb', name: 'U.are.U 4500 (vân tay)', detail: '05ba:000a', known: 'U.are.U 4500 (vân tay)' },
      { kind: 'usb', name: '1234:abcd', detail: '1234:abcd', known: null },
    ]);
  });

  it('is an empty list where the bus cannot be read, and the page still opens', async () => {
    const logged: string[] = [];
    const devices = await listDevices(
      {
        serialPorts: () => Promise.reject(new Error('no udev')),
        usbDevices: () => Promise.reject(new Error('no bus')),
      },
      (_level, message) => logged.push(message),
    );
    expect(devices).toEqual([]);
    expect(logged).toEqual(['serial ports could not be listed', 'usb devices could not be listed']);
  });

  it('can be asked of this very machine', async () => {
    const devices = await listDevices(realDevices, () => {});
    for (const device of devices) expect(device.name).not.toBe('');
  });

  it('knows the product before its vendor', () => {
    expect(knownDevice(0x05ba, 0x000a)).toBe('U.are.U 4500 (vân tay)');
    expect(knownDevice(0x05ba, 0x9999)).toBe('DigitalPersona (vân tay)');
    expect(knownDevice(0x9999, 0x0001)).toBeNull();
  });
});
