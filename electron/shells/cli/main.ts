// The `tram` command: the same core as the windows, without a page. Logs in like a person at the screen,
// so what an account may not do there it may not do here.

import { appVersion } from '../version.ts';
import { type Command, parse } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Job } from './job.ts';
import { secretSource } from './secret.ts';
import { wordsIn } from './words.ts';

/** Loaded when asked for: most of them bring the whole core along, which a look at one file does not need. */
const jobs: Readonly<Record<Command, () => Promise<(job: Job) => Promise<number>>>> = {
  doctor: async () => (await import('./doctor.ts')).doctor,
  'verify-log': async () => (await import('./verify-log.ts')).verifyLog,
  rebuild: async () => (await import('./rebuild.ts')).rebuild,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  users: async () => (await import('./users.ts')).users,
  sync: async () => (await import('./sync.ts')).sync,
  enrol: async () => (await import('./sync.ts')).enrol,
  fingerprint: async () => (await import('./fingerprint.ts')).fingerprint,
  sign: async () => (await import('./sign.ts')).sign,
  verify: async () => (await import('./verify.ts')).verify,
  proof: async () => (await import('./proof.ts')).proof,
};

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = parse(process.argv.slice(2));
  if (!asked) {
    console.error(wordsIn('vi').say('badUsage'));
    return exitCodes.usage;
  }
  const words = wordsIn(asked.language);
  const print = (line: string): void => console.log(line);
  const complain = (line: string): void => console.error(line);
  if (asked.command === 'help') {
    print(words.say('help'));
    return exitCodes.good;
  }
  if (asked.command === 'version') {
    print(appVersion());
    return exitCodes.good;
  }
  try {
    const run = await jobs[asked.command]();
    return await run({ asked, ...words, print, complain, secrets: secretSource() });
  } catch (bug) {
    console.error(bug);
    return exitCodes.bug;
  }
}
