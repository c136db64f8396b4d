// The patient or one relative: consent, fingers, checks, what could not be taken, and what can be done about each.
import { Button } from '@mantine/core';
import { shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
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
import { Tag } from '../../parts/Tag.tsx';
import styles from './Fingerprint.module.css';

/** Begun by one of the card's buttons. */
export type Doing =
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

/** Of the card on the page. */
export const nameOf = ({ kind, relativeId }: Person): string => relativeId ?? kind;

export function PersonCard({
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
