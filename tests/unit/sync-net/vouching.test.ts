// When a PC signs its own feeds: not for nothing, and never so that something new of its own goes without.
import { expect, it } from 'vitest';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { model } from '../../../electron/station/index.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { keepVouching } from '../../../electron/sync/vouching.ts';
import { stationVouch } from '../../../shared/model/station.ts';
import { vouchSubject } from '../../../shared/sync/vouch.ts';
import { sampleArea, sampleMigrations, writeThing } from '../store/sample-area.ts';
import { openTestStore, stationId } from '../support/open-test-store.ts';

const id = stationId('a');
const signedHeads = (store: OpenStore) =>
  store
    .changesOf('vouch', vouchSubject({ station: id, incarnation: store.station.incarnation }))
    .map(({ body }) => stationVouch.body.parse(body).heads);
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

it('signs what is written after a new incarnation, however far the one before had come', async () => {
  const store = openTestStore([sampleArea, model], { migrations: sampleMigrations });
  const keys = await makeStationIdentity({ id, name: 'Máy', centerName: 'Trung tâm', now: 0 });
  const vouching = keepVouching({ store, keys: () => keys, everyMs: 0, log: () => {} });
  for (const name of ['1', '2', '3']) writeThing(store, { name });
  store.newIncarnation();
  vouching.caughtUp();
  await turn();
  expect(signedHeads(store)).toEqual([[expect.objectContaining({ incarnation: 1, lane: 0, seq: 3 })]]);
  writeThing(store, { name: 'the first of the new one' });
  vouching.caughtUp();
  await turn();
  expect(signedHeads(store).at(-1)).toContainEqual(
    expect.objectContaining({ incarnation: store.station.incarnation, lane: 0, seq: 1 }),
  );
  vouching.caughtUp();
  await turn();
  expect(signedHeads(store)).toHaveLength(2);
  vouching.close();
});
