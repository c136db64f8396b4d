// What other centers know of a person, asked of the province while work goes on: a short wait that Esc ends,
// and each answer with the time up to which it is true.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../shared/api/contract.ts';
import type { Input, Output } from '../../shared/api/index.ts';
import { call, useAnswer } from '../app/api.ts';
import { useKeys } from '../app/keys.tsx';
import { ago, birth, clock, day, shortMoment } from '../i18n/format.ts';
import { useText } from '../i18n/index.ts';
import styles from './AskProvince.module.css';
import { ErrorNotice } from './ErrorNotice.tsx';
import { Tag } from './Tag.tsx';

type Question = Input<'sync.lookup'>;
type Answer = Output<'sync.lookup'>;
type Person = Answer['people'][number];

interface Props {
  /** Null while there is nothing to go by. */
  readonly question: Question | null;
  readonly hint: string;
  /** Stands by itself, not inside another panel. */
  readonly framed?: boolean;
}

type Shown =
  | { readonly kind: 'idle' | 'asking' | 'stopped' }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly failure: Failure };

export function AskProvince({ question, hint, framed = false }: Props) {
  const t = useText();
  const status = useAnswer('sync.status', {});
  const [shown, setShown] = useState<Shown>({ kind: 'idle' });
  // Whoever stops waiting, or asks about somebody else, is not shown the answer that comes after all.
  const ticket = useRef(0);
  const about = JSON.stringify(question);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer belongs to the question it was given to
  useEffect(() => {
    ticket.current += 1;
    setShown({ kind: 'idle' });
  }, [about]);

  async function ask(): Promise<void> {
    if (!question) return;
    ticket.current += 1;
    const mine = ticket.current;
    setShown({ kind: 'asking' });
    const result = await call('sync.lookup', question);
    if (mine !== ticket.current) return;
    setShown(
      result.ok ? { kind: 'answered', answer: result.value } : { kind: 'failed', failure: result.error },
    );
  }
  function stop(): void {
    ticket.current += 1;
    setShown({ kind: 'stopped' });
  }
  useKeys(shown.kind === 'asking' ? { Escape: stop } : {});

  // A PC that belongs to nobody has nobody to ask: the sync page says how to join.
  if (status.data === undefined || status.data.state === 'standalone') return null;
  const asking = shown.kind === 'asking';
  return (
    <section className={styles.ask} data-framed={framed || undefined} aria-label={t('lookup.title')}>
      <div className={styles.head}>
        <h3>{t('lookup.title')}</h3>
        {asking ? (
          <Button size="compact-md" variant="default" onClick={stop}>
            {t('lookup.stop')}
          </Button>
        ) : (
          <Button size="compact-md" variant="default" disabled={!question} onClick={() => void ask()}>
            {t(shown.kind === 'idle' ? 'lookup.ask' : 'lookup.askAgain')}
          </Button>
        )}
      </div>
      <div role="status">
        {shown.kind === 'idle' && <p className={styles.quiet}>{question ? hint : t('lookup.need')}</p>}
        {asking && <p>{t('lookup.asking')}</p>}
        {shown.kind === 'stopped' && <p>{t('lookup.stopped')}</p>}
        {shown.kind === 'answered' && <Outcome answer={shown.answer} />}
      </div>
      {shown.kind === 'failed' && <ErrorNotice failure={shown.failure} />}
      {shown.kind === 'answered' &&
        shown.answer.people.map((person) => (
          <PersonCard key={`${person.centerName}${person.fullName}${person.asOf}`} person={person} />
        ))}
    </section>
  );
}

function Outcome({ answer }: { readonly answer: Answer }) {
  const t = useText();
  if (answer.state === 'not_enrolled') return <p>{t('lookup.notEnrolled')}</p>;
  if (answer.state === 'no_answer') return <p>{t('lookup.noAnswer')}</p>;
  const when = clock(answer.at ?? Date.now());
  return (
    <p>
      {answer.people.length === 0
        ? t('lookup.nobody', { when })
        : t('lookup.found', { when, n: answer.people.length })}
    </p>
  );
}

function PersonCard({ person }: { readonly person: Person }) {
  const t = useText();
  const now = Date.now();
  return (
    <article className={styles.person}>
      <b>{person.centerName}</b>
      <p className={styles.asOf}>
        {t('lookup.asOf', { when: shortMoment(person.asOf, now), ago: ago(t, person.asOf, now) })}
      </p>
      <p>
        <b>{person.fullName}</b>
        {[
          person.sex === null ? '' : t.of(`common.sex${person.sex}`),
          birth(person.birthDate) ?? '',
          person.address ?? '',
        ]
          .filter((part) => part !== '')
          .map((part) => ` · ${part}`)}
      </p>
      {person.identifiers.map(({ kind, value }) => (
        <p key={kind + value}>
          {t.of(`patient.identifier.${kind}`)}: {value}
        </p>
      ))}
      <p>
        {person.because.map((reason) => (
          <Tag key={reason} tone={reason === 'name_and_birth' ? 'warn' : 'accent'}>
            {t(`lookup.because.${reason}`)}
          </Tag>
        ))}
      </p>
      <h4>{t('lookup.allergies')}</h4>
      {person.allergies.length === 0 ? (
        <p className={styles.quiet}>{t('lookup.noAllergies')}</p>
      ) : (
        <ul className={styles.allergies}>
          {person.allergies.map(({ substance, severity }) => (
            <li key={substance}>
              ▲ {substance}
              {severity !== null && ` (${t.of(`allergies.severity.${severity}`)})`}
            </li>
          ))}
        </ul>
      )}
      <h4>{t('lookup.stays')}</h4>
      {person.stays.length === 0 && <p className={styles.quiet}>{t('lookup.noStays')}</p>}
      <ul className={styles.stays}>
        {person.stays.map((stay) => (
          <li key={stay.number}>
            {t('lookup.stay', {
              from: day(stay.admittedAt),
              to: stay.dischargedAt === null ? t('lookup.stillThere') : day(stay.dischargedAt),
            })}
            {[stay.wardName, stay.diagnosis].filter(Boolean).map((part) => ` · ${part}`)}
            <span className={styles.quiet}> ({stay.number})</span>
          </li>
        ))}
      </ul>
    </article>
  );
}
