// All that the page gets from the desktop program: one key, two functions. Runs sandboxed, as one CommonJS file.
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { eventChannel, invokeChannel } from './channels.ts';

contextBridge.exposeInMainWorld('tram', {
  invoke: (method: string, input: unknown): Promise<unknown> =>
    ipcRenderer.invoke(invokeChannel, method, input),
  subscribe(listener: (message: unknown) => void): () => void {
    // The event object itself must not reach the page: it carries the sender.
    const forward = (_event: IpcRendererEvent, message: unknown): void => listener(message);
    ipcRenderer.on(eventChannel, forward);
    return () => {
      ipcRenderer.off(eventChannel, forward);
    };
  },
});
