// Words with a browser over pipes, however the bytes are cut.
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openPipe } from '../../../electron/print/chromium/pipe.ts';

function openLine() {
  const [to, from] = [new PassThrough(), new PassThrough()];
  return { to, from, pipe: openPipe(to, from) };
}
const message = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\0`);

it('ends what it says with a zero byte and hands answers to who asked', async () => {
  const { to, from, pipe } = openLine();
  const [one, two] = [pipe.ask('Page.enable'), pipe.ask('Page.printToPDF', { a: 1 }, 's')];
  expect(String(to.read())).toBe(
    '{"id":1,"method":"Page.enable","params":{}}\0{"id":2,"method":"Page.printToPDF","params":{"a":1},"sessionId":"s"}\0',
  );
  from.write(message({ id: 2, result: 'zwei' }));
  from.write(message({ id: 1, result: 'một' }));
  expect(await Promise.all([one, two])).toEqual(['một', 'zwei']);
});

it('understands answers wherever they are cut, in the middle of a letter too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      async (texts, cut) => {
        const { from, pipe } = openLine();
        const asked = texts.map(() => pipe.ask('x'));
        const bytes = Buffer.concat(texts.map((text, n) => message({ id: n + 1, result: text })));
        for (let at = 0; at < bytes.length; at += cut) from.write(bytes.subarray(at, at + cut));
        expect(await Promise.all(asked)).toEqual(texts);
      },
    ),
    { numRuns: 40 },
  );
});

it('passes on what it is told without having asked', async () => {
  const { from, pipe } = openLine();
  const heard: unknown[] = [];
  const stop = pipe.onNews((news) => heard.push(news));
  from.write(message({ method: 'Inspector.targetCrashed', params: { a: 1 }, sessionId: 's' }));
  await new Promise(setImmediate);
  stop();
  from.write(message({ method: 'other', params: {} }));
  await new Promise(setImmediate);
  expect(heard).toEqual([{ method: 'Inspector.targetCrashed', params: { a: 1 }, sessionId: 's' }]);
});

it('leaves nobody waiting when the browser refuses or is gone', async () => {
  const { from, pipe } = openLine();
  const [refused, left] = [pipe.ask('a'), pipe.ask('b')];
  from.write(message({ id: 1, error: { message: 'no such thing' } }));
  await expect(refused).rejects.toThrow('no such thing');
  from.destroy();
  await expect(left).rejects.toThrow();
  await expect(pipe.ask('c')).rejects.toThrow();
});
