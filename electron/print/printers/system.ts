// The printers of the system this runs on.
import type { Printers } from '../types.ts';
import { cupsPrinters } from './cups.ts';
import { windowsPrinters } from './windows.ts';

export const systemPrinters = (platform: NodeJS.Platform = process.platform): Printers =>
  platform === 'win32' ? windowsPrinters() : cupsPrinters();
