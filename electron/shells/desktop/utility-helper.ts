// A helper process for the library of a reader's or token's maker, as Electron starts one. `fork` would start
// the whole program once more: its Node mode is off.
import { utilityProcess } from 'electron';
import type { StartHelper } from '../../core.ts';

/** After the program is ready only. */
export const utilityHelper =
  (file: string, serviceName: string): StartHelper =>
  () => {
    const child = utilityProcess.fork(file, [], { stdio: 'ignore', serviceName });
    return {
      pid: child.pid,
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onEnd: (listener) => void child.once('exit', (code) => listener(`exit ${code}`)),
      kill() {
        // its own `kill` asks politely, and a library that hangs does not hear it
        if (child.pid !== undefined) killNow(child.pid);
        else child.once('spawn', () => child.pid !== undefined && killNow(child.pid));
      },
    };
  };

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself meanwhile
  }
}
