// What a store remembers of its peers after it was put back from a backup.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { restoreBackup } from '../../../electron/store/restore.ts';
import { openBook } from '../../../electron/sync/book.ts';
import { openTestStore, testKey } from '../support/open-test-store.ts';

it('forgets how far it had read a peer, which would not send again what the backup lacks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-restored-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'record.db');
  const log = 'a'.repeat(16);
  const before = openTestStore([], { path });
  const book = openBook(before);
  book.startLog('province', log);
  book.cursor('province', 0, 41);
  expect(openBook(before).peer('province')).toMatchObject({ logId: log, cursors: [41, 0, 0] });
  const copy = await before.backup(join(folder, 'copies'));
  if (!copy.ok) throw new Error(copy.error.code);
  before.close();
  const restored = await restoreBackup({ backup: copy.value.path, storePath: path, key: testKey, areas: [] });
  expect(restored.ok).toBe(true);
  const after = openTestStore([], { path, create: false });
  expect(openBook(after).peer('province')).toMatchObject({ logId: null, cursors: [0, 0, 0] });
  openBook(after).startLog('province', log);
  expect(openBook(after).peer('province')).toMatchObject({ logId: log });
  after.newIncarnation();
  expect(openBook(after).peer('province')).toMatchObject({ logId: null });
});

it('forgets it as well when first words show that this PC was put back, before it greets again', () => {
  const store = openTestStore([]);
  const book = openBook(store);
  book.startLog('province', 'a'.repeat(16));
  book.cursor('province', 0, 41);
  book.forgetCursorsOfAnotherCopy();
  expect(book.peer('province')).toMatchObject({ cursors: [41, 0, 0] });
  store.newIncarnation();
  book.forgetCursorsOfAnotherCopy();
  expect(book.peer('province')).toMatchObject({ logId: null, cursors: [0, 0, 0] });
});
