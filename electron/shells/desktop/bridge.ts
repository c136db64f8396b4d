// Carries calls of our own page to the core and the core's events back. Any other sender gets nothing.
import { randomUUID } from 'node:crypto';
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { fail } from '../../../shared/api/contract.ts';
import type { CoreClient } from '../core-client.ts';
import type { Log } from '../log.ts';
import { eventChannel, invokeChannel } from './channels.ts';
import { isOurPage } from './scheme.ts';

export interface PageBridge {
  /** Makes this window known to the core; its session lives as long as the window, across reloads. */
  add(contents: WebContents): void;
  /** Locks the session of every window, as when the screen of the PC is locked. */
  lockAll(): Promise<void>;
}

export function openPageBridge(core: Pick<CoreClient, 'invoke' | 'subscribe'>, log: Log): PageBridge {
  const clients = new Map<WebContents, string>();

  ipcMain.handle(invokeChannel, (event, method: unknown, input: unknown) => {
    const client = clients.get(event.sender);
    if (!client || !isOurTopFrame(event) || typeof method !== 'string') {
      log('warn', 'a call from elsewhere was refused');
      return fail('not_allowed');
    }
    return core.invoke(client, method, input);
  });
  core.subscribe((client, message) => {
    for (const [contents, of] of clients) {
      if ((client === null || client === of) && !contents.isDestroyed()) contents.send(eventChannel, message);
    }
  });

  return {
    add(contents) {
      clients.set(contents, randomUUID());
      contents.once('destroyed', () => clients.delete(contents));
    },
    async lockAll() {
      await Promise.all([...clients.values()].map((client) => core.invoke(client, 'access.lock', {})));
    },
  };
}

function isOurTopFrame({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurPage(senderFrame.url);
}
