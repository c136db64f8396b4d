// Who looked at what and who wrote what: of one patient, or of everyone. Read only, newest first, in pages.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Audit.module.css';

type Entry = Output<'access.audit'>[number];
const pageSize = 200;

export default function Audit() {
  const t = useText();
  const { patientId } = useParams();
  const [before, setBefore] = useState<string | undefined>(undefined);
  const page = { limit: pageSize, ...(before === undefined ? {} : { before }) };
  const ofPatient = useAnswer(
    'access.auditOfPatient',
    { patientId: patientId ?? '', ...page },
    { enabled: patientId !== undefined },
  );
  const ofAll = useAnswer('access.audit', page, { enabled: patientId === undefined });
  const answer = patientId === undefined ? ofAll : ofPatient;
  const name = answer.data?.find((entry) => entry.patientName !== null)?.patientName;
  const last = answer.data?.at(-1);
  return (
    <Screen
      title={patientId === undefined ? t('audit.title') : t('audit.titleOf', { name: name ?? '' })}
      note={t('audit.note')}
      actions={
        patientId !== undefined && (
          <Link href={to.audit()} onClick={() => setBefore(undefined)}>
            {t('audit.all')}
          </Link>
        )
      }
    >
      {answer.error && <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isLoading && <Loading />}
      {answer.data?.length === 0 && <Empty title={t('audit.none')} />}
      {answer.data && answer.data.length > 0 && (
        <Entries entries={answer.data} ofOne={patientId !== undefined} />
      )}
      <div className={styles.pages}>
        {before !== undefined && (
          <Button variant="default" onClick={() => setBefore(undefined)}>
            {t('audit.newest')}
          </Button>
        )}
        {last && answer.data?.length === pageSize && (
          <Button variant="default" onClick={() => setBefore(last.stamp)}>
            {t('audit.older')}
          </Button>
        )}
      </div>
    </Screen>
  );
}

const tones = { read: 'quiet', write: 'accent', break_glass: 'danger' } as const;

function Entries({ entries, ofOne }: { readonly entries: readonly Entry[]; readonly ofOne: boolean }) {
  const t = useText();
  const whatOf = (what: string) => {
    const key = `audit.what.${what}`;
    return t.has(key) ? t.of(key) : what;
  };
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('audit.when')}</th>
          <th scope="col">{t('audit.who')}</th>
          <th scope="col">{t('audit.action')}</th>
          <th scope="col">{t('audit.what')}</th>
          {!ofOne && <th scope="col">{t('audit.patient')}</th>}
          <th scope="col">{t('audit.station')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a read-only page of entries without ids
          <tr key={index} data-action={entry.action}>
            <td className={styles.when}>{moment(entry.at)}</td>
            <th scope="row">
              {entry.userName}
              <small>{entry.roleNames.join(', ')}</small>
            </th>
            <td>
              <Tag tone={tones[entry.action]}>{t(`audit.action.${entry.action}`)}</Tag>
            </td>
            <td>
              {whatOf(entry.what)}
              {entry.reason !== null && <small>{t('audit.because', { reason: entry.reason })}</small>}
            </td>
            {!ofOne && (
              <td>
                {entry.patientId !== null && (
                  <Link href={to.audit(entry.patientId)}>{entry.patientName ?? entry.patientId}</Link>
                )}
              </td>
            )}
            <td>{entry.stationName}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
