// `npm run torture`: the tests that try to break promises, for as long as you like, each time with another seed.
// Usage: npm run torture -- [--rounds 500] [--cases 100000] [--histories 100000] [--seed N] [name of a test file]
import { parseArgs } from 'node:util';
import { node, tool } from './tools.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '500' },
    cases: { type: 'string', default: '100000' },
    histories: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});

console.log(`seed ${values.seed}`);
const built = await node(['scripts/build.ts'], { show: true });
const ran = built.ok
  ? await node([tool('vitest'), 'run', '--project', 'torture*', ...positionals], {
      show: true,
      env: {
        TRAM_TORTURE_ROUNDS: values.rounds,
        TRAM_TORTURE_CASES: values.cases,
        TRAM_TORTURE_CUTS: values.rounds,
        TRAM_SIM_HISTORIES: values.histories,
        TRAM_TORTURE_SEED: values.seed,
      },
    })
  : built;
process.exitCode = ran.ok ? 0 : 1;
