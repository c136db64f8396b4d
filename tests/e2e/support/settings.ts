// What the configuration and the tests agree on. Imports nothing but Node.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const timeZone = 'Asia/Ho_Chi_Minh';

export const projectRoot = join(import.meta.dirname, '..', '..', '..');

/** Training centers are made once a run, in folders of this one, and copied for each file that wants one. */
export const centerFolder = process.env.TRAM_E2E_CENTER ?? join(tmpdir(), `tram-e2e-center-${process.ppid}`);
