// Dictionaries this program compresses with, newest first. A station that lacks them speaks plain zstd.
import type { Dictionary } from '../../shared/sync/frames.ts';

export const dictionaries: readonly Dictionary[] = [];
