// Dictionaries this program compresses with, newest first. A station that lacks them speaks plain zstd.
import { dictionary1 } from '../../shared/sync/dictionary-1.gen.ts';
import { type Dictionary, dictionaryOf } from '../../shared/sync/frames.ts';
import { sha256Of } from './line.ts';

export const dictionaries: readonly Dictionary[] = [
  dictionaryOf(Buffer.from(dictionary1.base64, 'base64'), sha256Of),
];
