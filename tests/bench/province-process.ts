// A province in a process of its own, for benchmarks: node province-process.ts FOLDER PORT PLAIN|TLS [DATABASE_URL]
// Says `{port, fingerprint, code…}` over IPC when it listens; answers `codes` with one enrolment code each and
// `count` with the number of changes it holds.
import { startProvince } from '../../province/index.ts';

const [folder = '', port = '0', kind = 'plain', databaseUrl] = process.argv.slice(2);
const province = await startProvince({
  folder,
  ...(databaseUrl !== undefined && { databaseUrl }),
  listen: kind === 'tls' ? { host: '127.0.0.1', port: Number(port) } : null,
  ...(kind === 'plain' && { plain: { port: Number(port) } }),
});
const center = await centerOf();
process.on('message', (asked: { what: string }) => void answer(asked.what));
process.send?.({
  what: 'ready',
  port: province.port ?? province.plainPort,
  fingerprint: province.fingerprint,
});

async function centerOf(): Promise<number> {
  const [there] = await province.admin.centers();
  if (there) return there.center;
  const made = await province.admin.createCenter('bench', {
    name: 'Trung tâm đo',
    facilityCode: null,
    provinceCode: '11',
  });
  if (!made.ok) throw new Error(made.error.code);
  return made.value.center;
}

async function answer(what: string): Promise<void> {
  if (what === 'code') {
    const code = await province.admin.createCode('bench', center);
    process.send?.({ what: 'code', code: code.ok ? code.value.code : null });
  }
  if (what === 'count') {
    const heads = await province.storeOf(center).heads();
    process.send?.({ what: 'count', count: heads.reduce((n, head) => n + head.seq, 0) });
  }
  if (what === 'memory') process.send?.({ what: 'memory', ...process.memoryUsage() });
  if (what === 'stop') {
    await province.close();
    process.exit(0);
  }
}
