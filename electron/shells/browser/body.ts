// Reads a request body up to a limit and no further, so that a huge one costs nothing.
import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';

export const maxBodyBytes = 1024 * 1024;

export async function jsonBody(request: IncomingMessage): Promise<Result<unknown>> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return fail('too_large');
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) return fail('bad_input');
      bytes += chunk.length;
      if (bytes > maxBodyBytes) return fail('too_large');
      chunks.push(chunk);
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return ok(text === '' ? {} : JSON.parse(text));
  } catch {
    return fail('bad_input');
  }
}
