// Signing measured: what a batch of 50 papers costs beyond the token's own time, and what looking at them again costs.
// CPU time of one thread beside the clock, because other work may share the machine; prints a table and JSON.
//   node tests/bench/signing.ts
// Ends with 1 when the budget is missed: 50 CAdES-B within 2 s, the token's own time not counted.
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { readSignedData, signCades, verifyCades } from '../../electron/signing/cms/index.ts';
import { memoryCache } from '../../electron/signing/judge/cache.ts';
import { type Judge, openJudge } from '../../electron/signing/judge/judge.ts';
import { openTrainingTokens, trainingRoot, withTrainingLine } from '../../electron/signing/training/index.ts';
import type { SigningKey } from '../../electron/signing/types.ts';
import { verdictOf } from '../../electron/signing/verdict.ts';

const PAPERS = 50;
const BUDGET_MS = 2_000;
/** A paper's canonical JSON is a few kB; the PDF of a long bệnh án, signed too, is some hundred. */
const sizes = { content: 8_000, pdf: 400_000 } as const;

interface Figure {
  readonly what: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** In the key's holder, of the wall's. */
  readonly keyMs: number;
}

const { key, spent } = timed(await trainingKey());
const figures: Figure[] = [];
for (const [what, bytes] of Object.entries(sizes)) {
  const papers = Array.from({ length: PAPERS }, () => randomBytes(bytes));
  const containers: Buffer[] = [];
  figures.push(
    await measured(`sign ${PAPERS} × ${what}`, async () => {
      for (const content of papers) {
        const made = await signCades({ content, key, algorithm: 'rsa-pkcs1-sha256', at: Date.now() });
        if (!made.ok) throw new Error(made.error.code);
        containers.push(made.value);
      }
    }),
  );
  const judge = trainingJudge();
  figures.push(
    await measured(`verify ${PAPERS} × ${what}`, async () => {
      for (const [i, container] of containers.entries()) {
        const { state, reasons } = verdictOf(await verifyCades(container, papers[i] ?? null, judge));
        if (state !== 'valid') throw new Error(reasons.join());
      }
    }),
  );
  if (containers.some((container) => readSignedData(container).signers.length !== 1))
    throw new Error('not signed');
}
console.table(figures);
const over = figures.filter(
  ({ what, wallMs, keyMs }) => what.startsWith('sign') && wallMs - keyMs > BUDGET_MS,
);
console.log(
  JSON.stringify({ load: loadavg().map((load) => Number(load.toFixed(1))), budgetMs: BUDGET_MS, figures }),
);
process.exitCode = over.length > 0 ? 1 : 0;

async function measured(what: string, work: () => Promise<void>): Promise<Figure> {
  const [wall, cpu, before] = [performance.now(), process.cpuUsage(), spent()];
  await work();
  const used = process.cpuUsage(cpu);
  const round = (ms: number): number => Math.round(ms * 10) / 10;
  return {
    what,
    wallMs: round(performance.now() - wall),
    cpuMs: round((used.user + used.system) / 1_000),
    keyMs: round(spent() - before),
  };
}

function trainingKey(): Promise<SigningKey> {
  const options = {
    mode: 'training',
    folder: null,
    idleMs: () => 60_000,
    now: Date.now,
    log: () => {},
  } as const;
  return openTrainingTokens({ ...options, signingMs: 0 }).keyOf({
    userId: 'bench',
    fullName: 'Nguyễn Văn Đo',
  });
}

function trainingJudge(): Judge {
  return openJudge({
    trust: { anchors: [], intermediates: [] },
    trainingAnchors: [trainingRoot()],
    training: true,
    fetch: withTrainingLine(null, Date.now),
    cache: memoryCache(),
    now: Date.now,
  });
}

function timed(inner: SigningKey): { key: SigningKey; spent(): number } {
  let ms = 0;
  return {
    spent: () => ms,
    key: {
      ...inner,
      async sign(data, algorithm) {
        const from = performance.now();
        const signature = await inner.sign(data, algorithm);
        ms += performance.now() - from;
        return signature;
      },
    },
  };
}
