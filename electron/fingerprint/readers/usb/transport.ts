// The few things a reader's protocol needs of USB, so that the protocol can be tried against a script
// as well as against a plug.

/** Why a transfer did not happen. `gone`: nobody answers at that plug any more. */
export type TransferTrouble = 'gone' | 'timeout' | 'cancelled' | 'stalled' | 'failed';

export class TransferError extends Error {
  readonly trouble: TransferTrouble;
  constructor(trouble: TransferTrouble, detail: string) {
    super(detail);
    this.name = 'TransferError';
    this.trouble = trouble;
  }
}

/** One claimed reader. Every promise rejects with a `TransferError`, all of them with `gone` after an unplug. */
export interface Transport {
  /** Vendor request to the device: `length` bytes of it. */
  controlIn(request: number, value: number, length: number): Promise<Uint8Array>;
  controlOut(request: number, value: number, bytes: Uint8Array): Promise<void>;
  /** Hands over every interrupt packet until `close`; one transfer is always waiting, so none is missed. */
  interrupts(endpoint: number, length: number, packet: (bytes: Uint8Array) => void): void;
  /** Up to `length` bytes; the signal cancels the transfer. */
  bulkIn(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Called once when the device is gone; at once when it already is. */
  onGone(listener: () => void): void;
  /** Cancels what is under way and lets go of the device. */
  close(): Promise<void>;
}
