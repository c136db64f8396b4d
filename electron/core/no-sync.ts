// A sync room that has nobody to talk to.
import { fail, ok } from '../../shared/api/contract.ts';
import { noFacts } from '../sync/index.ts';
import type { Sync } from '../sync/types.ts';

export function noSync(): Sync {
  let running = false;
  return {
    attach() {
      running = true;
    },
    async detach() {
      running = false;
    },
    facts: () => ({ ...noFacts, running }),
    onChange: () => () => {},
    now() {},
    enrol: async () => fail('peer_unreachable'),
    invite: async () => fail('peer_unreachable'),
    saveHub: async () => ok(null),
    revokeStation: () => fail('not_found'),
    lookup: async () => ({ state: 'not_enrolled', people: [], at: null }),
    found: async () => [],
    join: async () => fail('peer_unreachable'),
    joining: () => ({ state: 'none', doneBytes: 0, totalBytes: null, changes: 0, problem: null }),
    blobs: () => null,
    provinceCertificate: () => null,
    provinceHolds: async () => 0,
    async close() {},
  };
}
