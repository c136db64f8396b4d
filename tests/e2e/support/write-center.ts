// Run by make-center.ts: writes the training center into the folder named on the command line.
import { createTrainingCenter } from '../../../electron/training/create.ts';

const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('usage: write-center.ts FOLDER');
const made = await createTrainingCenter({
  dataDir,
  appVersion: '0.0.0',
  now: Date.now(),
  log: () => undefined,
});
if (!made.ok) throw new Error(`no training center: ${made.error.code}`);
