// The less frequent steps of a stay, by word and not by icon; each opens its drawer beside the chart.
import { Menu } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { StepMenu } from '../../parts/StepMenu.tsx';
import AdmitDrawer from '../admission/AdmitDrawer.tsx';
import DischargeDrawer from '../admission/DischargeDrawer.tsx';
import ReopenDrawer from '../admission/ReopenDrawer.tsx';
import SwapDrawer from '../admission/SwapDrawer.tsx';
import TransferDrawer from '../admission/TransferDrawer.tsx';
import { CheckDialog } from '../fingerprint/CheckDialog.tsx';
import type { ChartStay } from './chart-types.ts';

type Step = 'admit' | 'transfer' | 'swap' | 'discharge' | 'reopen';

export function StayMenu({
  patientId,
  admission,
}: {
  readonly patientId: string;
  readonly admission: ChartStay | null;
}) {
  const t = useText();
  const { can } = useSession();
  const [, go] = useLocation();
  const [step, setStep] = useState<Step | null>(null);
  const [menu, setMenu] = useState(false);
  const [checking, setChecking] = useState(false);
  const open = admission?.status === 'admitted';
  const steps: Step[] = [
    ...(!open && can('admission.admit') ? (['admit'] as const) : []),
    ...(open && can('admission.move') ? (['transfer'] as const) : []),
    ...(open && admission?.bedId && can('admission.move') ? (['swap'] as const) : []),
    ...(open && can('admission.discharge') ? (['discharge'] as const) : []),
    ...(admission && !open && can('admission.discharge') ? (['reopen'] as const) : []),
  ];
  const close = () => setStep(null);
  return (
    <>
      <StepMenu
        opened={menu}
        onChange={setMenu}
        target={
          <KeyButton variant="default" keyName="F4" onPress={() => setMenu((shown) => !shown)}>
            {t('chart.steps')}
          </KeyButton>
        }
      >
        {steps.map((name) => (
          <Menu.Item key={name} onClick={() => setStep(name)}>
            {t(`chart.step.${name}`)}
          </Menu.Item>
        ))}
        {open && <Menu.Item onClick={() => setChecking(true)}>{t('fingerprint.stayStep')}</Menu.Item>}
        <Menu.Item onClick={() => go(to.patient(patientId))}>{t('chart.openPatient')}</Menu.Item>
        {can('audit.read') && (
          <Menu.Item onClick={() => go(to.audit(patientId))}>{t('chart.openAudit')}</Menu.Item>
        )}
      </StepMenu>
      {checking && admission && (
        <CheckDialog
          patientId={patientId}
          admissionId={admission.admissionId}
          onClose={() => setChecking(false)}
        />
      )}
      <AdmitDrawer opened={step === 'admit'} patientId={patientId} onClose={close} />
      {admission && (
        <>
          <TransferDrawer opened={step === 'transfer'} admissionId={admission.admissionId} onClose={close} />
          <SwapDrawer opened={step === 'swap'} admissionId={admission.admissionId} onClose={close} />
          <DischargeDrawer
            opened={step === 'discharge'}
            admissionId={admission.admissionId}
            onClose={close}
          />
          <ReopenDrawer opened={step === 'reopen'} admissionId={admission.admissionId} onClose={close} />
        </>
      )}
    </>
  );
}
