// A process that writes one station's changes into a center's log, a few at a time: node appending-writer.ts URL
// CENTER STATION COUNT. Prints how far it is after each commit.
import { openDatabase } from '../../../province/database/open.ts';
import { append, readRuns } from '../../../province/log/append.ts';
import { station, writer } from '../../unit/province/support.ts';

const [url, center, n, count] = process.argv.slice(2);
const db = await openDatabase({ databaseUrl: url!, folder: '/nonexistent' }, () => {});
const mine = writer(station(Number(n)));
while (mine.stored.length < Number(count)) {
  const run = mine.write(1 + (mine.stored.length % 7));
  await db.transaction(async (tx) => {
    const { end } = await append(tx, Number(center), readRuns([run]), mine.feed.station, Date.now());
    // between the number and the commit: where a sequence would let others overtake
    await tx.query('select pg_sleep($1)', [Math.random() * 0.01]);
    process.stdout.write(`${end}\n`);
  });
}
await db.close();
