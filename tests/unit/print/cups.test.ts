// What the programs of CUPS say, read; talking to a real print system is in tests/integration/print.
import { expect, it } from 'vitest';
import { cupsPrinters } from '../../../electron/print/printers/cups.ts';
import { type Run, run } from '../../../electron/print/printers/run.ts';
import { windowsPrinters } from '../../../electron/print/printers/windows.ts';
import { listScript, printScript } from '../../../electron/print/printers/windows-scripts.ts';

type Call = { program: string; args: readonly string[]; input?: string; env?: NodeJS.ProcessEnv };
function said(answers: Record<string, { code?: number | null; out?: string; missing?: boolean }>) {
  const calls: Call[] = [];
  const play: Run = async (program, args, { input, env } = {}) => {
    calls.push({
      program,
      args,
      ...(input && { input: Buffer.from(input).toString() }),
      ...(env && { env }),
    });
    const answer = answers[`${program} ${args[0]}`] ?? answers[program] ?? {};
    return {
      code: answer.missing ? null : (answer.code ?? 0),
      out: answer.out ?? '',
      missing: answer.missing ?? false,
    };
  };
  return { play, calls };
}
const job = { pdf: Buffer.from('%PDF'), printer: null, copies: 2, title: 'Tram abcd' };
const two = {
  'lpstat -e': { out: 'LBP2900\nHP_Tang_2\n' },
  'lpstat -d': { out: 'system default destination: HP_Tang_2\n' },
};

it('lists the printers there are, and which is the usual one', async () => {
  expect(await cupsPrinters(said(two).play).list()).toEqual([
    { name: 'LBP2900', isDefault: false },
    { name: 'HP_Tang_2', isDefault: true },
  ]);
  const none = said({ 'lpstat -d': { out: 'no system default destination\n' }, 'lpstat -e': { code: 1 } });
  expect(await cupsPrinters(none.play).list()).toEqual([]);
  expect(await cupsPrinters(said({ lpstat: { missing: true } }).play).list()).toEqual([]);
});

it('gives the PDF by standard input, in a language it can read the answer in', async () => {
  const { play, calls } = said({ ...two, lp: { out: 'request id is HP_Tang_2-17 (1 file(s))\n' } });
  expect(await cupsPrinters(play).send(job)).toEqual({ ok: true, value: { systemJob: 'HP_Tang_2-17' } });
  const lp = calls.find(({ program }) => program === 'lp')!;
  expect(lp.args.slice(0, 6)).toEqual(['-d', 'HP_Tang_2', '-n', '2', '-t', 'Tram abcd']);
  expect(lp.args.slice(-2)).toEqual(['--', '-']);
  expect(lp).toMatchObject({ input: '%PDF', env: { LC_ALL: 'C' } });
});

it.each([
  ['the printer is not there', { ...job, printer: 'Other' }, two, 'printer_missing'],
  ['there is no usual printer', job, { 'lpstat -e': two['lpstat -e'] }, 'printer_missing'],
  ['there is no CUPS', job, { lpstat: { missing: true } }, 'printer_missing'],
  ['CUPS refuses', job, { ...two, lp: { code: 1 } }, 'print_failed'],
  ['it says nothing of a job', job, { ...two, lp: { out: 'ok' } }, 'print_failed'],
])('says so when %s', async (_why, asked, answers, code) => {
  expect(await cupsPrinters(said(answers).play).send(asked)).toMatchObject({ ok: false, error: { code } });
});

it('knows a job by its whole name while the system has it, and takes it for there while the system is silent', async () => {
  const { play } = said({ 'lpstat -W': { out: 'HP-1 root 1024 Sun\nHP-12 root 1024 Sun\n' } });
  const printers = cupsPrinters(play);
  expect([await printers.has('HP-12'), await printers.has('HP-2')]).toEqual([true, false]);
  expect(await cupsPrinters(said({ lpstat: { code: 1 } }).play).has('HP-2')).toBe(true);
});

it('runs programs with a deadline and tells a missing one from one that fails', async () => {
  expect(await run('tram-no-such-program', [])).toMatchObject({ missing: true, code: null });
  expect(await run('sh', ['-c', 'cat; exit 3'], { input: Buffer.from('một') })).toEqual({
    code: 3,
    out: 'một',
    missing: false,
  });
  expect(await run('sh', ['-c', 'exec sleep 30'], { deadline: 50 })).toMatchObject({
    missing: false,
    code: null,
  });
  expect((await run('sh', ['-c', 'exit 0'], { input: Buffer.alloc(3_000_000) })).code).toBe(0);
});

it('speaks to Windows without putting a name into a command', async () => {
  const evil = 'HP"; Remove-Item C:\\ #';
  const { play, calls } = said({ 'powershell.exe': { out: `1\t${evil}\r\n0\tOneNote\r\n` } });
  const printers = windowsPrinters(play);
  expect(await printers.list()).toEqual([
    { name: evil, isDefault: true },
    { name: 'OneNote', isDefault: false },
  ]);
  expect(await printers.send(job)).toEqual({ ok: true, value: { systemJob: null } });
  const last = calls.at(-1)!;
  expect(last.args.join(' ')).not.toContain('Remove-Item');
  expect(Buffer.from(last.args.at(-1)!, 'base64').toString('utf16le')).toBe(printScript);
  expect(last.env).toMatchObject({ TRAM_PRINTER: evil, TRAM_COPIES: '2', TRAM_TITLE: 'Tram abcd' });
  expect(Buffer.from(last.input!, 'base64').toString()).toBe('%PDF');
  // a command line of Windows holds 32,767 characters
  for (const script of [listScript, printScript])
    expect(Buffer.from(script, 'utf16le').toString('base64').length).toBeLessThan(30_000);
});
