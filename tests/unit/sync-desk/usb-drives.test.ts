// Which folders are memory sticks, from what each system tells.
import { expect, it } from 'vitest';
import { drivesFromMounts, drivesFromWindows } from '../../../electron/sync/usb-drives.ts';

it('takes what is mounted where desktops and people mount sticks, and what can be written', () => {
  const mounts = [
    '/dev/sda1 / ext4 rw,relatime 0 0',
    'proc /proc proc rw 0 0',
    String.raw`/dev/sdb1 /media/hoa/USB\040C\341\272\245p\040c\341\273\251u vfat rw,nosuid 0 0`,
    '/dev/sdc1 /run/media/hoa/KINGSTON exfat rw,nosuid 0 0',
    '/dev/sdd1 /mnt vfat rw 0 0',
    '/dev/sr0 /media/cdrom iso9660 ro,nosuid 0 0',
    '/dev/sde1 /mnt2/other ext4 rw 0 0',
    '',
  ].join('\n');
  expect(drivesFromMounts(mounts)).toEqual(['/media/hoa/USB Cấp cứu', '/mnt', '/run/media/hoa/KINGSTON']);
});

it('reads drive letters as Windows lists them, and nothing else', () => {
  expect(drivesFromWindows('E:\r\nf:\r\n\r\n')).toEqual(['E:\\', 'F:\\']);
  expect(drivesFromWindows('Get-CimInstance : access denied\r\n')).toEqual([]);
});
