// The `tram` command: the same core as the windows, without a page. Logs in like a person at the screen,
// so what an account may not do there it may not do here.

import { appVersion } from '../version.ts';
import { parse } from './arguments.ts';
import { backup } from './backup.ts';
import { doctor } from './doctor.ts';
import { fingerprint } from './fingerprint.ts';
import { exitCodes, type Job } from './job.ts';
import { rebuild } from './rebuild.ts';
import { restore } from './restore.ts';
import { secretSource } from './secret.ts';
import { sign } from './sign.ts';
import { enrol, sync } from './sync.ts';
import { users } from './users.ts';
import { verify } from './verify.ts';
import { verifyLog } from './verify-log.ts';
import { wordsIn } from './words.ts';

const jobs: Record<string, (job: Job) => Promise<number>> = {
  doctor,
  'verify-log': verifyLog,
  rebuild,
  backup,
  restore,
  users,
  sync,
  enrol,
  fingerprint,
  sign,
  verify,
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
    const run = jobs[asked.command];
    return run ? await run({ asked, ...words, print, complain, secrets: secretSource() }) : exitCodes.usage;
  } catch (bug) {
    console.error(bug);
    return exitCodes.bug;
  }
}
