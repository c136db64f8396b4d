// Showing a code to a place never met before. The connection is believed only once the answer proves that the other
// end knows the code too, bound to the very certificates of this connection.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import { derOf, pemOf } from '../../shared/sync/certificate.ts';
import {
  codeId,
  ENROL_PATH,
  EnrolAnswer,
  EnrolRefusal,
  type EnrolRequest,
  keyInput,
  proofInput,
  readCode,
} from '../../shared/sync/enrolment.ts';
import { readEnd } from '../../shared/sync/exchange.ts';
import type { EndCode } from '../../shared/sync/session-types.ts';
import { hmacSha256, sameSecret, sha256 } from '../store/crypto.ts';
import { readAddress } from './address.ts';
import { ask, type Deadlines, dial, type Keys } from './line.ts';

export interface Enrolled {
  readonly answer: EnrolAnswer;
  /** PEM, of the place that answered: to be pinned. */
  readonly certificate: string;
}

export async function enrolAt(options: {
  readonly address: string;
  readonly code: string;
  readonly keys: Keys;
  readonly station: { readonly id: string; readonly name: string };
  readonly center: EnrolRequest['center'];
  readonly training: boolean;
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal;
}): Promise<Result<Enrolled>> {
  const { keys, deadlines, signal } = options;
  const address = readAddress(options.address);
  if (!address || address.plain) return fail('bad_input', { fields: { address: 'field.bad_value' } });
  const code = readCode(options.code);
  if (!code) return fail('code_wrong', { fields: { code: 'error.code_wrong' } });
  const own = derOf(keys.certificatePem);
  if (!own) return fail('internal');

  const dialled = await dial({
    address,
    keys,
    // believed or not when the answer comes
    trusts: (_fingerprint, certificate) => certificate.includes('urn:tram:'),
    expected: null,
    tickets: new Map(),
    deadlines,
    signal,
  });
  if (!dialled.ok) return fail(errorOf(dialled.end.code));
  const { certificate } = dialled.value;
  if (!certificate) return fail('peer_not_tram');
  const prints = { station: sha256(own), responder: sha256(certificate) };
  const key = sha256(keyInput(code, options.training));
  const request: EnrolRequest = {
    v: 1,
    code: codeId(code),
    station: options.station.id,
    stationName: options.station.name,
    certificate: keys.certificatePem,
    center: options.center,
    ...(options.training && { training: true }),
    proof: hmacSha256(key, proofInput('station', prints)).toString('hex'),
  };
  const body = Buffer.from(JSON.stringify(request));
  const asked = await ask(dialled.value, address, deadlines.answerMs, signal, {
    method: 'POST',
    path: ENROL_PATH,
    headers: { 'content-type': 'application/json', 'content-length': body.length },
    body,
  });
  if (!asked.ok) return fail(errorOf(asked.end.code));
  const said = parse(asked.value.body);
  const refused = EnrolRefusal.safeParse(said);
  if (refused.success) return fail(refused.data.error === 'busy' ? 'peer_unreachable' : refused.data.error);
  const end = readEnd(asked.value.headers.get('x-tram-end'));
  if (end) return fail(errorOf(end.code));
  const answer = EnrolAnswer.safeParse(said);
  if (asked.value.status !== 200 || !answer.success) return fail('peer_not_tram');
  const proven = sameSecret(
    Buffer.from(answer.data.proof, 'hex'),
    hmacSha256(key, proofInput('responder', prints)),
  );
  if (!proven) return fail('wrong_peer');
  return ok({ answer: answer.data, certificate: pemOf(certificate) });
}

/** How a person is told why a place did not answer as it should. */
export function errorOf(code: EndCode): ErrorCode {
  return errors[code] ?? 'peer_unreachable';
}

const errors: Partial<Record<EndCode, ErrorCode>> = {
  not_tram: 'peer_not_tram',
  garbled: 'peer_not_tram',
  wrong_peer: 'wrong_peer',
  wrong_center: 'wrong_center',
  not_enrolled: 'not_enrolled',
  revoked: 'station_revoked',
  update_needed: 'update_needed',
  disk_full: 'disk_full',
};

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
