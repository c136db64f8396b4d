// One patient's stay: the banner never scrolls away, the tabs are the papers of the folder, and the keys for the two
// things done most (F9 vital signs, F8 treatment sheet) work on every tab.
import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { DocumentsTab } from '../documents/DocumentsTab.tsx';
import { AllergiesTab } from './AllergiesTab.tsx';
import styles from './Chart.module.css';
import { ChartBanner } from './ChartBanner.tsx';
import { NoAccess } from './NoAccess.tsx';
import { SheetTab } from './SheetTab.tsx';
import { StayMenu } from './StayMenu.tsx';
import { SummaryTab } from './SummaryTab.tsx';
import { TimelineTab } from './TimelineTab.tsx';
import { VitalsTab } from './VitalsTab.tsx';

const tabs = ['summary', 'vitals', 'sheet', 'documents', 'allergies', 'timeline'] as const;
type Tab = (typeof tabs)[number];

export default function ChartScreen() {
  const { patientId = '', tab: asked } = useParams<{ patientId: string; tab?: string }>();
  return (
    <Chart key={patientId} patientId={patientId} tab={tabs.find((name) => name === asked) ?? 'summary'} />
  );
}

function Chart({ patientId, tab }: { readonly patientId: string; readonly tab: Tab }) {
  const t = useText();
  const { can } = useSession();
  const [, go] = useLocation();
  const [stay, setStay] = useState<string | undefined>();
  const [writing, setWriting] = useState<'vitals' | 'entry' | null>(null);
  const head = useAnswer('patients.chartHead', {
    patientId,
    ...(stay === undefined ? {} : { admissionId: stay }),
  });
  const name = head.data?.fullName;
  useEffect(() => {
    if (name) document.title = name;
  }, [name]);

  if (head.error) return <NoAccess patientId={patientId} failure={head.error} onRetry={head.refetch} />;
  if (!head.data) return <Loading />;
  const { admission } = head.data;
  const open = admission?.status === 'admitted';
  const write = (what: 'vitals' | 'entry') => {
    setWriting(what);
    go(to.chart(patientId, what === 'vitals' ? 'vitals' : 'sheet'));
  };

  return (
    <div className={styles.chart}>
      <ChartBanner head={head.data} />
      <div className={styles.bar}>
        <nav className={styles.tabs} aria-label={t('chart.tabs')}>
          {tabs.map((name) => (
            <Link
              key={name}
              href={to.chart(patientId, name)}
              className={styles.tab ?? ''}
              aria-current={name === tab ? 'page' : undefined}
            >
              {t(`chart.tab.${name}`)}
            </Link>
          ))}
        </nav>
        <div className={styles.actions}>
          {head.data.stays.length > 1 && (
            <NativeSelect
              aria-label={t('chart.stay')}
              value={admission?.admissionId ?? ''}
              onChange={(event) => setStay(event.currentTarget.value)}
            >
              {head.data.stays.map((s) => (
                <option key={s.admissionId} value={s.admissionId}>
                  {t('chart.stayOption', {
                    from: day(s.admittedAt),
                    to: s.dischargedAt === null ? t('chart.stillHere') : day(s.dischargedAt),
                    ward: s.wardName,
                  })}
                </option>
              ))}
            </NativeSelect>
          )}
          {open && can('vitals.write') && (
            <KeyButton keyName="F9" variant="default" onPress={() => write('vitals')}>
              {t('chart.writeVitals')}
            </KeyButton>
          )}
          {open && can('notes.write') && (
            <KeyButton keyName="F8" variant="default" onPress={() => write('entry')}>
              {t('chart.writeEntry')}
            </KeyButton>
          )}
          <StayMenu patientId={patientId} admission={admission} />
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1) */}
      <section className={styles.work} tabIndex={0} aria-label={t(`chart.tab.${tab}`)}>
        {tab === 'allergies' ? (
          <AllergiesTab patientId={patientId} />
        ) : tab === 'documents' ? (
          <DocumentsTab patientId={patientId} admissionId={admission?.admissionId ?? null} />
        ) : admission === null ? (
          <Empty title={t('chart.noStay')} hint={t('chart.noStayHint')} />
        ) : tab === 'summary' ? (
          <SummaryTab patientId={patientId} admission={admission} />
        ) : tab === 'vitals' ? (
          <VitalsTab
            head={head.data}
            admission={admission}
            adding={open && writing === 'vitals'}
            onClose={() => setWriting(null)}
          />
        ) : tab === 'sheet' ? (
          <SheetTab
            head={head.data}
            admission={admission}
            writing={open && writing === 'entry'}
            onClose={() => setWriting(null)}
          />
        ) : (
          <TimelineTab patientId={patientId} admissionId={admission.admissionId} />
        )}
      </section>
    </div>
  );
}
