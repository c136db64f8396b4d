// PostgreSQL by URL. A pool for work, and one connection that listens, made anew when it breaks.
// No statement is prepared by name: a generic plan over a thousand partitions locks every one of them.
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Database, Row, Sql } from './types.ts';

const poolSize = 12;
const connectMs = 10_000;

/**
 * A process that is stopped in the middle of a transaction must not hold a center's lock for ever; and whatever the
 * server's default is, an answer means "on disk" (and on the synchronous replica where there is one).
 */
const settings = {
  statement_timeout: 60_000,
  lock_timeout: 30_000,
  idle_in_transaction_session_timeout: 20_000,
  application_name: 'tram-province',
  options: '-c synchronous_commit=on -c timezone=UTC',
};

const int8 = 20;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
};

/** Connects at once, so that a wrong address is told at the start. */
export async function openPostgres(
  url: string,
  onTrouble: (event: string, error: Error) => void,
): Promise<Database> {
  const config = {
    connectionString: url,
    types,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    ...settings,
  };
  const pool = new pg.Pool({ ...config, max: poolSize, idleTimeoutMillis: 60_000 });
  pool.on('error', (error) => onTrouble('database_connection_lost', error));
  const heard = new Map<string, (note: string) => void>();
  const lost = new Set<() => void>();
  let listener: pg.Client | null = null;
  let closed = false;

  await pool.query('select 1');

  return {
    kind: 'postgres',
    query: (text, params) => rowsOf(pool, text, params),
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const answer = await work({ query: (text, params) => rowsOf(client, text, params) });
        await client.query('commit');
        return answer;
      } catch (error) {
        await client.query('rollback').catch((e: Error) => {
          broken = e;
        });
        throw error;
      } finally {
        // a connection that could not even roll back is not given to the next one
        client.release(broken);
      }
    },
    async script(text) {
      await pool.query(text);
    },
    async listen(channel, onNote, onLost) {
      heard.set(channel, onNote);
      lost.add(onLost);
      if (!listener) await connectListener();
      else await listener.query(`listen ${channel}`);
    },
    async notify(channel, note) {
      await pool.query('select pg_notify($1, $2)', [channel, note]);
    },
    async close() {
      closed = true;
      await listener?.end().catch(() => undefined);
      await pool.end();
    },
  };

  async function connectListener(): Promise<void> {
    const client = new pg.Client(config);
    client.on('notification', ({ channel, payload }) => heard.get(channel)?.(payload ?? ''));
    client.on('error', (error) => onTrouble('database_listener_lost', error));
    client.on('end', () => {
      if (listener === client) listener = null;
      if (!closed) void reconnect();
    });
    await client.connect();
    for (const channel of heard.keys()) await client.query(`listen ${channel}`);
    listener = client;
  }

  async function reconnect(): Promise<void> {
    for (let delayMs = 250; !closed; delayMs = Math.min(delayMs * 2, 10_000)) {
      await wait(delayMs, undefined, { ref: false });
      if (closed || listener) return;
      try {
        await connectListener();
        for (const tell of lost) tell();
        return;
      } catch (error) {
        onTrouble('database_listener_lost', error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

async function rowsOf<R extends Row>(
  on: { query(text: string, params?: unknown[]): Promise<{ rows: R[] }> },
  text: string,
  params: readonly unknown[] = [],
): ReturnType<Sql['query']> extends Promise<unknown> ? Promise<R[]> : never {
  return (await on.query(text, [...params])).rows;
}
