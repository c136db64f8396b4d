// The desk at which papers are signed: tokens and whose certificates they hold, one PIN for many papers, whether what
// was signed still holds, and the rules of the house.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { BatchId, type SigningNews } from '../../../shared/api/signing.ts';
import { signerClaim } from '../../../shared/model/signing.ts';
import type { Caller, HandlersOf, Log, Method, People } from '../../store/room.ts';
import type { Store } from '../../store/types.ts';
import { verifyPdf } from '../pdf/index.ts';
import type { ListedToken, TokenDesk } from '../tokens/index.ts';
import type { CertificateJudge, SigningKey, TimeStamper, Verdict } from '../types.ts';
import { verifyFile } from '../verify-file.ts';
import { holderOf, personNumberOf, readCertificate } from '../x509/certificate.ts';
import { openBatches } from './batch.ts';
import { claimsHandlers, proofOfClaim } from './claiming.ts';
import { type ClaimWitness, openClaims } from './claims.ts';
import { signAndKeep } from './make.ts';
import { type OpenedTokens, openOpenedTokens } from './opened.ts';
import { packed } from './packed.ts';
import type { Papers, StepOfPaper } from './papers-port.ts';
import { proofOf } from './proof.ts';
import { openReceivedFiles } from './received.ts';
import { modulePathsOf, rulesOf, saveModulePaths, saveRules } from './rules.ts';
import { type Judging, judged, type Known, knowCertificate } from './signers.ts';
import { openStamps, type StampNeeds, type Stamps } from './stamps.ts';
import { openStanding, type Standing } from './standing.ts';

export { model } from './projections.ts';
export { modulePathsOf, rulesOf } from './rules.ts';

type Methods = Extract<
  Method,
  | 'signing.tokens'
  | 'signing.unlock'
  | 'signing.lock'
  | 'signing.sign'
  | 'signing.stop'
  | 'signing.verify'
  | 'signing.proof'
  | 'signing.takePart'
  | 'signing.verifyFile'
  | 'signing.settings'
  | 'signing.saveSettings'
  | 'signing.contested'
  | 'signing.settleClaim'
  | 'signing.trainingToken'
>;

export interface Anchor {
  readonly name: string;
  readonly sha256: string;
  readonly validTo: number;
  readonly training: boolean;
}

export interface DeskNeeds {
  readonly store: Store;
  readonly papers: Papers;
  readonly tokens: TokenDesk;
  readonly judge: CertificateJudge;
  /** By what is kept here alone. */
  readonly quietJudge: CertificateJudge;
  /** The judge's answer with what it rests on; null: it keeps nothing. */
  readonly examine: StampNeeds['examine'];
  anchors(): readonly Anchor[];
  /** Null: no service, or nobody may be asked. */
  stamperAt(url: string): TimeStamper | null;
  verifyXml(xml: Buffer, judge: CertificateJudge): Promise<Verdict>;
  readonly witness: ClaimWitness;
  readonly people: People;
  /** Training's: plugs the holder's simulated token in or out; null in a real center. */
  plug: ((present: boolean, holder: Pick<Caller, 'userId' | 'fullName'>) => void) | null;
  /** To the page of a session. */
  tell(sessionId: string, news: SigningNews): void;
  /** What the pages show of papers or tokens is out of date. */
  changed(area: 'documents' | 'signing'): void;
  now(): number;
  readonly log: Log;
}

export interface Desk {
  readonly handlers: HandlersOf<Methods>;
  readonly standing: Standing;
  readonly stamps: Stamps;
  /** With a key that needs no token: training's, for papers that were signed before anybody came. */
  signWith(caller: Caller, item: StepOfPaper, key: SigningKey): Promise<Result<null>>;
  /** Sessions that were locked or have ended lose their token. */
  sweep(isAtWork: (sessionId: string) => boolean): void;
  /** Until what runs has ended. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function openDesk(needs: DeskNeeds): Desk {
  const { store, papers, tokens, judge, witness, now, log } = needs;
  const judging: Judging = { judge, training: needs.plug !== null };
  const centerId = () => witness.center()?.id ?? null;
  const claims = openClaims(store, witness);
  const rules = () => rulesOf(store.sql, centerId());
  const stamper = (): TimeStamper | null => {
    const { timeStampUrl } = rules();
    return timeStampUrl === null ? null : needs.stamperAt(timeStampUrl);
  };
  const opened: OpenedTokens = openOpenedTokens({
    tokens,
    changed: () => needs.changed('signing'),
    log,
  });
  const stopWatching = tokens.onChange(() => needs.changed('signing'));
  const standing = openStanding({
    store,
    papers,
    judge,
    quietJudge: needs.quietJudge,
    claims,
    witness,
    changed: () => needs.changed('documents'),
    now,
    log,
  });
  const stamps = openStamps({
    papers,
    station: store.station.id,
    stamper,
    examine: needs.examine,
    judge,
    stamped: () => needs.changed('documents'),
    now,
    log,
  });
  const batches = openBatches({
    papers,
    opened,
    stamper: () => (stamps.isUp() ? stamper() : null),
    tell: needs.tell,
    signed() {
      // pages that show the PDF with its signatures fetch it anew
      needs.changed('signing');
      void stamps.fetch();
    },
    now,
    log,
  });

  const received = openReceivedFiles(now);

  const handlers: HandlersOf<Methods> = {
    'signing.tokens': async (_input, ctx) => {
      const [seen, pinKey] = [await tokens.tokens(), await tokens.pinKey()];
      const shown = [];
      for (const token of seen.tokens) shown.push(await tokenShown(token, ctx.caller));
      return ok({
        tokens: shown,
        pinKey,
        modules: seen.modules.map(({ name, path, fault }) => ({ name, path, fault })),
      });
    },

    'signing.unlock': async ({ tokenId, certificateId, sealedPin, knowing, mine }, ctx) => {
      const { caller } = ctx;
      const token = (await tokens.tokens()).tokens.find((one) => one.tokenId === tokenId);
      if (!token) return fail('token_missing');
      const known = (await knownOn(token, caller)).find((one) => one.certificate.sha256 === certificateId);
      if (!known) return fail('certificate_unfit');
      if (known.fault === 'other_person') return fail('certificate_other_person');
      if (known.fault !== null)
        return fail('certificate_unfit', { fields: { certificateId: `certificate.${known.fault}` } });
      // not one try of the PIN before the person has said so
      if (known.firstUse && !mine)
        return fail('certificate_other_person', { fields: { mine: 'field.required' } });
      const unlocked = await tokens.unlock(tokenId, certificateId, sealedPin, { knowing });
      if (!unlocked.ok) return unlocked;
      const claimed = known.firstUse
        ? await claim(known, tokens.key(unlocked.value.session), caller)
        : ok(null);
      if (!claimed.ok) {
        await tokens.lock(unlocked.value.session);
        return claimed;
      }
      opened.keep(caller.sessionId, unlocked.value, known);
      return ok({ openUntil: unlocked.value.openUntil });
    },

    'signing.lock': (_input, ctx) => {
      opened.drop(ctx.caller.sessionId);
      return ok(null);
    },

    'signing.sign': ({ items }, ctx) => {
      const begun = batches.begin(ctx.caller, items);
      return begun.ok ? ok({ batchId: BatchId.parse(begun.value) }) : begun;
    },

    'signing.stop': ({ batchId }, ctx) => batches.stop(ctx.caller, batchId),

    'signing.verify': async ({ documentId }) => {
      const verdict = await standing.verify(documentId);
      return verdict ? ok({ verdict: plain(verdict) }) : fail('not_found');
    },

    'signing.proof': async ({ documentId, packed: asOne }) => {
      const frozen = await papers.frozen(documentId);
      if (!frozen) return fail('not_found');
      const proof = proofOf(frozen, await papers.signaturesOf(documentId));
      if (!proof.ok) return proof;
      const name = `chung-cu-${frozen.content.slice(0, 16)}.zip`;
      const files = asOne ? [{ name, bytes: packed(proof.value, now()) }] : proof.value;
      return ok({ files: files.map((one) => ({ name: one.name, bytes: one.bytes.toString('base64') })) });
    },

    'signing.takePart': ({ file, at, of, part }, { caller }) =>
      received.take(caller.sessionId, { file, at, of, bytes: Buffer.from(part, 'base64') }),

    'signing.verifyFile': async ({ file, content }, { caller }) => {
      const signed = received.give(caller.sessionId, file);
      if (!signed.ok) return signed;
      const covered = content === null ? ok(null) : received.give(caller.sessionId, content);
      if (!covered.ok) return covered;
      const verifiers = { pdf: verifyPdf, xml: needs.verifyXml };
      return ok({ verdict: plain(await verifyFile(signed.value, covered.value, judge, verifiers)) });
    },

    'signing.settings': () => {
      const { timeStampUrl, idleMinutes } = rules();
      const { count, oldest } = papers.waiting();
      return ok({
        timeStampUrl,
        idleMinutes,
        modulePaths: modulePathsOf(store.sql),
        anchors: needs
          .anchors()
          .map(({ name, sha256, validTo, training }) => ({ name, sha256, validTo, training })),
        waitingForStamp: count,
        oldestWaiting: oldest,
      });
    },

    'signing.saveSettings': ({ timeStampUrl, idleMinutes, modulePaths }, ctx) => {
      if (timeStampUrl !== null && !/^https?:/i.test(timeStampUrl))
        return fail('bad_input', { fields: { timeStampUrl: 'field.bad_value' } });
      const saved = saveRules(store, ctx.caller, centerId(), { timeStampUrl, idleMinutes });
      if (!saved.ok) return saved;
      saveModulePaths(store, modulePaths);
      void stamps.fetch();
      needs.changed('signing');
      return ok(null);
    },

    ...claimsHandlers({ store, claims, people: needs.people, changed: () => needs.changed('signing') }),

    'signing.trainingToken': ({ present }, { caller }) => {
      if (!needs.plug) return fail('not_allowed');
      needs.plug(present, caller);
      needs.changed('signing');
      return ok(null);
    },
  };

  return {
    handlers,
    standing,
    stamps,
    async signWith(caller, item, key) {
      const certificate = readCertificate(key.certificate);
      if (!certificate || (await judged(certificate, key.chain, judging)).fault !== null)
        return fail('certificate_unfit');
      const name = holderOf(certificate);
      const isTheirs = claims.whose(certificate).is !== 'nobodys';
      const claimed = isTheirs ? ok(null) : await claim({ certificate, owner: caller.userId }, key, caller);
      if (!claimed.ok) return claimed;
      const signer = ok({ key, name, revocation: null });
      return signAndKeep(() => signer, item, caller, { papers, stamper: () => null, now });
    },
    sweep(isAtWork) {
      opened.sweep(isAtWork);
      received.sweep(isAtWork);
    },
    async idle() {
      await batches.idle();
      await standing.idle();
    },
    async close() {
      stopWatching();
      opened.close();
      stamps.close();
      await batches.idle();
      standing.close();
      await standing.idle();
      await tokens.close();
    },
  };

  async function knownOn(token: ListedToken, caller: Caller): Promise<Known[]> {
    const who = { userId: caller.userId, fullName: caller.fullName, center: witness.center() };
    const known: Known[] = [];
    for (const der of token.certificates) {
      const one = await knowCertificate(claims, der, token.certificates, who, judging);
      if (one) known.push(one);
    }
    return known;
  }

  async function tokenShown(token: ListedToken, caller: Caller) {
    const mine = opened.of(caller.sessionId);
    const { tokenId, label, maker, simulated, pin, defaultPin, pinLength } = token;
    return {
      ...{ tokenId, label, maker, simulated, pin, pinLength: { ...pinLength } },
      defaultPin,
      openUntil: mine?.token.tokenId === tokenId ? mine.token.openUntil : null,
      certificates: (await knownOn(token, caller)).map((one) => ({
        certificateId: one.certificate.sha256,
        name: one.name,
        personNumber: one.personNumber,
        issuer: one.issuer,
        validFrom: one.certificate.validFrom,
        validTo: one.certificate.validTo,
        fault: one.fault,
        firstUse: one.firstUse,
      })),
    };
  }

  async function claim(
    { certificate, owner }: Pick<Known, 'certificate' | 'owner'>,
    key: SigningKey | null,
    caller: Caller,
  ): Promise<Result<null>> {
    const proof = await proofOfClaim(owner, key, now());
    if (!proof.ok) return proof;
    return store.write(caller, (tx) => {
      tx.append(signerClaim, {
        id: owner,
        body: {
          certificate: certificate.sha256,
          name: holderOf(certificate).slice(0, 200),
          personNumber: personNumberOf(certificate),
          proof: new Uint8Array(proof.value),
        },
      });
      return ok(null);
    });
  }
}

/** Lists that may be written to, as the contract has them. */
const plain = ({ state, reasons, signatures }: Verdict) => ({
  state,
  reasons: [...reasons],
  signatures: signatures.map((one) => ({
    ...one,
    reasons: [...one.reasons],
    revocation: one.revocation && { ...one.revocation },
  })),
});
