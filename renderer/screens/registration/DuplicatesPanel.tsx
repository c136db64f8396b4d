// People already in the record who may be this one, with the reasons; a person decides, nothing is merged.
import { Button } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import type { Answer } from '../../app/api.ts';
import { age, birth } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Registration.module.css';

export type Duplicate = Output<'patients.duplicates'>[number];

interface Props {
  readonly panel: Ref<HTMLElement>;
  readonly answer: Answer<readonly Duplicate[]>;
  readonly asking: boolean;
  readonly others: ReadonlySet<string>;
  readonly canAdmit: boolean;
  readonly onSame: (hit: Duplicate, then: 'open' | 'admit') => void;
  readonly onOther: (hit: Duplicate) => void;
  /** What may be known of the person elsewhere. */
  readonly elsewhere: ReactNode;
}

export function DuplicatesPanel({
  panel,
  answer,
  asking,
  others,
  canAdmit,
  onSame,
  onOther,
  elsewhere,
}: Props) {
  const t = useText();
  const open = (answer.data ?? []).filter((hit) => !others.has(hit.patientId));
  return (
    <aside ref={panel} tabIndex={-1} className={styles.side} aria-label={t('registration.duplicates')}>
      <h2>{t('registration.duplicates')}</h2>
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      <div role="status">
        {!asking && <p className={styles.quiet}>{t('registration.duplicatesWaiting')}</p>}
        {asking && answer.data && open.length === 0 && <p>✓ {t('registration.duplicatesNone')}</p>}
        {open.length > 0 && <p>{t('registration.duplicatesFound', { n: open.length })}</p>}
      </div>
      {open.map((hit) => (
        <section key={hit.patientId} className={styles.hit} data-certainty={hit.certainty}>
          <strong>{hit.fullName}</strong>
          <span>
            {t.of(`common.sex${hit.sex}`)} · {birth(hit.birthDate) ?? t('common.ageUnknown')} (
            {age(t, hit.birthDate, Date.now())})
          </span>
          {hit.identifiers.map((i) => (
            <span key={`${i.type}${i.value}`}>
              {t.of(`patient.identifier.${i.type}`)}: {i.value}
            </span>
          ))}
          {hit.addressText && <span className={styles.quiet}>{hit.addressText}</span>}
          {hit.admission && (
            <Tag tone="accent">
              {t('registration.lyingAt', {
                ward: hit.admission.wardName,
                bed: hit.admission.bedLabel ?? t('admission.noBed'),
              })}
            </Tag>
          )}
          <ul>
            {hit.reasons.map((reason) => (
              <li key={reason}>
                <Tag tone={hit.certainty === 'high' ? 'danger' : 'warn'}>
                  {t.of(`registration.reason.${reason}`)}
                </Tag>
              </li>
            ))}
          </ul>
          <div className={styles.buttons}>
            <Button variant="default" onClick={() => onSame(hit, 'open')}>
              {t('registration.same')}
            </Button>
            {canAdmit && !hit.admission && (
              <Button variant="default" onClick={() => onSame(hit, 'admit')}>
                {t('registration.sameAdmit')}
              </Button>
            )}
            <Button variant="default" onClick={() => onOther(hit)}>
              {t('registration.other')}
            </Button>
          </div>
        </section>
      ))}
      {others.size > 0 && <p className={styles.quiet}>{t('registration.othersNoted', { n: others.size })}</p>}
      {elsewhere}
    </aside>
  );
}
