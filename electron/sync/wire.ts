// How this program's WebSockets are opened, and one as the line of a session.
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Wire } from '../../shared/sync/drive.ts';
import { socketWire } from '../../shared/sync/socket-wire.ts';
import { MAX_FRAME_BYTES } from '../../shared/sync/wire.ts';
import { setTimer } from './services.ts';

/** For both ends: frames are compressed already, and a longer message is never read to its end. */
export const socketOptions = {
  perMessageDeflate: false,
  maxPayload: MAX_FRAME_BYTES,
  skipUTF8Validation: true,
  autoPong: true,
} as const;

export const wireOf = (socket: WebSocket, carrier: Duplex): Wire => socketWire(socket, carrier, setTimer);
