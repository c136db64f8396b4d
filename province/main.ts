// The provincial server as a program. Usage: province [run|new-log|reset-password NAME|import FILE] [options], see
// docs/operations/province.md.
// Without any option it keeps a database of its own and needs no set-up.
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { takeCarriedFile } from './carried-file.ts';
import { type Province, type ProvinceOptions, startProvince } from './index.ts';
import { logLevels, logLines } from './log-lines.ts';
import { resetPassword } from './trust/administrators.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string' },
    data: { type: 'string' },
    name: { type: 'string' },
    listen: { type: 'string' },
    page: { type: 'string' },
    plain: { type: 'string' },
    anchors: { type: 'string' },
    'log-level': { type: 'string' },
  },
});
const { env } = process;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const level = logLevels.find((one) => one === (values['log-level'] ?? env.TRAM_LOG_LEVEL ?? 'info'));
const options = readOptions();
if (typeof options === 'string' || !level) {
  console.error(typeof options === 'string' ? options : `--log-level: ${logLevels.join(', ')}`);
  process.exitCode = 2;
} else {
  await main(options).catch((error: unknown) => {
    console.error(`The province could not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  });
}

async function main(chosen: ProvinceOptions): Promise<void> {
  const [command = 'run', name] = positionals;
  const log = logLines(level ?? 'info', (line) => process.stderr.write(`${line}\n`));
  if (command === 'run') await run({ ...chosen, log });
  else if (command === 'new-log')
    await once(chosen, async ({ admin }) => say(`New logs: ${(await admin.newLog('command line')).centers}`));
  else if (command === 'reset-password' && name)
    await once(chosen, async ({ database }) => {
      const password = await resetPassword(database, name, Date.now());
      say(password === null ? `No administrator ${name}` : `New password of ${name}: ${password}`);
      if (password === null) process.exitCode = 1;
    });
  else if (command === 'import' && name) await once(chosen, (province) => importFile(province, name));
  else {
    console.error(
      'province [run|new-log|reset-password NAME|import FILE] [--database URL] [--data DIR] [--name NAME]',
    );
    console.error(
      '  [--listen HOST:PORT] [--page HOST:PORT|off] [--plain PORT] [--anchors DIR] [--log-level LEVEL]',
    );
    process.exitCode = 2;
  }
}

/** What somebody brought on a stick; the answer is written beside it, to be carried back. */
async function importFile({ database, storeOf }: Province, path: string): Promise<void> {
  const file = await readFile(path);
  const { result, answer } = await takeCarriedFile({ db: database, storeOf, now: Date.now }, file);
  const { accepted, duplicates, refused, complete, problem } = result;
  say(`${accepted} changes taken in, ${duplicates} were here already, ${refused} set aside.`);
  if (!complete) say(problem === null ? 'The file ends too early.' : `The file was not read on: ${problem}.`);
  if (!complete || refused > 0) process.exitCode = 1;
  if (!answer) return;
  const answerPath = `${path.replace(/\.tram$/, '')}-answer.tram`;
  await writeFile(answerPath, answer);
  say(`Answer to carry back: ${answerPath}`);
}

async function run(chosen: ProvinceOptions): Promise<void> {
  const province = await startProvince(chosen);
  const end = (): void => {
    void province.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  process.on('unhandledRejection', (bug) => {
    chosen.log?.('error', 'unhandled_rejection', { error: bug instanceof Error ? bug.name : 'unknown' });
    process.exitCode = 1;
    end();
  });
  greet(province, chosen);
}

function greet(
  { name, port, plainPort, pagePort, firstPassword, fingerprint }: Province,
  chosen: ProvinceOptions,
): void {
  say(`${name} is running${chosen.databaseUrl ? '' : `, database in ${chosen.folder}`}.`);
  if (port !== null)
    say(`  Stations:    ${chosen.listen?.host}:${port} (certificate ${fingerprint.slice(0, 16)}…)`);
  if (plainPort !== null)
    say(`  Without TLS: ws://127.0.0.1:${plainPort} (this computer only, nobody is checked)`);
  if (pagePort !== null) say(`  Admin page:  http://${chosen.page?.host}:${pagePort}/`);
  if (firstPassword !== null)
    say(
      `  First administrator: admin, password ${firstPassword} (shown this once, to be changed at the first login)`,
    );
}

/** A command beside a running province: no doors. */
async function once(chosen: ProvinceOptions, work: (province: Province) => Promise<void>): Promise<void> {
  const { page: _page, plain: _plain, ...others } = chosen;
  const province = await startProvince({ ...others, listen: null, followPeople: false });
  try {
    await work(province);
  } finally {
    await province.close();
  }
}

/** Answers what is wrong with them otherwise. */
function readOptions(): ProvinceOptions | string {
  const listen = readAddress(values.listen ?? env.TRAM_PROVINCE_LISTEN ?? '0.0.0.0:7443');
  const pageText = values.page ?? env.TRAM_PROVINCE_PAGE ?? '127.0.0.1:7480';
  const page = pageText === 'off' ? null : readAddress(pageText);
  const plain = values.plain === undefined ? null : Number(values.plain);
  if (!listen) return '--listen: HOST:PORT expected';
  if (pageText !== 'off' && !page) return '--page: HOST:PORT or off expected';
  if (plain !== null && !isPort(plain)) return '--plain: a port expected';
  const databaseUrl = values.database ?? env.DATABASE_URL;
  const name = values.name ?? env.TRAM_PROVINCE_NAME;
  return {
    ...(databaseUrl && { databaseUrl }),
    ...(name && { name }),
    folder: values.data ?? env.TRAM_PROVINCE_DATA ?? defaultFolder(),
    listen,
    ...(page && { page }),
    ...(plain !== null && { plain: { port: plain } }),
    ...(env.TRAM_PROVINCE_METRICS_TOKEN && { metricsToken: env.TRAM_PROVINCE_METRICS_TOKEN }),
    papers: {
      ...(env.TRAM_PROVINCE_OPENSSL && { openssl: env.TRAM_PROVINCE_OPENSSL }),
      anchors: values.anchors ?? env.TRAM_PROVINCE_ANCHORS ?? null,
    },
  };
}

function readAddress(text: string): { host: string; port: number } | null {
  const [, host, port] = /^(?:\[?([^\]]*?)\]?:)?(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && isPort(Number(port)) ? { host: host || '0.0.0.0', port: Number(port) } : null;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function defaultFolder(): string {
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'TramProvince');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'tram-province');
}
