// Takes a picture through a helper and tells the helper's pid: as a program of its own or as a thread of the tests.
import { parentPort, workerData } from 'node:worker_threads';
import type { VendorName } from '../../../electron/fingerprint/readers/vendor/vendor.ts';
import { asking, openBench } from './support.ts';

const [vendor, folder] = parentPort ? [workerData.vendor, workerData.folder] : process.argv.slice(2);
const bench = openBench(
  { vendor: vendor as VendorName, folder, behave: () => {} },
  { deadlines: { silenceMs: 60_000 } },
);
const [info] = await bench.family.discover();
const reader = await bench.family.open(info!);
if (!reader.ok) throw new Error(reader.error.code);
void reader.value.capture(asking(60_000));
const pid = bench.helpers[0]!.pid!;
if (parentPort) parentPort.postMessage(pid);
else process.stdout.write(String(pid));
