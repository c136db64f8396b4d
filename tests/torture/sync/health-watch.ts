// Asks a province's /health four times a second, from a process of its own so that nobody's work but the province's
// is measured: node health-watch.ts PORT. On any message it answers what it saw and ends.
import { get } from 'node:http';

const port = Number(process.argv[2]);
/** ms each */
const answers: number[] = [];
let failures = 0;
/** How late this process itself was at most, ms: what the PC did not give it is not the province's fault. */
let latest = 0;
let next: NodeJS.Timeout;
ask();
process.on('message', () => {
  clearTimeout(next);
  process.send?.({ answers, failures, latest }, () => process.exit(0));
});

function ask(): void {
  const began = performance.now();
  let done = false;
  const end = (ok: boolean): void => {
    if (done) return;
    done = true;
    if (ok) answers.push(performance.now() - began);
    else failures += 1;
    const due = performance.now() + 250;
    next = setTimeout(() => {
      latest = Math.max(latest, performance.now() - due);
      ask();
    }, 250);
  };
  const request = get(
    { host: '127.0.0.1', port, path: '/health', agent: false, timeout: 30_000 },
    (response) => {
      response.resume();
      response.once('end', () => end(response.statusCode === 200));
    },
  );
  request.once('error', () => end(false));
  request.once('timeout', () => request.destroy());
}
