// The program without its window: a shell's main thread with the real core in its worker, asked by the test over IPC.

import { startCore } from '../../../../electron/shells/core-client.ts';
import { openLog } from '../../../../electron/shells/log.ts';
import { coreWorkerFile } from '../../../../electron/shells/places.ts';

const dataDir = process.argv[2]!;
const core = startCore({
  dataDir,
  mode: 'real',
  appVersion: '0.0.0-test',
  workerFile: coreWorkerFile(),
  log: openLog(dataDir),
});
core.subscribe((client, message) => process.send!({ type: 'event', client, message }));
process.on('message', ({ id, client, method, input }: Record<string, string & number>) => {
  void core.invoke(client!, method!, input).then((answer) => process.send!({ type: 'answer', id, answer }));
});
await core.ready;
process.send!({ type: 'ready' });
