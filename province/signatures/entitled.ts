// Whether a signature that adds up stands where it may, by what the center's log says: the rules by which stations tell a
// false one (electron/signing/desk), from the signed bytes themselves and from changes, written once more. What the log does
// not say yet is unproven, and looked at again when it does; what stations find by time and place of a claim is left to them.
import * as z from 'zod';
import { isRole, permissionsOf } from '../../shared/codes/roles.ts';
import { claimText, signerConfirm } from '../../shared/model/signing.ts';
import { centerSetup } from '../../shared/model/station.ts';
import { CARRY } from '../../shared/sync/forks.ts';
import { foldedWords } from '../../shared/text/fold.ts';
import { bytesOf, sha256 } from '../bytes.ts';
import type { Database } from '../database/types.ts';
import type { Holder } from './holder.ts';
import type { Finding, Openssl, Unasked } from './openssl.ts';
import { centerNameIn, paperOf, type SignedPaper } from './reading.ts';

interface Asked {
  readonly db: Database;
  readonly openssl: Openssl;
  readonly center: number;
  readonly logNo: number;
  readonly paper: SignedPaper;
  readonly holder: Holder;
  /** Of the version signed; null: not here, of a signature over evidence. */
  readonly content: Uint8Array | null;
}

/** Null: nothing against it. */
export async function whyNotEntitled(asked: Asked): Promise<Finding | null> {
  const { paper, holder, content } = asked;
  if (paper.author === null) return otherPerson('of no account');
  if (paper.signer !== holder.name.slice(0, MOST_NAME))
    return otherPerson('another name than the certificate’s');
  const place = content === null ? null : placeIn(content, paper);
  if (typeof place === 'string') return notEntitled(place);
  return (
    (await whyElsewhere(asked)) ??
    (await whyNotTheirs(asked, paper.author, place?.kind === 'facility')) ??
    // a seal counts beside its owner's signature of the same step only, which is looked at by itself
    (place === null ? null : await whyNoRole(asked, paper.author, place.roles))
  );
}

/** As a change has room for. */
const MOST_NAME = 200;

const otherPerson = (detail: string): Finding => ({ state: 'rejected', reason: 'other_person', detail });
const notEntitled = (detail: string): Finding => ({ state: 'rejected', reason: 'not_entitled', detail });

const Content = z.object({
  type: z.literal('tram.document'),
  body: z.object({
    document: z.string(),
    steps: z.array(z.object({ id: z.string(), kind: z.string(), roles: z.array(z.string()) })),
  }),
});

interface StepPlace {
  readonly kind: string;
  readonly roles: readonly string[];
}

/** The step as the signed bytes have it; in words why it is none to sign at. */
export function placeIn(
  content: Uint8Array,
  { document, step }: Pick<SignedPaper, 'document' | 'step'>,
): StepPlace | string {
  const read = Content.safeParse(jsonOf(content));
  if (!read.success) return 'not over a paper';
  const { body } = read.data;
  if (body.document !== document) return 'of another paper';
  const place = body.steps.find(({ id }) => id === step);
  return place === undefined || place.kind === 'person' ? `no signature at step ${step}` : place;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

/** A container counts once, where it came first and was good. */
async function whyElsewhere({ db, center, logNo, paper }: Asked): Promise<Finding | null> {
  const rows = await db.query<{ log_no: number; stored: Uint8Array }>(
    `select c.log_no, c.stored from paper_container p
     join paper_signature s on s.center = p.center and s.log_no = p.log_no and s.state = 'good'
     join change_log c on c.center = p.center and c.lane = 2 and c.log_no = p.log_no
     where p.center = $1 and p.container = $2 and p.log_no <> $3 order by p.log_no limit 1`,
    [center, sha256(paper.container), logNo],
  );
  const [first] = rows.map(({ stored }) => paperOf(stored));
  // the same change may have come twice: carried by another PC
  const same = first?.what !== 'signed' || (first.document === paper.document && first.step === paper.step);
  return same
    ? null
    : { state: 'rejected', reason: 'used_elsewhere', detail: `signed at step ${first.step}` };
}

interface ClaimRow extends Record<string, unknown> {
  readonly owner: string;
  readonly stored: Uint8Array;
}

/** Whose the certificate is: of those who signed with its key that it is theirs, in their own session and name. */
async function whyNotTheirs(asked: Asked, author: string, ofFacility: boolean): Promise<Finding | null> {
  const { db, center, holder } = asked;
  const rows = await db.query<ClaimRow>(
    `select p.owner, c.stored from paper_claim p
     join change_log c on c.center = p.center and c.lane = 2 and c.log_no = p.log_no
     where p.center = $1 and (p.certificate = $2 or p.person_number = $3) order by p.log_no limit $4`,
    [center, bytesOf(holder.certificate), holder.number, MOST_CLAIMS],
  );
  const [owners, keepers] = [new Set<string>(), new Set<string>()];
  for (const { owner, stored } of rows) {
    const proven = await provenBy(asked, owner, stored);
    if (proven !== null && 'state' in proven) return proven;
    if (proven?.key.certificate === holder.certificate) keepers.add(owner);
    if (proven !== null && (await isOwn(asked, owner, proven))) owners.add(owner);
  }
  const mine = (owner: string): boolean => owner === author || (ofFacility && owner === center_);
  const center_ = await centerId(db, center);
  const [only] = owners;
  const sole = (await settledOwner(asked, keepers)) ?? (owners.size === 1 ? only : undefined);
  if (sole !== undefined) return mine(sole) ? null : otherPerson('the certificate is another’s');
  if (owners.size === 0) return { state: 'unproven', reason: 'unclaimed', detail: '' };
  return [...owners].some(mine)
    ? { state: 'unproven', reason: 'contested', detail: `${owners.size} claim it` }
    : otherPerson('the certificate is claimed by others');
}

/** Ours: more than this many changes about one certificate are noise. */
const MOST_CLAIMS = 50;

interface Proven {
  readonly key: Holder;
  readonly author: string;
}

/** By whose key a claim is signed, if it is one of this certificate or of this person's. */
async function provenBy(
  { openssl, holder }: Asked,
  owner: string,
  stored: Uint8Array,
): Promise<Proven | Unasked | null> {
  const claim = paperOf(stored);
  if (claim?.what !== 'claimed' || claim.proof === null || claim.author === null) return null;
  const key = await openssl.signerOf(claim.proof, Buffer.from(claimText(owner)));
  if (key !== null && 'state' in key) return key;
  if (key === null || key.certificate !== claim.certificate) return null;
  const same =
    key.certificate === holder.certificate || (key.number !== null && key.number === holder.number);
  return same ? { key, author: claim.author } : null;
}

async function isOwn({ db, center }: Asked, owner: string, { key, author }: Proven): Promise<boolean> {
  if (owner === (await centerId(db, center)))
    return (
      key.number === null && (await centerNames(db, center, owner)).some((one) => isSameName(key.name, one))
    );
  const names = await valuesOf(db, center, owner, 'name');
  return author === owner && names.some((name) => isNamedLike(key.name, name));
}

/**
 * By an administrator who is not one of them, of those who hold the key; the last word counts. An administrator has seen whose
 * it is, so it may be in another name.
 */
async function settledOwner(
  { db, center, holder }: Asked,
  keepers: ReadonlySet<string>,
): Promise<string | undefined> {
  const rows = await db.query<{ owner: string; author: string }>(
    `select owner, author from paper_confirmed
     where center = $1 and certificate = $2 and owner = any ($3::text[]) limit $4`,
    [center, bytesOf(holder.certificate), [...keepers], MOST_CLAIMS],
  );
  const words: typeof rows = [];
  for (const word of rows) {
    const roles = await valuesOf(db, center, word.author, 'role');
    if (word.owner !== word.author && permissionsOf(roles.filter(isRole)).has('users.manage'))
      words.push(word);
  }
  if (new Set(words.map(({ owner }) => owner)).size < 2) return words[0]?.owner;
  // rarely more than one is named: only the log itself knows which came last
  const log = await db.query<{ stored: Uint8Array }>(
    'select stored from change_log where center = $1 and lane = 2 and kind = any ($2::text[]) order by log_no desc',
    [center, [signerConfirm.kind, CARRY.kind]],
  );
  for (const { stored } of log) {
    const said = paperOf(stored);
    if (said?.what !== 'settled' || said.certificate !== holder.certificate) continue;
    if (words.some(({ owner, author }) => owner === said.owner && author === said.author)) return said.owner;
  }
  return undefined;
}

/** "BSCKI. Nguyễn Văn An" and "NGUYỄN VĂN AN". */
function isNamedLike(a: string, b: string): boolean {
  const [short = [], long = []] = [foldedWords(a), foldedWords(b)].sort((x, y) => x.length - y.length);
  return short.length > 1 && short.every((word) => long.includes(word));
}

const isSameName = (a: string, b: string): boolean =>
  foldedWords(a).sort().join(' ') === foldedWords(b).sort().join(' ');

async function whyNoRole(
  { db, center, paper }: Asked,
  author: string,
  wanted: readonly string[],
): Promise<Finding | null> {
  const held = await valuesOf(db, center, author, 'role');
  if (held.some((role) => wanted.includes(role))) return null;
  const asked = await db.query(
    'select 1 from paper_asked where center = $1 and content = $2 and step = $3 and account = $4',
    [center, bytesOf(paper.content), paper.step, author],
  );
  if (asked.length > 0) return null;
  return held.length === 0
    ? { state: 'unproven', reason: 'account', detail: '' }
    : notEntitled(`no role of step ${paper.step}`);
}

const valuesOf = async (
  db: Database,
  center: number,
  account: string,
  what: 'name' | 'role',
): Promise<string[]> =>
  (
    await db.query<{ value: string }>(
      'select value from paper_account where center = $1 and account = $2 and what = $3',
      [center, account, what],
    )
  ).map(({ value }) => value);

/** As the province enrolled it, and as its own first PC named it. */
async function centerNames(db: Database, center: number, id: string): Promise<string[]> {
  const enrolled = await db.query<{ name: string }>('select name from center where number = $1', [center]);
  const [first] = await db.query<{ stored: Uint8Array }>(
    'select stored from change_log where center = $1 and lane = 2 and kind = $2 order by log_no limit 1',
    [center, centerSetup.kind],
  );
  const own = first === undefined ? null : centerNameIn(first.stored, id);
  return [...enrolled.map(({ name }) => name), ...(own === null ? [] : [own])];
}

async function centerId(db: Database, center: number): Promise<string | null> {
  const [row] = await db.query<{ center_id: string | null }>(
    'select center_id from center where number = $1',
    [center],
  );
  return row?.center_id ?? null;
}
