// The patient and the relatives written down, each with consent, fingers, checks and what could not be taken; and
// everything that can be done about them.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import {
  checkable,
  type Finger,
  fingerName,
  inSentence,
  midSentence,
  type Person,
  qualityWord,
  type Reason,
  standing,
} from '../../parts/fingers/fingers.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { CheckDialog } from './CheckDialog.tsx';
import { ConsentDialog } from './ConsentDialog.tsx';
import styles from './Fingerprint.module.css';
import { TakeDialog } from './TakeDialog.tsx';
import { UnableDialog } from './UnableDialog.tsx';

type Doing =
  | { readonly kind: 'consent' | 'check' | 'withdraw'; readonly person: Person }
  | { readonly kind: 'take'; readonly person: Person; readonly personId: string; readonly failed?: Finger }
  | { readonly kind: 'drop'; readonly person: Person; readonly finger: Finger }
  | {
      readonly kind: 'unable';
      readonly person: Person;
      readonly finger: Finger | null;
      readonly reason: Reason | null;
      /** While taking: another finger may stand in at once. */
      readonly personId?: string;
    };

interface Props {
  readonly patientId: string;
  /** The stay a relative signs in. */
  readonly admissionId: string | null;
}

export function Prints({ patientId, admissionId }: Props) {
  const t = useText();
  const { can } = useSession();
  const answer = useAnswer('fingerprint.ofPatient', { patientId });
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const section = useRef<HTMLElement>(null);
  /** Whose button was pressed last: it may be gone when the answer comes, and the focus with it. */
  const [pressed, setPressed] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer may take the button away
  useEffect(() => {
    if (doing !== null || pressed === '' || document.activeElement !== document.body) return;
    section.current?.querySelector<HTMLElement>(`[data-person="${pressed}"] button`)?.focus();
  }, [answer.data]);
  const people = answer.data?.people;
  /** As the record has them now; what was pressed may be minutes old. */
  const today = (person: Person): Person =>
    people?.find(({ kind, relativeId }) => kind === person.kind && relativeId === person.relativeId) ??
    person;
  return (
    <section className={styles.panel} aria-labelledby="prints" ref={section}>
      <h2 id="prints">{t('fingerprint.title')}</h2>
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isLoading && <Loading />}
      {people?.map((person, index) => (
        <PersonCard
          key={nameOf(person)}
          person={person}
          mayWrite={can('patient.write')}
          // keys for the patient, who comes first; relatives by Tab
          keyed={index === 0}
          onDo={(what) => {
            setPressed(nameOf(person));
            setDoing(what);
          }}
        />
      ))}
      {people?.length === 1 && <p className={styles.quiet}>{t('fingerprint.addRelativeFirst')}</p>}
      {doing?.kind === 'consent' && (
        <ConsentDialog
          {...{ patientId, admissionId }}
          person={doing.person}
          onGiven={(personId) => {
            const { person } = doing;
            const taken = person.fingers.length > 0;
            // the next dialog says it by being there, and its buttons must not lie under a message
            if (taken) showDone(t('fingerprint.consentSaved', { name: person.name }));
            setDoing(taken ? null : { kind: 'take', person, personId });
          }}
          onRefused={() =>
            setDoing({ kind: 'unable', person: doing.person, finger: null, reason: 'refused' })
          }
          onClose={close}
        />
      )}
      {doing?.kind === 'take' && (
        <TakeDialog
          patientId={patientId}
          personId={doing.personId}
          name={doing.person.name}
          taken={today(doing.person).fingers.map(({ finger }) => finger)}
          unable={[
            ...today(doing.person).unable.flatMap(({ finger }) => finger ?? []),
            ...(doing.failed === undefined ? [] : [doing.failed]),
          ]}
          onUnable={(finger) =>
            setDoing({
              kind: 'unable',
              person: doing.person,
              personId: doing.personId,
              finger,
              reason: null,
            })
          }
          onClose={close}
        />
      )}
      {doing?.kind === 'check' && doing.person.personId !== null && (
        <CheckDialog {...{ patientId, admissionId }} personId={doing.person.personId} onClose={close} />
      )}
      {doing?.kind === 'unable' && (
        <UnableDialog
          {...{ patientId, admissionId }}
          person={doing.person}
          finger={doing.finger}
          reason={doing.reason}
          onSaved={(finger, fallback) => {
            const { person, personId } = doing;
            const next = fallback === 'other_finger' && finger !== null && personId !== undefined;
            setDoing(next ? { kind: 'take', person, personId, failed: finger } : null);
          }}
          onClose={close}
        />
      )}
      <Withdraw
        patientId={patientId}
        person={doing?.kind === 'withdraw' ? doing.person : null}
        onClose={close}
      />
      <Drop
        patientId={patientId}
        person={doing?.kind === 'drop' ? doing.person : null}
        finger={doing?.kind === 'drop' ? doing.finger : 1}
        onClose={close}
      />
    </section>
  );
}

/** Of the card on the page. */
const nameOf = ({ kind, relativeId }: Person): string => relativeId ?? kind;

function PersonCard({
  person,
  mayWrite,
  keyed,
  onDo,
}: {
  readonly person: Person;
  readonly mayWrite: boolean;
  readonly keyed: boolean;
  readonly onDo: (doing: Doing) => void;
}) {
  const t = useText();
  const now = Date.now();
  const given = person.consent === 'given';
  const { personId } = person;
  const mayCheck = checkable([person]).length > 0;
  return (
    <article className={styles.person} aria-label={person.name} data-person={nameOf(person)}>
      <h3>
        {person.name}
        {person.relation !== null && (
          <span className={styles.relation}>{t.of(`patient.relation.${person.relation}`)}</span>
        )}
        <Tag tone={given ? 'good' : person.consent === 'withdrawn' ? 'warn' : 'quiet'}>
          {t(`fingerprint.consent.${standing(person)}`)}
        </Tag>
      </h3>
      {given && person.consentAt !== null && (
        <p className={styles.quiet}>
          {t('fingerprint.consentLine', {
            when: shortMoment(person.consentAt, now),
            who: person.consentBy ?? '',
            purposes: person.purposes.map((each) => t(`fingerprint.purpose.${each}`)).join(', '),
          })}
        </p>
      )}
      {given && person.fingers.length === 0 && <p>{t('fingerprint.noneYet')}</p>}
      {person.fingers.length > 0 && (
        <ul className={styles.fingers}>
          {person.fingers.map((held) => (
            <li key={held.finger}>
              <b>{fingerName(t, held.finger)}</b>
              <span className={styles.quiet}>
                {t('fingerprint.fingerLine', {
                  word: qualityWord(t, held.quality),
                  when: shortMoment(held.at, now),
                  who: held.by,
                  station: held.station,
                })}{' '}
                {held.old && <Tag tone="warn">{t('fingerprint.old')}</Tag>}
                {!held.usable && <Tag tone="warn">{t('fingerprint.keyWaiting')}</Tag>}
              </span>
              {mayWrite && (
                <Button
                  size="compact-md"
                  variant="default"
                  aria-label={`${t('fingerprint.drop')}: ${fingerName(t, held.finger)}`}
                  onClick={() => onDo({ kind: 'drop', person, finger: held.finger })}
                >
                  {t('fingerprint.drop')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {person.fingers.some(({ usable }) => !usable) && (
        <p className={styles.quiet}>{t('fingerprint.keyWaitingHint')}</p>
      )}
      {person.lastCheck && (
        <p className={person.lastCheck.matched ? styles.quiet : styles.wrong}>
          {person.lastCheck.matched ? '✓ ' : '✕ '}
          {t('fingerprint.lastCheck', {
            what: t(person.lastCheck.matched ? 'fingerprint.checkMatched' : 'fingerprint.checkNot'),
            occasion: midSentence(t, t(`fingerprint.occasion.${person.lastCheck.occasion}`)),
            when: shortMoment(person.lastCheck.at, now),
            who: person.lastCheck.by,
          })}
        </p>
      )}
      {person.unable.map((row) => (
        <p key={`${row.at}${row.finger}`} className={styles.quiet}>
          {t('fingerprint.unableLine', {
            finger: row.finger === null ? t('fingerprint.unableAny') : inSentence(t, row.finger),
            reason: row.note ?? midSentence(t, t(`fingerprint.reason.${row.reason}`)),
            fallback:
              row.witness === null
                ? midSentence(t, t(`fingerprint.fallback.${row.fallback}`))
                : t('fingerprint.witnessIs', { name: row.witness }),
            when: shortMoment(row.at, now),
            who: row.by,
          })}
        </p>
      ))}
      {person.erasure && <Erasure erasure={person.erasure} now={now} />}
      <div className={styles.buttons}>
        {mayWrite &&
          (given && personId !== null ? (
            <KeyButton
              {...(keyed ? { keyName: 'F6' } : {})}
              variant={person.fingers.length === 0 ? 'filled' : 'default'}
              onPress={() => onDo({ kind: 'take', person, personId })}
            >
              {t('fingerprint.take')}
            </KeyButton>
          ) : (
            <KeyButton
              {...(keyed ? { keyName: 'F6' } : {})}
              onPress={() => onDo({ kind: 'consent', person })}
            >
              {t('fingerprint.askConsent')}
            </KeyButton>
          ))}
        {mayCheck && (
          <KeyButton {...(keyed ? { keyName: 'F8' } : {})} onPress={() => onDo({ kind: 'check', person })}>
            {t('fingerprint.check')}
          </KeyButton>
        )}
        {mayWrite && (
          <Button
            variant="default"
            onClick={() => onDo({ kind: 'unable', person, finger: null, reason: null })}
          >
            {t('fingerprint.unable')}
          </Button>
        )}
        {mayWrite && given && person.purposes.length < 3 && (
          <Button variant="default" onClick={() => onDo({ kind: 'consent', person })}>
            {t('fingerprint.moreConsent')}
          </Button>
        )}
        {mayWrite && given && (
          <Button variant="default" onClick={() => onDo({ kind: 'withdraw', person })}>
            {t('fingerprint.withdraw')}
          </Button>
        )}
      </div>
    </article>
  );
}

function Erasure({
  erasure,
  now,
}: {
  readonly erasure: NonNullable<Person['erasure']>;
  readonly now: number;
}) {
  const t = useText();
  return (
    <>
      <p>{t('fingerprint.erasedAt', { when: shortMoment(erasure.at, now), who: erasure.by })}</p>
      <p className={styles.quiet}>{t('fingerprint.erasedWhere')}</p>
      <ul className={styles.erased}>
        {erasure.stations.map(({ name, at }) => (
          <li key={name}>
            {at === null ? '○ ' : '✓ '}
            {at === null
              ? t('fingerprint.erasedWaiting', { station: name })
              : t('fingerprint.erasedOn', { station: name, when: shortMoment(at, now) })}
          </li>
        ))}
      </ul>
    </>
  );
}

function Withdraw({
  patientId,
  person,
  onClose,
}: {
  readonly patientId: string;
  readonly person: Person | null;
  readonly onClose: () => void;
}) {
  const t = useText();
  const order = useOrder('fingerprint.withdraw');
  const name = person?.name ?? '';
  async function run(reason: string): Promise<void> {
    if (person?.personId == null) return;
    const result = await order.run({ patientId, personId: person.personId, reason });
    onClose();
    if (result.ok) showDone(t('fingerprint.withdrawn', { name }));
    else showFailure(result.error);
  }
  return (
    <ReasonDialog
      opened={person !== null}
      title={t('fingerprint.withdrawTitle', { name })}
      confirmLabel={t('fingerprint.withdrawDo')}
      danger
      running={order.running}
      suggestions={[t('fingerprint.withdrawAsked'), t('fingerprint.withdrawMistake')]}
      onConfirm={(reason) => void run(reason)}
      onClose={onClose}
    >
      {t('fingerprint.withdrawText')}
    </ReasonDialog>
  );
}

function Drop({
  patientId,
  person,
  finger,
  onClose,
}: {
  readonly patientId: string;
  readonly person: Person | null;
  readonly finger: Finger;
  readonly onClose: () => void;
}) {
  const t = useText();
  const order = useOrder('fingerprint.drop');
  const words = { finger: inSentence(t, finger), name: person?.name ?? '' };
  async function run(reason: string): Promise<void> {
    if (person?.personId == null) return;
    const result = await order.run({ patientId, personId: person.personId, finger, reason });
    onClose();
    if (result.ok) showDone(t('fingerprint.dropped', words));
    else showFailure(result.error);
  }
  return (
    <ReasonDialog
      opened={person !== null}
      title={t('fingerprint.dropTitle', words)}
      confirmLabel={t('fingerprint.drop')}
      running={order.running}
      suggestions={[t('fingerprint.dropHand'), t('fingerprint.dropPoor')]}
      onConfirm={(reason) => void run(reason)}
      onClose={onClose}
    >
      {t('fingerprint.dropText')}
    </ReasonDialog>
  );
}
