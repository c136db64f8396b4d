// What can be done with a bed and the people in it: only what the person's roles allow and the state permits.
import { Menu } from '@mantine/core';
import { useLocation } from 'wouter';
import { KeyLayer } from '../../app/keys.tsx';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { StepMenu } from '../../parts/StepMenu.tsx';
import type { Step } from './BedSteps.tsx';
import styles from './Board.module.css';
import type { Bed } from './filters.ts';

interface Props {
  readonly bed: Bed;
  readonly label: string;
  readonly onClose: () => void;
  readonly onStep: (step: Step) => void;
}

export function BedMenu({ bed, label, onClose, onStep }: Props) {
  const t = useText();
  const { can } = useSession();
  const [, navigate] = useLocation();
  const empty = bed.patients.length === 0;
  const real = bed.name !== '';
  return (
    <StepMenu
      opened
      onChange={(opened) => !opened && onClose()}
      width="17rem"
      target={
        <button type="button" className={styles.more} aria-label={t('board.menuOf', { bed: label })}>
          {t('board.menu')} <span aria-hidden="true">▼</span>
        </button>
      }
    >
      <KeyLayer>
        {bed.patients.map((patient) => (
          <div key={patient.patientId}>
            <Menu.Label>{patient.fullName}</Menu.Label>
            {can('chart.read') && (
              <>
                <Menu.Item onClick={() => navigate(to.chart(patient.patientId))}>
                  {t('board.do.chart')}
                </Menu.Item>
                {can('vitals.write') && (
                  <Menu.Item onClick={() => navigate(to.chart(patient.patientId, 'vitals'))}>
                    {t('board.do.vitals')}
                  </Menu.Item>
                )}
                <Menu.Item onClick={() => navigate(to.chart(patient.patientId, 'sheet'))}>
                  {t('board.do.sheet')}
                </Menu.Item>
              </>
            )}
            {can('admission.move') && (
              <Menu.Item onClick={() => onStep({ kind: 'transfer', admissionId: patient.admissionId })}>
                {real ? t('board.do.transfer') : t('board.do.giveBed')}
              </Menu.Item>
            )}
            {can('admission.move') && real && (
              <Menu.Item onClick={() => onStep({ kind: 'swap', admissionId: patient.admissionId })}>
                {t('board.do.swap')}
              </Menu.Item>
            )}
            {can('admission.discharge') && (
              <Menu.Item onClick={() => onStep({ kind: 'discharge', admissionId: patient.admissionId })}>
                {t('board.do.discharge')}
              </Menu.Item>
            )}
            <Menu.Item onClick={() => navigate(to.patient(patient.patientId))}>
              {t('board.do.identity')}
            </Menu.Item>
            {(bed.patients.length > 1 || (real && can('bed.state'))) && <Menu.Divider />}
          </div>
        ))}
        {real && (empty || bed.shared) && bed.state === 'ready' && can('admission.admit') && (
          <Menu.Item onClick={() => onStep({ kind: 'pick', bedId: bed.bedId })}>
            {t('board.do.admit')}
          </Menu.Item>
        )}
        {real && can('bed.state') && empty && bed.state !== 'ready' && (
          <Menu.Item onClick={() => onStep({ kind: 'state', bedId: bed.bedId, state: 'ready', label })}>
            {bed.state === 'cleaning' ? t('board.do.cleaned') : t('board.do.reopen')}
          </Menu.Item>
        )}
        {real && can('bed.state') && empty && bed.state === 'ready' && (
          <>
            <Menu.Item onClick={() => onStep({ kind: 'state', bedId: bed.bedId, state: 'cleaning', label })}>
              {t('board.do.clean')}
            </Menu.Item>
            <Menu.Item onClick={() => onStep({ kind: 'close', bedId: bed.bedId, label })}>
              {t('board.do.close')}
            </Menu.Item>
          </>
        )}
        {real && can('bed.state') && (
          <Menu.Item onClick={() => onStep({ kind: 'share', bedId: bed.bedId, shared: !bed.shared, label })}>
            {bed.shared ? t('board.do.unshare') : t('board.do.share')}
          </Menu.Item>
        )}
      </KeyLayer>
    </StepMenu>
  );
}
