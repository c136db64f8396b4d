// Carries calls of our own page to the core and the core's events back. Any other sender gets nothing.
import { randomUUID } from 'node:crypto';
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { fail } from '../../../shared/api/contract.ts';
import type { CoreClient } from '../core-client.ts';
import type { Log } from '../log.ts';
import { eventChannel, invokeChannel } from './channels.ts';
import { isOurPage } from './scheme.ts';

type Core = Pick<CoreClient, 'invoke' | 'subscribe'>;

export interface PageBridge {
  /** Makes this window known to its core; its session lives as long as the window, across reloads. */
  add(contents: WebContents, core: Core): void;
  /** Locks the session of every window, as when the screen of the PC is locked. */
  lockAll(): Promise<void>;
}

export function openPageBridge(log: Log): PageBridge {
  const pages = new Map<WebContents, { readonly client: string; readonly core: Core }>();

  ipcMain.handle(invokeChannel, (event, method: unknown, input: unknown) => {
    const page = pages.get(event.sender);
    if (!page || !isOurTopFrame(event) || typeof method !== 'string') {
      log('warn', 'a call from elsewhere was refused');
      return fail('not_allowed');
    }
    return page.core.invoke(page.client, method, input);
  });

  return {
    add(contents, core) {
      const client = randomUUID();
      pages.set(contents, { client, core });
      const stop = core.subscribe((to, message) => {
        if ((to === null || to === client) && !contents.isDestroyed()) contents.send(eventChannel, message);
      });
      contents.once('destroyed', () => {
        pages.delete(contents);
        stop();
      });
    },
    async lockAll() {
      await Promise.all(
        [...pages.values()].map(({ client, core }) => core.invoke(client, 'access.lock', {})),
      );
    },
  };
}

function isOurTopFrame({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurPage(senderFrame.url);
}
