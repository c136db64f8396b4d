// A peer that says anything at any time, in frames that can be read: no session falls over it, claims what was not
// proven, or is made to ask for more and more.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hexOf } from '../../../shared/sync/bytes.ts';
import type { Head } from '../../../shared/sync/port.ts';
import { createSession } from '../../../shared/sync/session.ts';
import type { Effect, Hello, SessionEvent, Welcome } from '../../../shared/sync/session-types.ts';
import { encodeFrame } from '../../../shared/sync/wire.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { frame } from './support/any-frame.ts';
import { sha256 } from './support/zstd.ts';

const station = 'ab'.repeat(16);
const heads: Head[] = ([0, 1, 2] as const).map((lane) => ({
  station,
  incarnation: 1,
  lane,
  seq: 10 + lane,
  hash: hexOf(sha256(Uint8Array.of(lane))),
}));
const hello: Hello = {
  protocol: 1,
  station,
  incarnation: 1,
  ownSeqs: [10, 11, 12],
  ownProof: '00'.repeat(16),
  logId: '11'.repeat(8),
  cursors: [1, 2, 3],
  vector: '22'.repeat(16),
  dictionaries: [],
  app: '0.2.0',
  mode: 'both',
};
const welcome: Welcome = {
  protocol: 1,
  station: 'cd'.repeat(16),
  isProvince: true,
  logId: '11'.repeat(8),
  heldSeqs: [10, 11, 12],
  heldProof: '00'.repeat(16),
  incarnation: 1,
  sameVector: false,
  vectorsNeeded: false,
  dictionaries: [],
  wall: 0,
  app: '0.2.0',
  mode: 'both',
};

/** What an honest place answers. */
function answerTo(effect: Effect): SessionEvent | null {
  switch (effect.type) {
    case 'heads':
      return { type: 'heads', token: effect.token, heads, end: 33, state: null };
    case 'hashes':
      return {
        type: 'hashes',
        token: effect.token,
        hashes: effect.at.map(({ feed, seq }) =>
          feed.station === station && seq <= 10 ? hexOf(sha256(Uint8Array.of(seq & 255))) : null,
        ),
      };
    case 'pack':
      return {
        type: 'packed',
        token: effect.token,
        frame: null,
        heads: [],
        changes: 0,
        cursor: 33,
        more: false,
      };
    case 'take':
      return {
        type: 'took',
        token: effect.token,
        taken: { accepted: 0, duplicates: 0, parked: 0, ahead: 0, refused: [], heads: [] },
        runs: [],
      };
    case 'blobsWanted':
      return { type: 'blobsWanted', token: effect.token, blobs: [{ hash: 'ef'.repeat(32), missing: null }] };
    case 'blobsOnlyHere':
      return { type: 'blobsOnlyHere', token: effect.token, hashes: ['ef'.repeat(32), 'ab'.repeat(32)] };
    case 'blobAbout':
      return { type: 'blobAbout', token: effect.token, manifest: null, have: new Uint8Array() };
    case 'blobLearn':
      return { type: 'blobLearn', token: effect.token, believed: true };
    case 'blobRead':
      return { type: 'blobRead', token: effect.token, bytes: null };
    case 'blobTake':
      return { type: 'blobTake', token: effect.token, outcome: 'wrong' };
    case 'send':
      return { type: 'buffered', bytes: 0 };
    case 'amnesia':
    case 'blobElsewhere':
    case 'blobComplete':
    case 'caughtUp':
    case 'close':
    case 'cursor':
    case 'digest':
    case 'forked':
    case 'found':
    case 'held':
    case 'heldByProvince':
    case 'lookup':
    case 'offset':
    case 'rate':
    case 'refused':
    case 'regressed':
    case 'verified':
    case 'wake':
      return null;
  }
}

it('stands anything that can be read', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('initiator' as const, 'responder' as const),
      fc.boolean(),
      fc.array(fc.tuple(frame, fc.nat(9_000)), { maxLength: 30 }),
      (role, same, said) => {
        let now = 0;
        const session = createSession({
          role,
          hello,
          welcome: { ...welcome, sameVector: same, vectorsNeeded: !same && said.length % 2 === 0 },
          held: role === 'initiator' ? heads : [],
          rate: null,
          now,
          wall: () => 1_790_000_000_000 + now,
          sha256,
        });
        const all: Effect[] = [];
        const perform = (effects: readonly Effect[]): void => {
          let waiting = [...effects];
          let rounds = 0;
          while (waiting.length > 0) {
            rounds += 1;
            expect(rounds).toBeLessThan(500);
            const [first, ...others] = waiting;
            if (!first) return;
            all.push(first);
            const answer = answerTo(first);
            waiting = answer ? [...others, ...session.on(answer, now)] : others;
          }
        };
        perform(session.begin());
        for (const [next, ms] of said) {
          now += ms;
          perform(session.on({ type: 'frame', bytes: encodeFrame(next) }, now));
        }
        // nothing was sent, so nothing can have been acknowledged; no vector said was ever ours
        const vector = all.some((e) => e.type === 'verified');
        expect(vector).toBe(false);
        expect(all.filter((e) => e.type === 'close').length).toBeLessThanOrEqual(1);
        const at = all.findIndex((e) => e.type === 'close');
        if (at >= 0) expect(all.slice(at + 1).filter((e) => e.type === 'send')).toEqual([]);
      },
    ),
    { numRuns: propertyRuns(300) },
  );
});
