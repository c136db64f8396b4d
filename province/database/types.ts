// The little that the province needs of a database; PostgreSQL and PGlite both speak it, so every query runs on both.

/** Numbers for int8 within 2^53; Uint8Array for bytea; everything else as pg parses it. */
export type Row = Readonly<Record<string, unknown>>;

export interface Sql {
  query<R extends Row>(text: string, params?: readonly unknown[]): Promise<R[]>;
}

export interface Database extends Sql {
  readonly kind: 'postgres' | 'pglite';
  /** Committed when `work` resolves, rolled back when it throws. Durable before the promise resolves. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** Statements of a script, outside any transaction of ours. */
  script(text: string): Promise<void>;
  /**
   * Tells every process on this database, this one too, in the order sent. `onLost` is called when notes may have
   * been missed (the connection was made anew).
   */
  listen(channel: string, heard: (note: string) => void, onLost: () => void): Promise<void>;
  notify(channel: string, note: string): Promise<void>;
  close(): Promise<void>;
}
