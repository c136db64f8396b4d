// `npm run conformance -- limbo FILE | wycheproof FILE… [--json] [--failures]`: this program's own judgement of public
// test vectors (x509-limbo, Wycheproof), case by case, then totals. Exit 1 when something was accepted that must not be,
// or a signature was judged differently; 2 when a file holds no cases.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { judgeLimbo } from './conformance/limbo.ts';
import type { Outcome } from './conformance/outcome.ts';
import { judgeWycheproof } from './conformance/wycheproof.ts';

const sets = { limbo: judgeLimbo, wycheproof: judgeWycheproof };

function main(args: readonly string[]): number {
  const options = new Set(args.filter((arg) => arg.startsWith('--')));
  const [set, ...files] = args.filter((arg) => !arg.startsWith('--'));
  if ((set !== 'limbo' && set !== 'wycheproof') || files.length === 0) {
    console.error('npm run conformance -- limbo|wycheproof FILE… [--json] [--failures]');
    return 2;
  }
  const json = options.has('--json');
  const outcomes: ({ readonly file: string } & Outcome)[] = [];
  for (const file of files) {
    try {
      const judged = sets[set](JSON.parse(readFileSync(file, 'utf8')));
      outcomes.push(...judged.map((outcome) => ({ file: basename(file), ...outcome })));
    } catch (error) {
      console.error(`${file} is no file of ${set}: ${error instanceof Error ? error.message : 'unreadable'}`);
      return 2;
    }
  }
  for (const outcome of outcomes) {
    if (options.has('--failures') && outcome.verdict === 'right') continue;
    console.log(json ? JSON.stringify(outcome) : line(outcome));
  }
  const totals = totalsOf(outcomes);
  console.log(json ? JSON.stringify({ set, totals }) : summary(set, totals, outcomes));
  return totals.wronglyAccepted + (set === 'wycheproof' ? totals.wronglyRefused : 0) > 0 ? 1 : 0;
}

const marks: Readonly<Record<Outcome['verdict'], string>> = {
  right: 'ok  ',
  'wrongly accepted': 'BAD ',
  'wrongly refused': 'MISS',
  'outside policy': 'out ',
};

const line = ({ verdict, id, expected, got, why }: Outcome): string =>
  `${marks[verdict]} ${id}: expected ${expected}, ${got}${why === '' ? '' : ` (${why})`}`;

function totalsOf(outcomes: readonly Outcome[]) {
  const count = (verdict: Outcome['verdict']) => outcomes.filter((o) => o.verdict === verdict).length;
  return {
    cases: outcomes.length,
    right: count('right'),
    wronglyAccepted: count('wrongly accepted'),
    wronglyRefused: count('wrongly refused'),
    outsidePolicy: count('outside policy'),
  };
}

function summary(set: string, totals: ReturnType<typeof totalsOf>, outcomes: readonly Outcome[]): string {
  const listed = (['wrongly accepted', 'wrongly refused'] as const).flatMap((verdict) =>
    outcomes.filter((o) => o.verdict === verdict).map((o) => `${verdict}: ${o.id}: ${o.why}`),
  );
  return [
    '',
    ...listed,
    `TOTAL ${set}: ${totals.cases} cases, ${totals.right} right, ${totals.wronglyAccepted} wrongly accepted, ` +
      `${totals.wronglyRefused} wrongly refused, ${totals.outsidePolicy} outside policy (refused, not counted)`,
  ].join('\n');
}

process.exitCode = main(process.argv.slice(2));
