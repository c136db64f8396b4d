// Printers of Linux and macOS, by the programs CUPS brings. The PDF goes in by standard input; what CUPS keeps of it until
// it is printed lies in its own spool, which only the system can read.
import { fail, ok } from '../../../shared/api/contract.ts';
import type { Printers } from '../types.ts';
import { type Run, run as runProgram } from './run.ts';

export function cupsPrinters(run: Run = runProgram): Printers {
  // its words are read by us, so they must be English
  const env = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C', LANGUAGE: 'C' });
  const lpstat = (...args: string[]) => run('lpstat', args, { env: env() });

  return {
    async list() {
      const [names, chosen] = [await lpstat('-e'), await lpstat('-d')];
      const byDefault = defaultIn(chosen.out);
      return names.out
        .split('\n')
        .map((line) => line.trim())
        .filter((name) => name !== '')
        .map((name) => ({ name, isDefault: name === byDefault }));
    },

    async send({ pdf, printer, copies, title }) {
      const known = await this.list();
      const name = printer ?? known.find(({ isDefault }) => isDefault)?.name;
      if (name === undefined || !known.some((one) => one.name === name)) return fail('printer_missing');
      const options = [
        '-d',
        name,
        '-n',
        String(copies),
        '-t',
        title,
        '-o',
        'collate=true',
        '-o',
        'fit-to-page',
      ];
      const sent = await run('lp', [...options, '--', '-'], { input: pdf, env: env(), deadline: 60_000 });
      if (sent.missing) return fail('printer_missing');
      const systemJob = jobIn(sent.out);
      return sent.code === 0 && systemJob !== null ? ok({ systemJob }) : fail('print_failed');
    },

    async has(systemJob) {
      const { out, code } = await lpstat('-W', 'not-completed', '-o');
      // a print system that is down has not printed it
      if (code !== 0) return true;
      return out.split('\n').some((line) => line.split(/\s/, 1)[0] === systemJob);
    },

    async cancel(systemJob) {
      await run('cancel', [systemJob], { env: env() });
    },
  };
}

/** `system default destination: Canon_LBP2900` */
const defaultIn = (said: string): string | null =>
  /^system default destination: (\S+)/m.exec(said)?.[1] ?? null;

/** `request id is Canon_LBP2900-17 (1 file(s))` */
const jobIn = (said: string): string | null => /request id is (\S+)/.exec(said)?.[1] ?? null;
