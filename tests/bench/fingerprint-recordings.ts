// Plays recordings of real readers to the USB driver and compares its pictures with the ones that must come
// out, pixel by pixel; another key seed than the recorded one must fail. The recordings show real people's
// fingers, so they live outside this tree: TRAM_FP_READERS names their folder (device, capture.pcapng and
// capture.png for each reader). Exit code 1 when anything differs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { recordingIn, replay } from '../integration/fingerprint-usb/support/replay.ts';

/** What the recordings were made with. */
const recordedSeed = 0x51ea2124;

const folder = process.env.TRAM_FP_READERS;
if (!folder) {
  console.error('TRAM_FP_READERS names no folder of recordings');
  process.exit(2);
}
let failed = false;
for (const reader of readdirSync(folder).sort()) {
  const recording = recordingIn(join(folder, reader));
  const wanted = decode(readFileSync(join(folder, reader, 'capture.png')));
  for (const worker of [false, true]) {
    const began = performance.now();
    const outcome = await replay(recording, { seed: recordedSeed, worker });
    const ms = Math.round(performance.now() - began);
    const pixels = Buffer.from(outcome.picture?.pixels ?? '', 'base64');
    const differing = different(pixels, wanted);
    const good = differing === 0 && outcome.second === 'capture_cancelled' && outcome.goneCalls === 0;
    failed ||= !good;
    console.log(
      JSON.stringify({
        reader,
        thread: worker ? 'worker' : 'main',
        good,
        found: outcome.readers.map(({ id, model }) => `${id} ${model}`),
        size: `${outcome.picture?.width}x${outcome.picture?.height}`,
        differing,
        second: outcome.second,
        error: outcome.error,
        steps: outcome.steps.join(' '),
        ms,
      }),
    );
  }
  const wrong = await replay(recording, { seed: recordedSeed ^ 1 });
  const refused = wrong.error !== undefined && wrong.picture === undefined;
  failed ||= !refused;
  console.log(JSON.stringify({ reader, seed: 'another', good: refused, error: wrong.error }));
}
process.exit(failed ? 1 : 0);

/** How many pixels differ; all of them when the sizes do. */
function different(pixels: Uint8Array, wanted: ReturnType<typeof decode>): number {
  if (pixels.length !== wanted.width * wanted.height) return wanted.width * wanted.height;
  return pixels.filter((pixel, i) => pixel !== wanted.data[i * wanted.channels]).length;
}
