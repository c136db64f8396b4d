// The checks that need no build, shared by `npm run check` and `npm test`.
import { tool } from './tools.ts';

export interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

export const staticSteps = (): readonly Step[] => [
  { name: 'format and lint (biome)', args: [tool('@biomejs/biome', 'biome'), 'ci', '.'] },
  { name: 'promises and switches (oxlint)', args: [tool('oxlint'), '--type-aware'] },
  { name: 'types', args: [tool('typescript', 'tsc'), '-b'] },
  { name: 'migrations compiled', args: ['scripts/compile-migrations.ts', '--check'] },
];

export const unitStep = (): Step => ({
  name: 'unit tests',
  // by itself Vitest leaves a core free, which on two cores is half of them
  args: [tool('vitest'), 'run', '--project', 'unit', '--maxWorkers=100%'],
});
