// `npm run check`: what to run before each commit, all at once, under 30 s. Shows output of what failed only.
import { performance } from 'node:perf_hooks';
import { staticSteps, unitStep } from './steps.ts';
import { node } from './tools.ts';

const budgetSeconds = 30;
const started = performance.now();

const results = await Promise.all(
  [...staticSteps(), unitStep()].map(async ({ name, args }) => {
    const ran = await node(args);
    console.log(`${ran.ok ? '✓' : '✗'} ${name} (${ran.seconds.toFixed(1)} s)`);
    return { name, ...ran };
  }),
);

for (const { name, ok, output } of results) if (!ok) console.log(`\n── ${name}\n${output.trim()}`);
const seconds = (performance.now() - started) / 1000;
const failed = results.filter(({ ok }) => !ok).length;
console.log(`\n${results.length - failed} passed, ${failed} failed in ${seconds.toFixed(1)} s`);
if (seconds > budgetSeconds) console.log(`Slower than the ${budgetSeconds} s a check may take.`);
process.exitCode = failed > 0 ? 1 : 0;
