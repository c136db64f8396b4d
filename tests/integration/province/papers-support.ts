// What a center's log says around a signature on a paper, as its stations write it: who somebody is, whose certificate
// theirs is, which paper with which steps.
import { randomUUID } from 'node:crypto';
import { signCades } from '../../../electron/signing/cms/index.ts';
import { sha256 } from '../../../province/bytes.ts';
import { userCreate, userUpdate } from '../../../shared/model/access.ts';
import type { ChangeKind } from '../../../shared/model/change.ts';
import { documentSign } from '../../../shared/model/documents.ts';
import { claimText, signerClaim } from '../../../shared/model/signing.ts';
import { canonicalJson } from '../../../shared/text/canonical-json.ts';
import type { Writer } from '../../unit/province/support.ts';
import type { World } from '../../unit/signing/cms/openssl-world.ts';

export const hex = (bytes: Uint8Array): string => sha256(bytes).toString('hex');

export const steps = [
  { id: 'doctor', label: 'Bác sĩ', kind: 'staff', roles: ['bac_si_dieu_tri'] },
  { id: 'director', label: 'Đại diện', kind: 'staff', roles: ['giam_doc'] },
  { id: 'patient', label: 'Người bệnh', kind: 'person', roles: [] },
] as const;

/** The bytes a signature covers, as far as anybody looks at them here. */
export const contentOf = (document: string): Buffer =>
  Buffer.from(canonicalJson({ type: 'tram.document', body: { document, steps }, mark: randomUUID() }));

export interface Act {
  readonly kind: ChangeKind;
  readonly subject: string;
  readonly author: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Written behind what the station has written already. */
export const writes = (from: Writer, ...acts: readonly Act[]): void => {
  for (const { kind, subject, author, body } of acts)
    from.write(
      1,
      { subject: { type: kind.subject, id: subject }, author, session: author && randomUUID(), body },
      kind,
    );
};

export const account = (id: string, fullName: string, roles: readonly string[]): Act => ({
  kind: userCreate,
  subject: id,
  author: null,
  body: {
    ...{ username: id.slice(0, 8), fullName, title: null, roles, wards: [] },
    ...{ verifier: 'x', mustChange: false },
  },
});
export const roleGiven = (id: string, role: string): Act => ({
  kind: userUpdate,
  subject: id,
  author: null,
  body: { set: { roles: [role] }, saw: {} },
});

export async function signedWith(world: World, who: string, content: Uint8Array): Promise<Buffer> {
  const key = world.key(who);
  const made = await signCades({
    content,
    key,
    algorithm: key.algorithms[0] ?? 'rsa-pkcs1-sha256',
    at: Date.now(),
  });
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

/** `proof` of another owner, or none, is what somebody makes up. */
export async function claim(
  world: World,
  owner: string,
  who: string,
  proof: 'own' | 'none' | string = 'own',
): Promise<Act> {
  const text = Buffer.from(claimText(proof === 'own' ? owner : proof));
  return {
    kind: signerClaim,
    subject: owner,
    author: owner,
    body: {
      certificate: hex(world.der(who)),
      name: `Nguyễn Thị ${who}`,
      personNumber: '001085000123',
      ...(proof !== 'none' && { proof: await signedWith(world, who, text) }),
    },
  };
}

export interface SignAct {
  readonly world: World;
  readonly document: string;
  readonly author: string | null;
  readonly who: string;
  readonly content: Buffer;
}

export async function signature(
  { world, document, author, who, content }: SignAct,
  change: Readonly<Record<string, unknown>> = {},
): Promise<Act> {
  return {
    kind: documentSign,
    subject: document,
    author,
    body: {
      ...{ content: hex(content), step: 'doctor', over: 'content', digest: hex(content) },
      container: await signedWith(world, who, content),
      ...{ certificate: hex(world.der(who)), signer: `Nguyễn Thị ${who}`, role: 'bac_si_dieu_tri' },
      ...{ signedPdf: null, revocation: { how: 'none', asOf: null } },
      ...change,
    },
  };
}
