// The same documents over the same poor lines, by this program and by other sync engines, in one run: the kit that
// drives them is given, this program joins it as one peer more (peer.mjs).
//   node tests/bench/links.ts --kit FOLDER [--peers tram,tram-tls,tram-hub,pouchdb,rxdb] [--links lan,64k,…] [--docs 1000]
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Name → how the kit is asked for it, and what of this program's is to stay below which limit, in seconds. */
const links: Readonly<
  Record<
    string,
    { preset: string; options?: object; phases: string; limits: Readonly<Record<string, number>> }
  >
> = {
  lan: { preset: 'lan', phases: 'push,pull,noop,live', limits: { push: 0.4, pull: 0.4 } },
  '256k': { preset: '256k', phases: 'push,pull,noop,live', limits: {} },
  '64k': {
    preset: '64k',
    phases: 'push,pull,noop,edit1,edit20,live',
    limits: { push: 20, pull: 20, noop: 3.3, live: 1.1 },
  },
  'reset-20s': { preset: '64k-reset', phases: 'push,pull', limits: { push: 24, pull: 24 } },
  'reset-8s': {
    preset: '64k',
    options: { resetEveryMs: 8_000 },
    phases: 'push,pull',
    limits: { push: 32, pull: 32 },
  },
  'half-open': { preset: '64k-halfopen', phases: 'push,pull', limits: { push: 50, pull: 50 } },
  lossy: { preset: '64k-lossy', phases: 'push,pull', limits: {} },
  storm: { preset: 'storm', phases: 'push,pull', limits: { push: 90, pull: 90 } },
};
const ours: Readonly<Record<string, string>> = { tram: 'plain', 'tram-tls': 'tls', 'tram-hub': 'hub' };

const { values: options } = parseArgs({
  options: {
    kit: { type: 'string' },
    peers: { type: 'string', default: 'tram,tram-tls,tram-hub' },
    links: { type: 'string', default: Object.keys(links).join(',') },
    docs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    cap: { type: 'string', default: '900' },
  },
});
const kit = options.kit;
if (kit === undefined || !existsSync(join(kit, 'bench.mjs'))) {
  console.error('Where is the benchmark kit? --kit FOLDER (the folder of its bench.mjs)');
  process.exit(2);
}

interface Phase {
  readonly wallMs?: number;
  readonly medianMs?: number;
  readonly verified: unknown;
  readonly error?: string;
  readonly upBytes?: number;
  readonly downBytes?: number;
  readonly resets?: number;
  /** Of `live`: bytes of one edit at the writer. */
  readonly aUp?: number;
  readonly aDown?: number;
}

const rows: object[] = [];
let over = 0;
for (const name of options.links.split(',')) {
  const link = links[name];
  if (!link) throw new Error(`no line ${name}`);
  for (const peer of options.peers.split(',')) {
    const phases = await measure(kit, peer, name, link);
    for (const [phase, seen] of Object.entries(phases)) {
      const limit = peer in ours ? link.limits[phase] : undefined;
      const seconds = (seen.medianMs ?? seen.wallMs ?? 0) / 1000;
      // null: the kit has nothing to compare after this phase
      const complete = seen.verified === true || (seen.verified === null && seen.error === undefined);
      const late = limit !== undefined && (seconds > limit || !complete);
      if (late) over += 1;
      const beside = limit === undefined ? '' : `of ${limit} s = ${(seconds / limit).toFixed(2)}×`;
      console.log(
        `${late ? 'OVER' : '    '} ${name.padEnd(10)}${peer.padEnd(10)}${phase.padEnd(12)}${seconds.toFixed(2).padStart(8)} s ${beside.padEnd(16)} up ${seen.upBytes ?? seen.aUp} down ${seen.downBytes ?? seen.aDown} resets ${seen.resets ?? 0} ${complete ? 'complete' : `NOT COMPLETE ${seen.error ?? String(seen.verified)}`}`,
      );
      rows.push({ link: name, peer, phase, seconds, limit, load: loadavg()[0], ...seen });
    }
  }
}
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
const file = join(results, `links-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
writeFileSync(file, `${JSON.stringify({ docs: Number(options.docs), seed: options.seed, rows }, null, 1)}\n`);
console.log(file);
if (over > 0) process.exitCode = 1;

async function measure(
  folder: string,
  peer: string,
  name: string,
  link: (typeof links)[string],
): Promise<Record<string, Phase>> {
  const as = ours[peer];
  const args = [
    'bench.mjs',
    ...['--peer', peer, '--link', link.preset, '--phases', link.phases, '--tag', name],
    ...['--docs', options.docs, '--seed', options.seed, '--cap', options.cap],
    ...(link.options ? ['--linkOpts', JSON.stringify(link.options)] : []),
    ...(as !== undefined ? ['--peer-module', join(import.meta.dirname, 'peer.mjs')] : []),
  ];
  const ran = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TRAM_BENCH_AS: as ?? '' },
  });
  await new Promise((exited) => ran.once('exit', exited));
  const result = join(folder, 'results', `${peer}.${link.preset}.${name}.json`);
  const { phases } = JSON.parse(readFileSync(result, 'utf8'));
  return phases;
}
