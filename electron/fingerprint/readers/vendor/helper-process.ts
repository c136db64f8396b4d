// How a helper process is started and reached. Node's way is here; Electron's program refuses to act as Node
// (its fuse is off), so the desktop shell starts a utility process instead and lends it in the same shape.
import { fork } from 'node:child_process';

export interface HelperProcess {
  readonly pid: number | undefined;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, however it ended; `how` is for the log. */
  onEnd(listener: (how: string) => void): void;
  /** At once and surely, whatever a library is doing. */
  kill(): void;
}

/** Null: this program cannot start one. */
export type StartHelper = () => HelperProcess | null;

/** `file`: helper.ts itself or its bundle. Its output is discarded: libraries print what they like. */
export const forkHelper =
  (file: string): StartHelper =>
  () => {
    // there it would start the whole program once more
    if (process.versions.electron !== undefined) return null;
    const child = fork(file, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: environment(),
    });
    let ended = false;
    const ends = (listener: (how: string) => void) => (how: string) => {
      if (ended) return;
      ended = true;
      listener(how);
    };
    return {
      pid: child.pid,
      // a message to one that has just died is answered by its end
      send: (message) => void child.send(message, () => {}),
      onMessage: (listener) => child.on('message', listener),
      onEnd(listener) {
        const once = ends(listener);
        child.on('exit', (code, signal) => once(signal ?? `exit ${code}`));
        child.on('error', (error) => once(error.message));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };

/** The person's own, without what would make another Node of it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:NODE_|ELECTRON_)/.test(name)),
  );
}
