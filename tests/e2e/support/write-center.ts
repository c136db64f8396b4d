// Run by make-center.ts: writes the training center into `full` of the folder named on the command line, and one with
// the same wards and people at a third of the size into `small`, for tests that walk over everything.
import { join } from 'node:path';
import { trainingWards } from '../../../electron/training/center.ts';
import { type CenterOptions, createTrainingCenter } from '../../../electron/training/create.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: write-center.ts FOLDER');

await make('full', {});
await make('small', {
  people: 400,
  freeBeds: 12,
  wards: trainingWards.map((ward) => ({ ...ward, rooms: ward.rooms.slice(0, 2) })),
});

async function make(name: string, size: Partial<CenterOptions>): Promise<void> {
  const made = await createTrainingCenter({
    ...size,
    dataDir: join(folder ?? '', name),
    appVersion: '0.0.0',
    now: Date.now(),
    log: () => undefined,
  });
  if (!made.ok) throw new Error(`no ${name} training center: ${made.error.code}`);
}
