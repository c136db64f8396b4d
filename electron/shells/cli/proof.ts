// `tram proof PAPER FOLDER`: everything that proves a signed paper, as files that other programs read. For whoever has to
// show it to a court, an insurer or another hospital; logs in like a person, and the reading is written down.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../../shared/api/contract.ts';
import { DocumentId } from '../../../shared/api/documents.ts';
import { type Desk, exitCodes, type Job, refused, withLogin } from './job.ts';

export function proof(job: Job): Promise<number> {
  const { asked, say, print, complain } = job;
  const [paper, folder, ...more] = asked.rest;
  if (paper === undefined || folder === undefined || more.length > 0) {
    complain(say('proofHow'));
    return Promise.resolve(exitCodes.usage);
  }
  return withLogin(job, async (desk) => {
    const found = await named(desk, paper);
    if (!found.ok) return refused(job, found.error);
    const given = await desk.call('signing.proof', { documentId: found.value, packed: false });
    if (!given.ok) return refused(job, given.error);
    const files = given.value.files.map(({ name, bytes }) => ({ path: join(folder, name), bytes }));
    const there = files.find(({ path }) => existsSync(path));
    if (there) {
      complain(say('proofThere', { path: there.path }));
      return exitCodes.problem;
    }
    try {
      mkdirSync(folder, { recursive: true });
      for (const { path, bytes } of files) writeFileSync(path, Buffer.from(bytes, 'base64'), { flag: 'wx' });
    } catch {
      complain(say('cannotWrite', { path: folder }));
      return exitCodes.problem;
    }
    if (asked.json) print(JSON.stringify({ folder, files: files.map(({ path }) => path) }));
    else print(say('proofWritten', { count: files.length, path: folder }));
    return exitCodes.good;
  });
}

/** By its id, or by the code of a version as its page shows it. */
async function named(desk: Desk, paper: string): Promise<Result<DocumentId>> {
  const id = DocumentId.safeParse(paper);
  if (id.success) return { ok: true, value: id.data };
  const found = await desk.call('documents.ofCode', { code: paper.toLowerCase() });
  return found.ok ? { ok: true, value: found.value.documentId } : found;
}
