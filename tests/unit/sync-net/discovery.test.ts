import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAnnouncements } from '../../../electron/sync/discovery.ts';
import { joinFrames, readEnd, splitFrames, writeEnd } from '../../../shared/sync/exchange.ts';

const station = 'a'.repeat(32);
const name = `${station}._tram._tcp.local`;
const srv = { name, type: 'SRV', ttl: 120, data: { port: 7443, target: 'x.local' } };
const txt = (facts: readonly string[]) => ({
  name,
  type: 'TXT',
  ttl: 120,
  data: facts.map((one) => Buffer.from(one)),
});
const whole = ['v=1', `s=${station}`, 'c=0123456789abcdef', 'n=Máy 1', 'o=Trung tâm'];

it('reads what a hub announces', () => {
  expect(readAnnouncements([srv, txt(whole)])).toEqual([
    {
      station,
      center: '0123456789abcdef',
      port: 7443,
      stationName: 'Máy 1',
      centerName: 'Trung tâm',
      ttl: 120,
    },
  ]);
});

it.each([
  ['no port', [txt(whole)]],
  ['a port that is none', [{ ...srv, data: { port: 0 } }, txt(whole)]],
  ['another version', [srv, txt(['v=2', ...whole.slice(1)])]],
  ['no station', [srv, txt(['v=1', 'c=0123456789abcdef'])]],
  ['a station that is none', [srv, txt(['v=1', 's=../../etc', 'c=0123456789abcdef'])]],
  [
    'another service',
    [
      { ...srv, name: 'x._ipp._tcp.local' },
      { ...txt(whole), name: 'x._ipp._tcp.local' },
    ],
  ],
  ['rubbish', [null, 7, 'x', { type: 'SRV' }, { type: 'TXT', name, data: { length: 3 } }]],
])('passes over %s', (_what, records) => {
  expect(readAnnouncements(records)).toEqual([]);
});

it('cuts a POST body into exactly the frames it was joined of, and refuses half ones', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), (frames) => {
      const body = joinFrames(frames);
      expect(splitFrames(body)).toEqual(frames);
      for (let cut = 1; cut < body.length; cut++) {
        const part = splitFrames(body.subarray(0, cut));
        if (part) expect(joinFrames(part).length).toBe(cut);
      }
    }),
    { numRuns: 50 },
  );
});

it('reads why it was turned away, and nothing else', () => {
  expect(readEnd(writeEnd({ code: 'busy', retryAfterMs: 5000 }))).toEqual({
    code: 'busy',
    retryAfterMs: 5000,
  });
  expect(readEnd('revoked')).toEqual({ code: 'revoked' });
  for (const other of [undefined, '', 'hello', 'busy;', 'busy;-1', 'busy;1;2', '<html>'])
    expect(readEnd(other)).toBeNull();
});
