// Which signing token, whose certificate, and its PIN. Looks for tokens while it is open; says in words what is wrong with
// one, and warns before a PIN could lock it for good.
import { Button, Checkbox, Radio } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { clock, day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { PinField, type PinFieldHandle } from '../../parts/pin/PinField.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { useNow } from '../../parts/use-now.ts';
import styles from './Signing.module.css';
import type { Certificate, Token } from './signing-types.ts';
import { TrainingToken } from './TrainingToken.tsx';

interface Props {
  /** How many papers. */
  readonly count: number;
  /** Why the batch could not begin, after the token was open. */
  readonly refused: Failure | null;
  /** The token is open: sign. */
  readonly onOpen: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asking keeps the helper looking; often enough that plugging in feels seen. */
const lookEveryMs = 2_000;

interface Choice {
  readonly token: Token;
  readonly certificate: Certificate;
}

export function OpenToken({ count, refused, onOpen, onClose }: Props) {
  const t = useText();
  const now = useNow(lookEveryMs);
  const answer = useAnswer('signing.tokens', {}, { everyMs: lookEveryMs });
  const [picked, setPicked] = useState<string | null>(null);
  const tokens = answer.data?.tokens ?? [];
  const choices = tokens.flatMap((token) =>
    token.certificates.map((certificate) => ({ token, certificate })),
  );
  const chosen =
    choices.find((choice) => nameOf(choice) === picked) ??
    choices.find(({ token, certificate }) => certificate.fault === null && usable(token)) ??
    choices[0];
  const open = chosen && (chosen.token.openUntil ?? 0) > now;
  return (
    <div className={styles.stack}>
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data?.tokens.length === 0 && (
        <div className={styles.plugIn} role="status">
          <b>{t('signing.plugIn')}</b>
          <p>{t('signing.plugInHint')}</p>
        </div>
      )}
      {tokens.map((token) => (
        <TokenCard
          key={token.tokenId}
          token={token}
          chosen={chosen === undefined ? null : nameOf(chosen)}
          alone={choices.length === 1}
          onPick={setPicked}
        />
      ))}
      {refused && <ErrorNotice failure={refused} />}
      {chosen && open && chosen.certificate.fault === null ? (
        <Ready until={chosen.token.openUntil ?? 0} count={count} onSign={onOpen} onClose={onClose} />
      ) : chosen && usable(chosen.token) && chosen.certificate.fault === null && answer.data?.pinKey ? (
        <Pin
          key={nameOf(chosen)}
          {...chosen}
          pinKey={answer.data.pinKey}
          count={count}
          onOpen={onOpen}
          onClose={onClose}
        />
      ) : (
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
        </div>
      )}
      <Modules modules={answer.data?.modules ?? []} shown={tokens.length === 0} />
      <TrainingToken plugged={tokens.some(({ simulated }) => simulated)} />
    </div>
  );
}

const nameOf = ({ token, certificate }: Choice): string => `${token.tokenId} ${certificate.certificateId}`;
const usable = ({ pin }: Token): boolean => pin !== 'locked' && pin !== 'uninitialised';

function TokenCard({
  token,
  chosen,
  alone,
  onPick,
}: {
  readonly token: Token;
  readonly chosen: string | null;
  /** There is nothing to choose. */
  readonly alone: boolean;
  readonly onPick: (name: string) => void;
}) {
  const t = useText();
  return (
    <section className={styles.token} aria-label={token.label}>
      <h3>
        {token.label} <span className={styles.quiet}>{token.maker}</span>{' '}
        {token.simulated && <Tag tone="accent">{t('signing.simulated')}</Tag>}
      </h3>
      {token.pin === 'locked' && <p className={styles.danger}>{t('error.pin_locked')}</p>}
      {token.pin === 'uninitialised' && <p className={styles.danger}>{t('signing.uninitialised')}</p>}
      {token.certificates.length === 0 && <p className={styles.danger}>{t('signing.noCertificate')}</p>}
      {alone ? (
        token.certificates.map((certificate) => (
          <CertificateWords key={certificate.certificateId} certificate={certificate} />
        ))
      ) : (
        <Radio.Group aria-label={t('signing.whichCertificate')} value={chosen} onChange={onPick}>
          {token.certificates.map((certificate) => (
            <Radio
              key={certificate.certificateId}
              className={styles.certificate ?? ''}
              value={nameOf({ token, certificate })}
              disabled={certificate.fault !== null || !usable(token)}
              label={<CertificateWords certificate={certificate} />}
            />
          ))}
        </Radio.Group>
      )}
    </section>
  );
}

function CertificateWords({ certificate }: { readonly certificate: Certificate }) {
  const t = useText();
  return (
    <span className={styles.certificateWords}>
      <b>{certificate.name}</b>
      {certificate.personNumber !== null && (
        <span>{t('signing.personNumber', { number: certificate.personNumber })}</span>
      )}
      <span className={styles.quiet}>
        {t('signing.issuedBy', { issuer: certificate.issuer, until: day(certificate.validTo) })}
      </span>
      {certificate.fault !== null && (
        <span className={styles.danger}>▲ {t.of(`certificate.${certificate.fault}`)}</span>
      )}
    </span>
  );
}

function Ready({
  until,
  count,
  onSign,
  onClose,
}: {
  readonly until: number;
  readonly count: number;
  readonly onSign: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const t = useText();
  return (
    <>
      <p className={styles.good}>✓ {t('signing.open', { until: clock(until) })}</p>
      <div className={styles.foot}>
        <Button variant="default" size="lg" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <EnterButton onPress={() => void onSign()}>{t('signing.signNow', { n: count })}</EnterButton>
      </div>
    </>
  );
}

function Pin({
  token,
  certificate,
  pinKey,
  count,
  onOpen,
  onClose,
}: Choice & {
  readonly pinKey: string;
  readonly count: number;
  readonly onOpen: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const t = useText();
  const order = useOrder('signing.unlock');
  const field = useRef<PinFieldHandle>(null);
  const [knowing, setKnowing] = useState(false);
  const [mine, setMine] = useState(false);
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const last = token.pin === 'last';
  const unsure = (last && !knowing) || (certificate.firstUse && !mine);
  const { min, max } = token.pinLength;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has just been told that one try is left has not agreed to it yet
  useEffect(() => setKnowing(false), [token.pin]);

  async function unlock(sealedPin: string): Promise<void> {
    setAsked(true);
    if (unsure) return;
    setFailure(null);
    const result = await order.run({
      tokenId: token.tokenId,
      certificateId: certificate.certificateId,
      sealedPin,
      knowing,
      mine,
    });
    if (result.ok) return onOpen();
    setFailure(result.error);
    field.current?.focus();
  }
  function press(): void {
    setAsked(true);
    if (!unsure) field.current?.seal();
  }

  return (
    <div className={styles.stack}>
      {token.defaultPin && <p className={styles.warning}>▲ {t('signing.defaultPin')}</p>}
      {token.pin === 'low' && <p className={styles.warning}>▲ {t('signing.low')}</p>}
      {last && (
        <div className={styles.lastTry} role="alert">
          <b>▲ {t('signing.lastTry')}</b>
          <p>{t('signing.lastTryText')}</p>
          <Checkbox
            label={t('signing.knowing')}
            checked={knowing}
            error={asked && !knowing ? t('signing.tickFirst') : undefined}
            onChange={(event) => setKnowing(event.currentTarget.checked)}
          />
        </div>
      )}
      {certificate.firstUse && (
        <div className={styles.firstUse}>
          <Checkbox
            label={t('signing.mine', { name: certificate.name })}
            description={t('signing.mineHint')}
            checked={mine}
            error={asked && !mine ? t('signing.tickFirst') : undefined}
            onChange={(event) => setMine(event.currentTarget.checked)}
          />
        </div>
      )}
      <PinField
        ref={field}
        label={t('signing.pin')}
        hint={t('signing.pinHint')}
        pinKey={pinKey}
        length={{ min, max }}
        error={failure && t.failure(failure)}
        onSealed={(sealed) => void unlock(sealed)}
        onRefused={(why) => {
          const code = why === 'length' ? 'pin_length' : 'pin_unreadable';
          setFailure({ code, messageKey: `error.${code}` });
        }}
        onEscape={onClose}
      />
      <p role="status" className={styles.quiet}>
        {order.running && t('signing.opening')}
      </p>
      <div className={styles.foot}>
        <Button variant="default" size="lg" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <EnterButton focus={false} loading={order.running} onPress={press}>
          {t('signing.signNow', { n: count })}
        </EnterButton>
      </div>
    </div>
  );
}

/** For whoever looks after the PC: makers' libraries that are there and cannot be used. */
function Modules({
  modules,
  shown,
}: {
  readonly modules: readonly {
    readonly name: string;
    readonly path: string;
    readonly fault: string | null;
  }[];
  readonly shown: boolean;
}) {
  const t = useText();
  const faulty = modules.filter(({ fault }) => fault !== null);
  if (!shown || faulty.length === 0) return null;
  return (
    <div className={styles.warning}>
      <p>{t('signing.modulesUnfit')}</p>
      <ul>
        {faulty.map(({ name, path, fault }) => (
          <li key={path}>
            {name}: {fault !== null && moduleFault(t, fault)} <span className={styles.quiet}>({path})</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const moduleFault = (t: ReturnType<typeof useText>, fault: string): string =>
  t.has(`signing.module.${fault}`) ? t.of(`signing.module.${fault}`) : fault;
