// What a script makes of `tram verify` rests on its exit code alone.
import { expect, it } from 'vitest';
import { exitCodes, verdictCodes } from '../../../../electron/shells/cli/exit-codes.ts';

it('no failure of the command itself looks like a verdict on a signature', () => {
  const { good, problem, ...failures } = exitCodes;
  expect([good, problem]).toEqual([verdictCodes.valid, verdictCodes.invalid]);
  for (const code of Object.values(failures)) expect(Object.values(verdictCodes)).not.toContain(code);
});
