// GET /snapshot: the center's log as a file, whole or from where the last attempt was cut. The ETag is the file's
// SHA-256; `If-Range` with it goes on with that very file, or begins anew when it is gone.

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FRAMES_TYPE } from '../../shared/sync/exchange.ts';
import type { ChangeStore } from '../../shared/sync/port.ts';
import type { Database } from '../database/types.ts';
import { freshSnapshot, piecesOf, snapshotNamed } from '../log/snapshot.ts';

export interface SnapshotParts {
  readonly db: Database;
  readonly store: ChangeStore;
  readonly center: number;
  now(): number;
}

export async function sendSnapshot(
  { db, store, center, now }: SnapshotParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, wanted] = /^"([0-9a-f]{64})"$/.exec(String(request.headers['if-range'] ?? '')) ?? [];
  const resumed = wanted ? await snapshotNamed(db, center, wanted) : null;
  const snapshot = resumed ?? (await freshSnapshot(db, store, center, now()));
  const [, first] = /^bytes=(\d{1,15})-$/.exec(request.headers.range ?? '') ?? [];
  const from = first !== undefined && (resumed || !wanted) ? Number(first) : 0;
  const headers = {
    'content-type': FRAMES_TYPE,
    'accept-ranges': 'bytes',
    etag: `"${snapshot.hash}"`,
    'x-tram-log': snapshot.logId,
    'x-tram-cursor': String(snapshot.cursor),
    'cache-control': 'no-store',
  };
  if (from > snapshot.size) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${snapshot.size}` }).end();
    return;
  }
  response.writeHead(from > 0 ? 206 : 200, {
    ...headers,
    'content-length': snapshot.size - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${snapshot.size - 1}/${snapshot.size}` }),
  });
  for await (const piece of piecesOf(db, snapshot, from, snapshot.size)) {
    if (response.destroyed) return;
    // the file stays in the database until the line has taken the piece before
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
