// Printers of Windows, by what every Windows 10 and 11 has: PowerShell, which reads the PDF from its standard input, draws
// its pages with the system's own PDF reader (Windows.Data.Pdf) and prints them; no program to install and no file.
// Not tried on a real Windows yet: see docs/operations/printing.md.
import { fail, ok } from '../../../shared/api/contract.ts';
import type { Printers } from '../types.ts';
import { type Run, run as runProgram } from './run.ts';
import { listScript, printScript } from './windows-scripts.ts';

export function windowsPrinters(run: Run = runProgram): Printers {
  const powershell = (script: string, input?: Uint8Array, env: NodeJS.ProcessEnv = {}) =>
    run('powershell.exe', ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded(script)], {
      ...(input && { input }),
      env: { ...process.env, ...env },
      deadline: 120_000,
    });

  return {
    async list() {
      const { out } = await powershell(listScript);
      return out
        .split(/\r?\n/)
        .filter((line) => /^[01]\t./.test(line))
        .map((line) => ({ name: line.slice(2), isDefault: line.startsWith('1') }));
    },

    async send({ pdf, printer, copies, title }) {
      const known = await this.list();
      const name = printer ?? known.find(({ isDefault }) => isDefault)?.name;
      if (name === undefined || !known.some((one) => one.name === name)) return fail('printer_missing');
      // names go by the environment: nothing of them is ever read as a command
      const { code } = await powershell(printScript, Buffer.from(pdf.toString('base64')), {
        TRAM_PRINTER: name,
        TRAM_COPIES: String(copies),
        TRAM_TITLE: title,
      });
      // the script ends when Windows has all pages; what becomes of them there it does not say
      return code === 0 ? ok({ systemJob: null }) : fail('print_failed');
    },

    has: async () => false,
    cancel: async () => {},
  };
}

/** As PowerShell wants a script that nothing on the way may read: UTF-16, base64. */
const encoded = (script: string): string => Buffer.from(script, 'utf16le').toString('base64');
