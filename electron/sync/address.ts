// Addresses as people type them: `tinh.example.vn`, `10.0.0.5:7443`, `[fe80::1]:7443`.
import { isIP } from 'node:net';

/** Hub and province alike, unless the address says otherwise. */
export const DEFAULT_PORT = 7443;

export interface Address {
  readonly host: string;
  readonly port: number;
  /** Without TLS; this PC only (training, benchmarks). */
  readonly plain: boolean;
}

/** Null: cannot be an address. */
export function readAddress(typed: string): Address | null {
  const trimmed = typed.trim().replace(/\/+$/, '');
  const plain = /^ws:\/\//i.test(trimmed);
  const rest = trimmed.replace(/^(?:https|wss|ws):\/\//i, '');
  const found = /^(?:\[([0-9a-f:.%\w]+)\]|([^\s:/?#@[\]]+)|([0-9a-f:]+:[0-9a-f:]+))(?::(\d{1,5}))?$/i.exec(
    rest,
  );
  const host = (found?.[1] ?? found?.[2] ?? found?.[3] ?? '').toLowerCase();
  const port = found?.[4] === undefined ? DEFAULT_PORT : Number(found[4]);
  if (host === '' || host.length > 253 || port < 1 || port > 65_535) return null;
  if (plain && !isLoopback(host)) return null;
  return { host, port, plain };
}

export function spellAddress({ host, port, plain }: Address): string {
  return `${plain ? 'ws://' : ''}${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
