// The sync room: peers, the line to the province, the hub on the LAN, joining a center.
export { noFacts } from './facts.ts';
export { openSync, type SyncOptions } from './open.ts';
export type {
  Joining,
  JoinTarget,
  KnownStation,
  LaneWaiting,
  PeerFacts,
  RefusedFact,
  Sync,
  SyncFacts,
  SyncNeeds,
} from './types.ts';
