// The head every paper of the chart carries: center, ward, who it is by two numbers, and the diagnosis.
import type { ReactNode } from 'react';
import { useAnswer } from '../../app/api.ts';
import { age, birth, moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { PaperForm } from '../../parts/PaperForm.tsx';
import styles from './ChartPaper.module.css';
import type { ChartHead, ChartStay } from './chart-types.ts';

interface Props {
  readonly title: string;
  /** Under the numbers: which sheet of how many. */
  readonly sheet?: string;
  readonly landscape?: boolean;
  readonly head: ChartHead;
  readonly admission: ChartStay;
  readonly children: ReactNode;
}

export function ChartPaper({ title, sheet, landscape = false, head, admission, children }: Props) {
  const t = useText();
  const status = useAnswer('station.status', {});
  const born = birth(head.birthDate);
  const bed = [admission.roomName, admission.bedName && t('admission.inBed', { bed: admission.bedName })];
  const allergies = head.allergies.map(({ substance }) => substance).join(', ');
  return (
    <PaperForm
      title={title}
      landscape={landscape}
      issuer={[status.data?.centerName ?? '', t('chart.paper.ward', { ward: admission.wardName })]}
      numbers={[
        t('chart.paper.admission', { number: admission.admissionNumber }),
        t('chart.paper.record', { number: head.recordNumber }),
        ...(sheet === undefined ? [] : [sheet]),
      ]}
    >
      <dl className={styles.facts}>
        <Fact label={t('chart.paper.name')} value={head.fullName} strong />
        <Fact
          label={t('chart.paper.born')}
          value={[born, age(t, head.birthDate, Date.now())].filter(Boolean).join(', ')}
        />
        <Fact label={t('chart.paper.sex')} value={t(`common.sex${head.sex}`)} />
        <Fact label={t('chart.paper.bed')} value={bed.filter(Boolean).join(', ') || t('admission.noBed')} />
        <Fact label={t('chart.paper.diagnosis')} value={admission.diagnosis ?? ''} />
        <Fact
          label={t('chart.paper.allergies')}
          value={
            head.allergyStatus === 'has'
              ? allergies
              : t(head.allergyStatus === 'not_asked' ? 'common.allergyNotAsked' : 'common.allergyNone')
          }
        />
      </dl>
      {children}
      <p className={styles.printed}>{t('chart.paper.printed', { time: moment(Date.now()) })}</p>
    </PaperForm>
  );
}

function Fact(fact: { readonly label: string; readonly value: string; readonly strong?: boolean }) {
  return (
    <div>
      <dt>{fact.label}:</dt>
      <dd data-strong={fact.strong}>{fact.value}</dd>
    </div>
  );
}
