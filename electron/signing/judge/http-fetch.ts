// Fetches small bodies over HTTP for the signing room: OCSP, revocation lists, time-stamps. These come signed, so plain
// HTTP is what their makers offer and what is right; the size and the time taken are bounded instead.

import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Result } from '../../../shared/api/contract.ts';
import { fail, ok } from '../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../shared/api/errors.ts';
import type { Fetch } from '../types.ts';

/** `code`: what its failures are called. Follows one redirection of a GET. */
export const httpFetch =
  (code: ErrorCode = 'revocation_unreachable'): Fetch =>
  async (asked) => {
    const first = await once(asked, code);
    if (!first.ok) return first;
    const { status, location, body } = first.value;
    if (status === 200) return ok(body);
    if (asked.method !== 'GET' || location === null || ![301, 302, 303, 307, 308].includes(status))
      return fail(code);
    const second = await once({ ...asked, url: new URL(location, asked.url).href }, code);
    return second.ok && second.value.status === 200 ? ok(second.value.body) : fail(code);
  };

interface Answered {
  readonly status: number;
  readonly location: string | null;
  readonly body: Buffer;
}

function once(asked: Parameters<Fetch>[0], code: ErrorCode): Promise<Result<Answered>> {
  const url = URL.parse(asked.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return Promise.resolve(fail(code));
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const { promise, resolve } = Promise.withResolvers<Result<Answered>>();
  const sent = request(
    url,
    {
      method: asked.method,
      agent: false,
      headers: {
        ...(asked.body === undefined ? {} : { 'content-length': asked.body.length }),
        ...(asked.contentType === undefined ? {} : { 'content-type': asked.contentType }),
      },
      // the whole exchange, not only silence
      signal: AbortSignal.timeout(asked.deadline),
    },
    (response) =>
      void collect(response, asked.most).then((body) =>
        resolve(body === null ? fail(code) : ok(answered(response, body))),
      ),
  );
  sent.on('error', () => resolve(fail(code)));
  sent.end(asked.body);
  return promise;
}

const answered = (response: IncomingMessage, body: Buffer): Answered => ({
  status: response.statusCode ?? 0,
  location: response.headers.location ?? null,
  body,
});

/** Null: too long, or cut off. */
async function collect(response: IncomingMessage, most: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of response) {
      if (!Buffer.isBuffer(part)) return null;
      bytes += part.length;
      if (bytes > most) {
        response.destroy();
        return null;
      }
      parts.push(part);
    }
  } catch {
    return null;
  }
  return Buffer.concat(parts);
}
