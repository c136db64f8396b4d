// Numbers of a person with their history: one that was replaced is ended with a reason and stays readable.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Input } from '../../../shared/api/index.ts';
import { useOrder } from '../../app/api.ts';
import { birth, day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { showDone, showFailure, showUndo } from '../../parts/UndoToast.tsx';
import { VietDateField } from '../../parts/VietDateField.tsx';
import type { Patient } from './index.tsx';
import styles from './Patient.module.css';

type IdentifierType = Input<'patients.addIdentifier'>['identifier']['type'];
type Held = Patient['identifiers'][number];

const types = [
  'cccd',
  'bhyt',
  'cmnd',
  'passport',
  'birth_certificate',
  'other',
] as const satisfies readonly IdentifierType[];

interface Props {
  readonly patient: Patient;
  readonly mayWrite: boolean;
}

export function Identifiers({ patient, mayWrite }: Props) {
  const t = useText();
  const end = useOrder('patients.endIdentifier');
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Held | null>(null);

  async function endNow(reason: string): Promise<void> {
    if (!ending) return;
    const result = await end.run({ patientId: patient.patientId, id: ending.id, reason });
    setEnding(null);
    if (result.ok) showUndo(result.value.undo, t('patient.identifierEnded', { value: ending.value }));
    else showFailure(result.error);
  }

  const current = patient.identifiers.filter((i) => i.endedAt === null);
  const past = patient.identifiers.filter((i) => i.endedAt !== null);
  return (
    <section className={styles.panel}>
      <div className={styles.head}>
        <h2>{t('patient.identifiers')}</h2>
        {mayWrite && !adding && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('patient.addIdentifier')}
          </Button>
        )}
      </div>
      {adding && <AddIdentifier patientId={patient.patientId} onClose={() => setAdding(false)} />}
      {patient.identifiers.length === 0 ? (
        <p className={styles.quiet}>{t('patient.noIdentifiers')}</p>
      ) : (
        <table className={styles.table}>
          <tbody>
            {[...current, ...past].map((i) => (
              <tr key={i.id} data-off={i.endedAt !== null || undefined}>
                <th scope="row">{t(`patient.identifier.${i.type}`)}</th>
                <td>{i.value}</td>
                <td data-plain>
                  <Validity held={i} />
                </td>
                <td data-plain>
                  {mayWrite && i.endedAt === null && (
                    <Button size="compact-md" variant="default" onClick={() => setEnding(i)}>
                      {t('patient.endIdentifier')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ReasonDialog
        opened={ending !== null}
        title={t('patient.endIdentifierTitle')}
        confirmLabel={t('patient.endIdentifier')}
        running={end.running}
        suggestions={[t('patient.endReplaced'), t('patient.endMistyped'), t('patient.endExpired')]}
        onConfirm={(reason) => void endNow(reason)}
        onClose={() => setEnding(null)}
      >
        {t('patient.endIdentifierText', { value: ending?.value ?? '' })}
      </ReasonDialog>
    </section>
  );
}

function Validity({ held }: { readonly held: Held }) {
  const t = useText();
  if (held.endedAt !== null)
    return t('patient.endedLine', { date: day(held.endedAt), reason: held.endReason ?? '' });
  const from = birth(held.validFrom ?? null);
  const to = birth(held.validTo ?? null);
  return (
    <>
      {(from !== null || to !== null) && t('patient.valid', { from: from ?? '…', to: to ?? '…' })}
      {held.issuedOn && t('patient.issued', { date: birth(held.issuedOn) ?? '' })}
      {held.facilityCode && ` · ${t('patient.facility', { code: held.facilityCode })}`}
    </>
  );
}

function AddIdentifier({ patientId, onClose }: { readonly patientId: string; readonly onClose: () => void }) {
  const t = useText();
  const add = useOrder('patients.addIdentifier');
  const [type, setType] = useState<IdentifierType>('cccd');
  const [value, setValue] = useState('');
  const [issuedOn, setIssuedOn] = useState<string | null>(null);
  const [validFrom, setValidFrom] = useState<string | null>(null);
  const [validTo, setValidTo] = useState<string | null>(null);
  const [facilityCode, setFacilityCode] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (value.trim() === '') return;
    const result = await add.run({
      patientId,
      identifier: {
        type,
        value,
        ...(type === 'bhyt'
          ? { validFrom, validTo, facilityCode: facilityCode.trim() === '' ? null : facilityCode }
          : { issuedOn }),
      },
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showDone(t('common.saved'));
    onClose();
  }

  return (
    <form noValidate onKeyDown={enterMovesOn} onSubmit={(event) => event.preventDefault()}>
      <div className={styles.grid}>
        <NativeSelect
          label={t('patient.identifierType')}
          value={type}
          onChange={(event) => setType(types.find((i) => i === event.currentTarget.value) ?? 'other')}
        >
          {types.map((i) => (
            <option key={i} value={i}>
              {t(`patient.identifier.${i}`)}
            </option>
          ))}
        </NativeSelect>
        <TextInput
          label={t('patient.identifierValue')}
          required
          autoFocus
          autoComplete="off"
          maxLength={40}
          value={value}
          error={tried && value.trim() === '' && t('field.required')}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        {type === 'bhyt' ? (
          <>
            <VietDateField label={t('registration.bhytFrom')} value={validFrom} onChange={setValidFrom} />
            <VietDateField label={t('registration.bhytTo')} value={validTo} onChange={setValidTo} />
            <TextInput
              label={t('registration.bhytFacility')}
              autoComplete="off"
              maxLength={10}
              value={facilityCode}
              onChange={(event) => setFacilityCode(event.currentTarget.value)}
            />
          </>
        ) : (
          <VietDateField label={t('registration.cccdIssued')} value={issuedOn} onChange={setIssuedOn} />
        )}
      </div>
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <KeyButton keyName="Ctrl+S" loading={add.running} onPress={() => void save()}>
          {t('common.save')}
        </KeyButton>
      </div>
    </form>
  );
}
