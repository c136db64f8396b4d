// Draws sheets with a browser of this PC: started when the first sheet comes, kept while more come, ended when none did
// for a minute. One sheet at a time, because old PCs have no memory for more.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { Log } from '../../store/room.ts';
import type { Press } from '../types.ts';
import { type Browser, startBrowser } from './browser.ts';
import { drawSheet } from './sheet.ts';

export interface BrowserPressOptions {
  /** The browser's program; null when the PC has none. Asked at each start: one may have been installed meanwhile. */
  program(): string | null;
  readonly isRoot: boolean;
  readonly log: Log;
  /** For a sheet, the browser's start included. */
  readonly deadlineMs?: number;
  readonly idleMs?: number;
}

/** Page numbers and codes below the pages need what browsers have since this version (2024). */
export const oldestBrowser = 131;

export function openBrowserPress({
  program,
  isRoot,
  log,
  deadlineMs = 60_000,
  idleMs = 60_000,
}: BrowserPressOptions): Press & { pid(): number | undefined } {
  let browser: Browser | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  return {
    draw(sheet) {
      const mine = last.then(() => drawNow(sheet));
      last = mine;
      return mine;
    },
    async close() {
      closed = true;
      await end();
      await last;
    },
    pid: () => browser?.pid,
  };

  async function drawNow(sheet: Parameters<Press['draw']>[0]): Promise<Result<Buffer>> {
    if (closed) return fail('print_failed');
    clearTimeout(idle);
    const overdue = new AbortController();
    const deadline = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      overdue.abort();
      deadline.reject(new Error('took too long'));
    }, deadlineMs);
    try {
      return ok(await Promise.race([drawWith(sheet, overdue.signal), deadline.promise]));
    } catch (fault) {
      log('error', 'a sheet could not be drawn', {
        fault: fault instanceof Error ? fault.message : 'unknown',
      });
      // whatever state it is in, the next sheet gets a new one
      await end();
      return fail('print_failed');
    } finally {
      clearTimeout(timer);
      if (browser) idle = setTimeout(() => void end(), idleMs).unref();
    }
  }

  async function drawWith(sheet: Parameters<Press['draw']>[0], overdue: AbortSignal): Promise<Buffer> {
    const kept = browser;
    try {
      return await drawSheet((await started(overdue)).pipe, sheet);
    } catch (fault) {
      // one that was kept may have been dying since the last sheet: that is not this sheet's fault
      if (!kept || overdue.aborted) throw fault;
      await end();
      return drawSheet((await started(overdue)).pipe, sheet);
    }
  }

  async function started(overdue: AbortSignal): Promise<Browser> {
    if (browser?.isAlive()) return browser;
    await end();
    const found = program();
    if (found === null) throw new Error('no browser on this PC');
    const mine = await startBrowser(found, isRoot);
    if (overdue.aborted) {
      await mine.close();
      throw new Error('took too long');
    }
    browser = mine;
    const version = majorVersion(await mine.pipe.ask('Browser.getVersion'));
    if (version < oldestBrowser) throw new Error(`browser ${version} is older than ${oldestBrowser}`);
    return mine;
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const mine = browser;
    browser = null;
    await mine?.close();
  }
}

/** Of `Chrome/156.0.8078.79`, `HeadlessChrome/…`, `Edg/…`; 0 when it says something else. */
function majorVersion(answer: unknown): number {
  const product =
    typeof answer === 'object' && answer !== null && 'product' in answer ? String(answer.product) : '';
  return Number(/\/(\d+)\./.exec(product)?.[1] ?? 0);
}
