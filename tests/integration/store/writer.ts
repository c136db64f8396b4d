// Writes as fast as it can until it is killed, and says after each save that it was confirmed.
import { writeSync } from 'node:fs';
import { openStore } from '../../../electron/store/open.ts';
import { ok } from '../../../shared/api/contract.ts';
import { nobody, sampleArea, sampleMigrations, thingNote, thingOpen } from '../../unit/store/sample-area.ts';

const [path = ''] = process.argv.slice(2);
const opened = openStore({
  path,
  key: Buffer.alloc(32, 3),
  areas: [sampleArea],
  migrations: sampleMigrations,
});
if (!opened.ok) throw new Error(opened.error.code);
writeSync(1, 'open\n');
for (;;) {
  const id = crypto.randomUUID();
  const saved = opened.value.write(nobody, (tx) => {
    tx.append(thingOpen, { id, body: { name: 'x'.repeat(Math.floor(Math.random() * 1500)) } });
    for (let n = 0; n < 5; n++)
      tx.append(thingNote, { id: `${id}-${n}`, refs: [`thing:${id}`], body: { text: `${n}` } });
    return ok(id);
  });
  if (saved.ok) writeSync(1, `${saved.value}\n`);
}
