// The same frames as the body of a POST, where a proxy forbids WebSocket. One request is one whole session, begun
// from what both ends already know and bounded by the session's own window; so the responder keeps nothing between
// two requests, and any process of a province may answer the next one.
import type { Wire } from './drive.ts';
import type { EndCode } from './session-types.ts';

export const SYNC_PATH = '/sync';
/** Carries hello in the request and welcome in the answer, as base64url; its absence says "not Trạm". */
export const TRAM_HEADER = 'x-tram';
/**
 * In an answer other than 101 (or 200 to a POST): an EndCode, and perhaps `;` and the ms after which to come back.
 * Status 403 for not_enrolled, revoked and wrong_center, 400 for garbled, 426 for update_needed, else 503.
 */
export const END_HEADER = 'x-tram-end';
/** Content type of a POST body. */
export const FRAMES_TYPE = 'application/vnd.tram.frames';
/** Longest body either end reads. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

export interface TurnedAway {
  readonly code: EndCode;
  readonly retryAfterMs?: number;
}

export const writeEnd = ({ code, retryAfterMs }: TurnedAway): string =>
  retryAfterMs === undefined ? code : `${code};${Math.ceil(retryAfterMs)}`;

/** Null: not such a header. */
export function readEnd(header: string | undefined): TurnedAway | null {
  const [, code, after] = /^([a-z_]{1,20})(?:;(\d{1,9}))?$/.exec(header ?? '') ?? [];
  const known = endCodes.find((one) => one === code);
  if (!known) return null;
  return { code: known, ...(after !== undefined && { retryAfterMs: Number(after) }) };
}

const endCodes: readonly EndCode[] = [
  'garbled',
  'wrong_center',
  'not_enrolled',
  'revoked',
  'update_needed',
  'busy',
  'disk_full',
  'internal',
];

/** `[u32 big-endian length][frame]`… */
export function joinFrames(frames: readonly Uint8Array[]): Uint8Array {
  const body = new Uint8Array(frames.reduce((n, frame) => n + 4 + frame.length, 0));
  const view = new DataView(body.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.length);
    body.set(frame, at + 4);
    at += 4 + frame.length;
  }
  return body;
}

/** Null: not a whole number of frames. */
export function splitFrames(body: Uint8Array): Uint8Array[] | null {
  const frames: Uint8Array[] = [];
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let at = 0;
  while (at < body.length) {
    if (at + 4 > body.length) return null;
    const length = view.getUint32(at);
    if (at + 4 + length > body.length) return null;
    frames.push(body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return frames;
}

export interface BodyWire extends Wire {
  /** Hands the other end's frames to the session. */
  deliver(frames: readonly Uint8Array[]): void;
  /** What the session has sent so far, once. */
  taken(): Uint8Array[];
  /** How the session closed the line itself. */
  closedBy(): { readonly code: EndCode; readonly detail?: string } | null;
}

/** A line that collects what is sent; the session's own window bounds it. */
export function bodyWire(): BodyWire {
  let listener: Parameters<Wire['listen']>[0] | null = null;
  let sent: Uint8Array[] = [];
  let closed: { code: EndCode; detail?: string } | null = null;
  return {
    send(bytes) {
      sent.push(bytes);
    },
    buffered: () => 0,
    close(code, detail) {
      closed = { code, ...(detail ? { detail } : {}) };
    },
    listen(on) {
      listener = on;
    },
    deliver(frames) {
      for (const frame of frames) if (!closed) listener?.bytes(frame);
    },
    taken() {
      const taken = sent;
      sent = [];
      return taken;
    },
    closedBy: () => closed,
  };
}
