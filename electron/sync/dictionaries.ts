// Dictionaries this program compresses with, newest first. A place that lacks them speaks plain zstd.
import { dictionary1 } from '../../shared/sync/dictionary-1.gen.ts';
import { type Dictionary, dictionaryOf } from '../../shared/sync/frames.ts';
import { sha256 } from '../store/crypto.ts';

export const dictionaries: readonly Dictionary[] = [
  dictionaryOf(Buffer.from(dictionary1.base64, 'base64'), sha256),
];
