// The first minutes of a center: its name, wards and beds, this PC, the first administrator and the recovery key.
// All of it is one transaction in a new file, so that a power cut leaves either nothing or a center one can log in to.
import { randomUUID } from 'node:crypto';
import { Username } from '../../shared/api/access.ts';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output, ParsedInput } from '../../shared/api/index.ts';
import { centerSetup, stationEnrol } from '../../shared/model/station.ts';
import type { OpenStore } from '../store/types.ts';
import { makeStationIdentity } from './certificate.ts';
import { writeLocal } from './local-settings.ts';
import type { NewAdministrator, StationNeeds } from './needs.ts';

/** The center's first PC; later ones get theirs when they are enrolled. */
const firstStationCode = '01';

export async function foundCenter(
  needs: StationNeeds,
  input: ParsedInput<'station.firstRun'>,
): Promise<Result<Output<'station.firstRun'>>> {
  if (needs.file.phase().phase !== 'first_run') return fail('already_set_up');
  const username = Username.safeParse(input.admin.username);
  if (!username.success) return fail('bad_input', { fields: { 'admin.username': 'field.bad_username' } });
  const password = needs.checkPassword(input.admin.password, username.data, 'admin.password');
  if (!password.ok) return password;
  const repeated = repeatedName(input.wards);
  if (repeated) return fail('bad_input', { fields: { [repeated]: 'field.repeated_name' } });

  const admin: NewAdministrator = {
    id: randomUUID(),
    username: username.data,
    fullName: input.admin.fullName,
    verifier: await needs.verifierOf(password.value),
  };
  return needs.file.create(admin, password.value, (store) => writeFoundation(needs, input, admin, store));
}

async function writeFoundation(
  needs: StationNeeds,
  input: ParsedInput<'station.firstRun'>,
  admin: NewAdministrator,
  store: OpenStore,
): Promise<Result<null>> {
  const stationId = store.station.id;
  const { keyPem, certificatePem } = await makeStationIdentity({
    id: stationId,
    name: input.stationName,
    centerName: input.centerName,
    now: needs.now(),
  });
  const written = store.write({ userId: admin.id, sessionId: null }, (tx) => {
    tx.append(centerSetup, {
      id: randomUUID(),
      body: {
        name: input.centerName,
        facilityCode: input.facilityCode || null,
        provinceCode: input.provinceCode,
      },
    });
    tx.append(stationEnrol, {
      id: stationId,
      body: { name: input.stationName, code: firstStationCode, certificate: certificatePem },
    });
    needs.createFirstAdministrator(tx, admin);
    const laidOut = needs.layOutWards(tx, input.wards);
    return laidOut.ok ? ok(null) : laidOut;
  });
  if (written.ok) writeLocal(store, 'stationKey', keyPem);
  return written;
}

/** Path of a ward, room or bed whose name its neighbour already has; a label on paper must mean one bed. */
function repeatedName(wards: ParsedInput<'station.firstRun'>['wards']): string | null {
  const ward = repeatedAt(wards.map((w) => w.name));
  if (ward !== null) return `wards.${ward}.name`;
  for (const [w, { rooms }] of wards.entries()) {
    const room = repeatedAt(rooms.map((r) => r.name));
    if (room !== null) return `wards.${w}.rooms.${room}.name`;
    for (const [r, { beds }] of rooms.entries()) {
      const bed = repeatedAt(beds);
      if (bed !== null) return `wards.${w}.rooms.${r}.beds.${bed}`;
    }
  }
  return null;
}

function repeatedAt(names: readonly string[]): number | null {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) return i;
    seen.add(folded);
  }
  return null;
}
