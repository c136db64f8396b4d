// A page of a station without a browser: opens an address once, then asks over HTTP as the page does.
import { expect } from 'vitest';
import { TRAINING_PASSWORD } from '../../../electron/training/center.ts';
import type { Result } from '../../../shared/api/contract.ts';
import type { Input, Method, Output } from '../../../shared/api/index.ts';

export interface Station {
  ask<M extends Method>(method: M, input: Input<M>): Promise<Output<M>>;
  result<M extends Method>(method: M, input: Input<M>): Promise<Result<Output<M>>>;
  logIn(username: string): Promise<void>;
}

export async function openStation(address: string): Promise<Station> {
  const opened = await fetch(address, { redirect: 'manual' });
  const cookie = String(opened.headers.get('set-cookie')).split(';')[0] ?? '';
  const { origin } = new URL(address);
  const result: Station['result'] = async (method, input) => {
    const response = await fetch(`${origin}/rpc/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, origin },
      body: JSON.stringify(input),
    });
    return response.json() as never;
  };
  const ask: Station['ask'] = async (method, input) => {
    const answer = await result(method, input);
    if (!answer.ok) throw new Error(`${method}: ${answer.error.code}`);
    return answer.value;
  };
  return {
    ask,
    result,
    async logIn(username) {
      await ask('access.login', { username, password: TRAINING_PASSWORD });
    },
  };
}

/** Asks until the answer is good; fails with the last one. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  good: (seen: T) => boolean,
  ms: number,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (performance.now() > end) expect.fail(`${what}: ${JSON.stringify(seen).slice(0, 600)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Somebody in bed on a ward. */
export async function somebody(station: Station, departmentCode: string): Promise<string> {
  const wards = await station.ask('beds.wards', {});
  const ward = wards.find((one) => one.departmentCode === departmentCode);
  const board = await station.ask('beds.board', { wardId: ward?.wardId ?? '' });
  const [first] = board.rooms.flatMap((room) => room.beds.flatMap((bed) => bed.patients));
  if (!first) throw new Error(`nobody lies in ${departmentCode}`);
  return first.admissionId;
}

let minute = 0;
/** One set of vital signs, each a minute apart from the one before; answers its id. */
export async function measure(station: Station, admissionId: string, pulse: number): Promise<string> {
  minute += 1;
  const { observationId } = await station.ask('observations.record', {
    admissionId,
    at: Date.now() - minute * 60_000,
    values: { pulse },
  });
  return observationId;
}

export async function placeOf(station: Station, observation: string): Promise<string | undefined> {
  const subjects = [{ type: 'observation', id: observation }];
  return (await station.ask('sync.places', { subjects })).places[0]?.place;
}
