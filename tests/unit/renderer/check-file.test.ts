// A signed file on its way from the page to the core, with the core's own receiving end.
import { describe, expect, it } from 'vitest';
import { openReceivedFiles, type ReceivedFiles } from '../../../electron/signing/desk/received.ts';
import { checkFile, type Watch } from '../../../renderer/screens/signing/check-file.ts';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { signing } from '../../../shared/api/signing.ts';
import { mostFileBytes, partBytes } from '../../../shared/codes/file-limits.ts';

const verdict = { verdict: { state: 'valid', reasons: [], signatures: [] } };

/** Takes parts as the contract lets them in, and keeps what it was asked to look at. */
function core(received: ReceivedFiles = openReceivedFiles(Date.now)) {
  const looked: { file: Buffer; content: Buffer | null }[] = [];
  const shares: number[] = [];
  const heard = { parts: 0, looked, shares };
  const answer = (method: string, input: unknown): Result<unknown> => {
    if (method === 'signing.takePart') {
      heard.parts += 1;
      const { part, ...more } = signing['signing.takePart'].input.parse(input);
      return received.take('lan', { ...more, bytes: Buffer.from(part, 'base64') });
    }
    const asked = signing['signing.verifyFile'].input.parse(input);
    const file = received.give('lan', asked.file);
    const content = asked.content === null ? ok(null) : received.give('lan', asked.content);
    if (!file.ok || !content.ok) return fail('not_found');
    looked.push({ file: file.value, content: content.value });
    return ok(verdict);
  };
  const watch: Watch = {
    call: async (method, input) => answer(method, input) as never,
    wanted: () => true,
    told: (share) => void shares.push(share),
  };
  return { heard, watch };
}

/** No two parts of it are alike. */
const bytesOf = (size: number): Buffer<ArrayBuffer> => {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4093) bytes[at] = at % 251;
  return bytes;
};

describe('a signed file from elsewhere', () => {
  it.each([
    ['nothing', 0],
    ['exactly one part', partBytes],
    ['a scanned record of ten megabytes', 10_000_000],
  ])('arrives as it is: %s', async (_, size) => {
    const { heard, watch } = core();
    const bytes = bytesOf(size);
    expect(await checkFile(new Blob([bytes]), null, watch)).toEqual(ok(verdict));
    expect(heard.looked).toHaveLength(1);
    expect(heard.looked[0]?.file.equals(bytes)).toBe(true);
    expect(heard.parts).toBe(Math.max(1, Math.ceil(size / partBytes)));
    expect(heard.shares.at(-1)).toBe(1);
  });

  it('goes together with the file that its signature covers', async () => {
    const { heard, watch } = core();
    const [signed, covered] = [bytesOf(3_000), bytesOf(partBytes + 1)];
    await checkFile(new Blob([signed]), new Blob([covered]), watch);
    expect(heard.looked[0]?.file.equals(signed)).toBe(true);
    expect(heard.looked[0]?.content?.equals(covered)).toBe(true);
  });

  it('is refused before anything is sent when it is too large', async () => {
    const { heard, watch } = core();
    const answer = await checkFile(new Blob([Buffer.alloc(mostFileBytes + 1)]), null, watch);
    expect(answer).toMatchObject({ ok: false, error: { code: 'too_large', params: { megabytes: 20 } } });
    expect(heard.parts).toBe(0);
  });

  it('stops when another one was chosen meanwhile', async () => {
    const { heard, watch } = core();
    const left = { ...watch, wanted: () => heard.parts < 2 };
    expect(await checkFile(new Blob([bytesOf(5 * partBytes)]), null, left)).toBeNull();
    expect(heard).toMatchObject({ parts: 2, looked: [] });
  });

  it('on a stick that was pulled out is said to be unreadable', async () => {
    const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadable')) }) };
    const answer = await checkFile(gone as unknown as Blob, null, core().watch);
    expect(answer).toMatchObject({ ok: false, error: { messageKey: 'signing.fileUnreadable' } });
  });
});

describe('the core', () => {
  const part = (file: string, at: number, of: number, size = of - at) => ({
    ...{ file, at, of },
    bytes: Buffer.alloc(size),
  });

  it('takes no part that is not due, and gives no file that is not whole', () => {
    const received = openReceivedFiles(Date.now);
    expect(received.take('lan', part('a', 4, 8))).toMatchObject({ error: { code: 'bad_input' } });
    expect(received.take('lan', part('a', 0, 8, 9))).toMatchObject({ error: { code: 'bad_input' } });
    expect(received.take('lan', part('a', 0, 8, 4))).toEqual(ok(null));
    expect(received.take('lan', part('a', 4, 9, 4))).toMatchObject({ error: { code: 'bad_input' } });
    expect(received.give('lan', 'a')).toMatchObject({ error: { code: 'not_found' } });
    expect(received.take('lan', part('a', 4, 8))).toEqual(ok(null));
    expect(received.give('lan', 'a')).toMatchObject({ ok: true });
    expect(received.give('lan', 'a'), 'once').toMatchObject({ error: { code: 'not_found' } });
  });

  it('sets no memory aside for a file that is too large', () => {
    const received = openReceivedFiles(Date.now);
    expect(received.take('lan', part('a', 0, 1e15, 1))).toMatchObject({ error: { code: 'too_large' } });
  });

  it('gives nobody the file of another session, and keeps two for each', () => {
    const received = openReceivedFiles(Date.now);
    for (const name of ['a', 'b', 'c']) received.take('lan', part(name, 0, 4));
    received.take('huệ', part('a', 0, 4));
    expect(received.give('huệ', 'b').ok).toBe(false);
    expect(['a', 'b', 'c'].map((name) => received.give('lan', name).ok)).toEqual([false, true, true]);
    expect(received.give('huệ', 'a').ok).toBe(true);
  });

  it('forgets files of whoever is gone, and those whose rest never came', () => {
    let now = 0;
    const received = openReceivedFiles(() => now);
    received.take('lan', part('a', 0, 4));
    received.take('huệ', part('a', 0, 4));
    received.sweep((who) => who === 'huệ');
    expect(received.give('lan', 'a').ok).toBe(false);
    now = 120_000;
    received.sweep(() => true);
    expect(received.give('huệ', 'a').ok).toBe(false);
  });
});
