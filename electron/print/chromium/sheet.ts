// One sheet in a tab of its own, in a context that keeps nothing: all its requests refused, its scripts off, its fonts
// waited for, then printed. The same few steps whichever program the engine is in.
import * as z from 'zod';
import type { Sheet } from '../types.ts';
import type { Pipe } from './pipe.ts';
import { type AskPage, prepareSheet, printing } from './prepare.ts';

type Drawn = Pick<Sheet, 'html' | 'paper' | 'landscape'>;

export async function drawSheet(pipe: Pipe, { html }: Drawn): Promise<Buffer> {
  const { browserContextId } = Context.parse(await pipe.ask('Target.createBrowserContext'));
  try {
    const { targetId } = Target.parse(
      await pipe.ask('Target.createTarget', { url: 'about:blank', browserContextId }),
    );
    const { sessionId } = Session.parse(await pipe.ask('Target.attachToTarget', { targetId, flatten: true }));
    const gone = Promise.withResolvers<never>();
    const deaf = pipe.onNews((news) => {
      if (news.method === 'Inspector.targetCrashed' && news.sessionId === sessionId)
        gone.reject(new Error('the page crashed'));
      // nothing is asked for by a sheet; what is nevertheless goes nowhere
      if (news.method === 'Fetch.requestPaused' && news.sessionId === sessionId) {
        const { requestId } = Paused.parse(news.params);
        pipe
          .ask('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }, sessionId)
          .catch(() => {});
      }
    });
    try {
      return await Promise.race([
        drawIn((method, params) => pipe.ask(method, params, sessionId), html),
        gone.promise,
      ]);
    } finally {
      deaf();
    }
  } finally {
    // takes the tab with it; a browser that is gone has done so already
    await pipe.ask('Target.disposeBrowserContext', { browserContextId }).catch(() => {});
  }
}

async function drawIn(ask: AskPage, html: string): Promise<Buffer> {
  await ask('Inspector.enable');
  await ask('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  await prepareSheet(ask, html);
  const { stream } = Printed.parse(
    await ask('Page.printToPDF', { ...printing, transferMode: 'ReturnAsStream' }),
  );
  const parts: Buffer[] = [];
  for (;;) {
    const part = Part.parse(await ask('IO.read', { handle: stream, size: 4_000_000 }));
    parts.push(Buffer.from(part.data, part.base64Encoded ? 'base64' : 'utf8'));
    if (part.eof) break;
  }
  await ask('IO.close', { handle: stream });
  return Buffer.concat(parts);
}

const Context = z.object({ browserContextId: z.string() });
const Target = z.object({ targetId: z.string() });
const Session = z.object({ sessionId: z.string() });
const Paused = z.object({ requestId: z.string() });
const Printed = z.object({ stream: z.string() });
const Part = z.object({ data: z.string(), eof: z.boolean(), base64Encoded: z.boolean().default(false) });
