// Tells the log about queries that take long: the SQL with its blanks, never the values put in them.
import type { Database, Statement } from 'better-sqlite3';
import type { StoreLog } from './types.ts';

export const SLOW_MS = 50;

export function timeQueries(sql: Database, log: StoreLog, slowMs = SLOW_MS): void {
  const prepare = sql.prepare.bind(sql);
  const timed = (source: string): Statement => {
    const statement: Statement = prepare(source);
    for (const method of ['run', 'get', 'all'] as const) {
      const original = statement[method].bind(statement) as (...args: unknown[]) => unknown;
      const measured = (...args: unknown[]): unknown => {
        const start = performance.now();
        try {
          return original(...args);
        } finally {
          const ms = Math.round(performance.now() - start);
          if (ms >= slowMs) log('warn', 'slow query', { ms, sql: source });
        }
      };
      Object.defineProperty(statement, method, { value: measured, configurable: true });
    }
    return statement;
  };
  Object.defineProperty(sql, 'prepare', { value: timed, configurable: true });
}
